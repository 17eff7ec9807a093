-- id: L13
-- severity: warning
-- entity: contact
-- category: lifecycle
-- summary: {en: "Customers without a won deal", es: "Clientes sin ninguna oportunidad ganada"}
-- why: {en: "Nothing says what they bought or for how much, so no revenue can be traced back to marketing.", es: "Nada dice qué compraron ni por cuánto, así que ningún ingreso puede atribuirse a marketing."}
-- remedy: {en: "Put them on the deal that they bought by, or move them to the stage they are really in.", es: "Asócielos a la oportunidad con la que compraron o páselos a la etapa en que realmente están."}
-- needs: [standing, hubspot:contact.lifecycle_stage, deal.is_won]
-- eligible: SELECT count(*) FROM standing_in WHERE entity = 'contact' AND system = 'hubspot' AND current IN ('customer', 'evangelist')
-- minutes: 3
-- profile: all

-- A won deal of the person or of the company counts, in any system. Former customers are not asked.
WITH own AS (SELECT DISTINCT key FROM buyer WHERE entity = 'contact'),
of_company AS (SELECT DISTINCT key FROM buyer WHERE entity = 'company'),
-- The second is a field that a workspace need not map: NULL where it does not.
seated AS (SELECT key, list_value(*COLUMNS(lambda n: n IN ('id', 'company'))) AS at FROM contact)
SELECT c.system, c.object, c.id, 'lifecycle_stage' AS field, c.lifecycle_stage AS detail
FROM contact c
JOIN standing_in s ON s.entity = 'contact' AND s.key = c.key AND s.system = c.system
WHERE c.system = 'hubspot' AND c.lifecycle_stage IN ('customer', 'evangelist') AND NOT s.former
  AND c.key NOT IN (SELECT key FROM own)
  AND NOT EXISTS (SELECT 1 FROM seated d JOIN of_company o ON o.key = d.at[2] WHERE d.key = c.key)
