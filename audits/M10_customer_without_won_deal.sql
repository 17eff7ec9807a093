-- id: M10
-- severity: warning
-- entity: company
-- category: lifecycle
-- summary: {en: "Customer companies without a won deal", es: "Empresas cliente sin ninguna oportunidad ganada"}
-- why: {en: "Nothing says what they bought, when or for how much; renewals and revenue by customer leave them out.", es: "Nada dice qué compraron, cuándo ni por cuánto; las renovaciones y los ingresos por cliente no las incluyen."}
-- remedy: {en: "Tie the won deal to the company, or move it to the stage it is really in.", es: "Asocie la oportunidad ganada a la empresa o pásela a la etapa en que realmente está."}
-- needs: [standing, hubspot:company.lifecycle_stage, deal.is_won, deal.company, contact.company]
-- eligible: SELECT count(*) FROM company WHERE lifecycle_stage IN ('customer', 'evangelist')
-- minutes: 3
-- profile: all

-- A won deal of the group or of one of its people counts, in any system. Former customers are not asked.
WITH bought AS (
  SELECT key FROM buyer WHERE entity = 'company'
  UNION SELECT c.company FROM contact c JOIN buyer b ON b.entity = 'contact' AND b.key = c.key WHERE c.company IS NOT NULL),
-- Every company with those above it, two floors up.
sites AS (
  -- The second is a field that a workspace need not map: NULL where it does not.
  SELECT key, list_value(*COLUMNS(lambda n: n IN ('id', 'parent'))) AS above FROM company),
up AS (SELECT key, min(above[2]) AS parent FROM sites WHERE above[2] IS NOT NULL GROUP BY key),
house AS (SELECT k.key, coalesce(y.parent, x.parent, k.key) AS family
  FROM (SELECT DISTINCT key FROM company) k LEFT JOIN up x ON x.key = k.key LEFT JOIN up y ON y.key = x.parent),
paid AS (SELECT DISTINCT h.family FROM house h SEMI JOIN bought b ON b.key = h.key)
SELECT c.system, c.object, c.id, 'lifecycle_stage' AS field, c.lifecycle_stage AS detail
FROM company c JOIN house h ON h.key = c.key
LEFT JOIN standing_in s ON s.entity = 'company' AND s.key = c.key AND s.system = c.system
WHERE c.lifecycle_stage IN ('customer', 'evangelist') AND NOT coalesce(s.former, false)
  AND h.family NOT IN (SELECT family FROM paid)
