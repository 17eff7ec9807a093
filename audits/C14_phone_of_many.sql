-- id: C14
-- severity: info
-- entity: contact
-- category: validity
-- summary: {en: "One phone number for people of several companies", es: "Un mismo teléfono para personas de varias empresas"}
-- why: {en: "It is a switchboard, a call centre or a made-up number: whoever calls it reaches somebody else.", es: "Es una centralita, un call center o un número inventado: quien llame hablará con otra persona."}
-- remedy: {en: "Ask for the direct lines; empty the field where the number is made up.", es: "Pida las líneas directas; vacíe el campo si el número es inventado."}
-- needs: [contact.phone, contact.company, company.name]
-- eligible: SELECT count(phone) FROM contact WHERE company IS NOT NULL
-- minutes: 2
-- profile: all
-- params: {companies: 3}

-- Families have no company, colleagues have one, and branches count as their parent.
WITH sites AS (
  -- The second is a field that a workspace need not map: NULL where it does not.
  SELECT key, list_value(*COLUMNS(lambda n: n IN ('id', 'parent'))) AS above FROM company),
-- Most numbers are of so few people that there is nothing to count.
busy AS (
  SELECT system, phone FROM contact WHERE phone IS NOT NULL AND company IS NOT NULL
  GROUP BY system, phone HAVING count(*) > $companies),
called AS (
  SELECT c.system, c.object, c.id, c.phone, coalesce(b.parent, c.company) AS family
  FROM contact c SEMI JOIN busy USING (system, phone) LEFT JOIN (SELECT key, min(above[2]) AS parent FROM sites GROUP BY key) b ON b.key = c.company
  WHERE c.phone IS NOT NULL AND c.company IS NOT NULL)
SELECT system, object, id, 'phone' AS field, phone AS detail
FROM called SEMI JOIN (
  SELECT system, phone FROM called GROUP BY system, phone HAVING count(DISTINCT family) > $companies) USING (system, phone)
