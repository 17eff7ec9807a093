-- id: L06
-- severity: error
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts at stage Opportunity without an open deal", es: "Contactos en etapa Oportunidad sin ninguna oportunidad abierta"}
-- why: {en: "The funnel counts opportunities that do not exist, and nobody follows these people up.", es: "El embudo cuenta oportunidades que no existen y nadie da seguimiento a estas personas."}
-- remedy: {en: "Open the deal, or move the contact to the stage it is really in.", es: "Abra la oportunidad o pase el contacto a la etapa en que realmente está."}
-- needs: [contact.lifecycle_stage, contact.company, deal.is_closed]
-- eligible: SELECT count(*) FROM contact WHERE lifecycle_stage = 'opportunity'
-- minutes: 2

-- An open deal in any system counts, of the contact or of its company.
WITH open_deal AS (SELECT * FROM deal WHERE is_closed IS NOT TRUE),
asked AS (SELECT system, object, id, key FROM contact WHERE lifecycle_stage = 'opportunity'),
-- All records of those who are asked for, in whatever system.
people AS (SELECT system, object, id, key, company, company_raw FROM contact SEMI JOIN asked USING (key)),
-- The company of the deal, and what it is in the other system, be she a lead there, who has no account.
met AS (
  SELECT p.key FROM people p SEMI JOIN open_deal d ON d.system = p.system AND d.company_raw = p.company_raw
  UNION ALL SELECT p.key FROM people p SEMI JOIN open_deal d ON d.company = p.company
  UNION ALL SELECT p.key FROM people p
  JOIN association a ON a.system = p.system AND a.to_object = p.object AND a.to_id = p.id AND a.to_object IN ('Contact', 'contacts')
  SEMI JOIN open_deal d ON d.system = a.system AND d.object = a.from_object AND d.id = a.from_id)
SELECT system, object, id, 'lifecycle_stage' AS field
FROM asked ANTI JOIN met USING (key)
