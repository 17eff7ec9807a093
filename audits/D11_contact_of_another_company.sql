-- id: D11
-- severity: warning
-- entity: deal
-- category: roles
-- summary: {en: "Deals with a contact of another company", es: "Oportunidades con un contacto de otra empresa"}
-- why: {en: "The revenue counts for the wrong company, or the person works elsewhere by now.", es: "El ingreso se atribuye a la empresa equivocada, o la persona ya trabaja en otro sitio."}
-- remedy: {en: "Correct the company of the deal or of the contact; a partner or consultant gets a role that says so.", es: "Corrija la empresa de la oportunidad o la del contacto; si es un socio o consultor, que su rol lo diga."}
-- needs: [association.deal.contact, deal.company, contact.company, company.name]
-- eligible: SELECT count(*) FROM deal SEMI JOIN tied t ON t.from_entity = 'deal' AND t.to_entity = 'contact' AND t.system = deal.system WHERE company_raw IS NOT NULL
-- params: {outsiders: "partner|reseller|distribut|consult|agen|advis|asesor|socio|revend|integrad|intermedi|abogad|legal|extern|other|otro"}
-- minutes: 3
-- profile: all

-- Innocent: people without a company, any of several companies of the person or of the deal, the group, a company that
-- shares its domain, whoever is on the deal as an outsider by role, and families, which are no companies. Everything within one system.
WITH told AS (SELECT * FROM tied WHERE from_entity = 'deal' AND to_entity = 'contact'),
private AS (SELECT system, id FROM company WHERE is_household(name)),
-- Most people are of the deal's own company: only of the others is more to be known.
tie AS (
  SELECT a.system, a.from_object AS object, a.from_id AS id, a.to_object AS contact, a.to_id AS contact_id,
         bool_or(a.is_primary) AS leads
  FROM association a
  JOIN told t ON t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object
  JOIN deal d ON d.system = a.system AND d.object = a.from_object AND d.id = a.from_id
  JOIN contact c ON c.system = a.system AND c.object = a.to_object AND c.id = a.to_id
  WHERE d.company_raw IS DISTINCT FROM c.company_raw
    AND NOT EXISTS (SELECT 1 FROM private p WHERE p.system = d.system AND p.id = d.company_raw)
    AND NOT EXISTS (SELECT 1 FROM private p WHERE p.system = c.system AND p.id = c.company_raw)
  GROUP BY ALL
  HAVING NOT coalesce(bool_or(regexp_matches(strip_accents(lower(coalesce(a.role, a.label))), $outsiders)), false)),
asked AS (SELECT DISTINCT system, object, id FROM tie UNION SELECT DISTINCT system, contact, contact_id FROM tie),
held AS (
  SELECT system, object, id, company_raw AS company FROM deal SEMI JOIN asked USING (system, object, id) WHERE company_raw IS NOT NULL
  UNION SELECT system, object, id, company_raw FROM contact SEMI JOIN asked USING (system, object, id) WHERE company_raw IS NOT NULL
  UNION SELECT a.system, a.from_object, a.from_id, a.to_id FROM association a
  JOIN tied t ON t.to_entity = 'company' AND t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object
  SEMI JOIN asked q ON q.system = a.system AND q.object = a.from_object AND q.id = a.from_id),
sites AS (
  -- The second is a field that a workspace need not map: NULL where it does not.
  SELECT key, list_value(*COLUMNS(lambda n: n IN ('id', 'parent'))) AS above FROM company),
up AS (SELECT key, min(above[2]) AS parent FROM sites WHERE above[2] IS NOT NULL GROUP BY key),
-- The second is a field that a workspace need not map: NULL where it does not.
known AS (SELECT system, id, key, list_value(*COLUMNS(lambda n: n IN ('id', 'domain'))) AS domain FROM company),
house AS (
  SELECT k.system, k.id, coalesce(z.parent, y.parent, x.parent, k.key) AS family, k.domain[2] AS domain
  FROM known k LEFT JOIN up x ON x.key = k.key LEFT JOIN up y ON y.key = x.parent LEFT JOIN up z ON z.key = y.parent),
marks AS (
  SELECT h.system, h.object, h.id, flatten(list(list_value(h.company, i.family, i.domain))) AS marks
  FROM held h LEFT JOIN house i ON i.system = h.system AND i.id = h.company GROUP BY ALL)
SELECT t.system, t.object, t.id,
       string_agg(CASE WHEN t.leads THEN 'primary ' ELSE '' END || t.contact_id, ', ' ORDER BY t.leads DESC, t.contact_id) AS detail
FROM tie t
JOIN marks d ON d.system = t.system AND d.object = t.object AND d.id = t.id
JOIN marks c ON c.system = t.system AND c.object = t.contact AND c.id = t.contact_id
WHERE NOT list_has_any(list_filter(d.marks, lambda m: m IS NOT NULL), list_filter(c.marks, lambda m: m IS NOT NULL))
GROUP BY t.system, t.object, t.id
