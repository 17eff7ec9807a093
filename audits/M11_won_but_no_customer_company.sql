-- id: M11
-- severity: error
-- entity: company
-- category: lifecycle
-- summary: {en: "Companies with a won deal that are not customers", es: "Empresas con una oportunidad ganada que no figuran como clientes"}
-- why: {en: "Campaigns for new customers go on reaching them, and the two teams count customers differently.", es: "Siguen recibiendo campañas para captar clientes, y cada equipo cuenta un número distinto de clientes."}
-- remedy: {en: "Move the company to Customer, or correct the company of the deal.", es: "Pase la empresa a Cliente o corrija la empresa de la oportunidad."}
-- needs: [standing, hubspot:company.lifecycle_stage, deal.is_won, deal.company]
-- eligible: SELECT count(*) FROM company c WHERE c.system = 'hubspot' AND c.key IN (SELECT key FROM buyer WHERE entity = 'company')
-- minutes: 2
-- profile: essential

-- Won in either system. Who is only in a system without stages has none to be wrong, a former customer was one, and what
-- a stage of the portal's own stands for nobody knows until mappings/lifecycle.yml says so (L12).
WITH bought AS (SELECT DISTINCT key FROM buyer WHERE entity = 'company')
SELECT c.system, c.object, c.id, 'lifecycle_stage' AS field, c.lifecycle_stage AS detail
FROM company c JOIN bought USING (key)
LEFT JOIN standing_in s ON s.entity = 'company' AND s.key = c.key AND s.system = c.system
WHERE c.system = 'hubspot' AND NOT coalesce(s.former, false) AND s.how IS DISTINCT FROM 'unknown_value'
  AND coalesce(c.lifecycle_stage, '') NOT IN ('customer', 'evangelist')
