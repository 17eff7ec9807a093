-- id: L06
-- severity: error
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts at stage Opportunity without an open deal", es: "Contactos en etapa Oportunidad sin ninguna oportunidad abierta"}
-- why: {en: "The funnel counts opportunities that do not exist, and nobody follows these people up.", es: "El embudo cuenta oportunidades que no existen y nadie da seguimiento a estas personas."}
-- remedy: {en: "Open the deal, or move the contact to the stage it is really in.", es: "Abra la oportunidad o pase el contacto a la etapa en que realmente está."}
-- needs: [contact.lifecycle_stage, deal.is_closed]
-- eligible: SELECT count(*) FROM contact WHERE lifecycle_stage = 'opportunity'
-- minutes: 2

-- An open deal in any system counts, of the contact or of its company.
WITH open_deal AS (SELECT * FROM deal WHERE is_closed IS NOT TRUE),
on_deal AS (
  SELECT c.key FROM open_deal d
  JOIN association a ON a.system = d.system AND a.from_object = d.object AND a.from_id = d.id
  JOIN contact c ON c.system = a.system AND c.id = a.to_id
    AND a.to_object IN ('Contact', 'contacts') AND c.object = a.to_object
),
at_company AS (
  SELECT c.key FROM contact c JOIN open_deal d ON d.system = c.system AND d.company_raw = c.company_raw
  -- And of what her company is in the other system, be she a lead there, who has no account.
  UNION ALL SELECT c.key FROM contact c JOIN open_deal d ON d.company = c.company
)
SELECT c.system, c.object, c.id, 'lifecycle_stage' AS field
FROM contact c
WHERE c.lifecycle_stage = 'opportunity'
  AND c.key NOT IN (SELECT key FROM on_deal)
  AND c.key NOT IN (SELECT key FROM at_company)
