-- id: D09
-- severity: info
-- entity: deal
-- category: roles
-- summary: {en: "Large open deals that hang on one person", es: "Oportunidades grandes que dependen de una sola persona"}
-- why: {en: "If that person leaves or goes quiet, the deal is gone; few large ones are won through one contact.", es: "Si esa persona se va o deja de responder, se acabó; pocas oportunidades grandes se ganan con un solo contacto."}
-- remedy: {en: "Get to know a second person there, and put both on the deal.", es: "Conozca a una segunda persona en la empresa y asocie a ambas."}
-- needs: [association.deal.contact, deal.is_closed, deal.amount]
-- eligible: SELECT count(*) FROM deal WHERE is_closed IS FALSE AND amount >= $amount
-- params: {amount: 50000, contacts: 1}
-- minutes: 5
-- profile: all

-- An amount says nothing without its currency, and nobody knows the rates here: only the currency in which most deals
-- are made is judged, and deals that name none. Of a deal that is linked, the people of both sides count.
WITH told AS (SELECT * FROM tied WHERE from_entity = 'deal' AND to_entity = 'contact'),
large AS (SELECT key FROM deal WHERE is_closed IS FALSE AND amount >= $amount),
person AS (
  SELECT DISTINCT d.key, coalesce(c.key, a.to_id) AS who FROM (SELECT * FROM deal SEMI JOIN large USING (key)) d
  JOIN association a ON a.system = d.system AND a.from_object = d.object AND a.from_id = d.id
  JOIN told t ON t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object
  LEFT JOIN contact c ON c.system = a.system AND c.object = a.to_object AND c.id = a.to_id),
alone AS (SELECT key, count(*) AS people FROM person GROUP BY key HAVING count(*) <= $contacts),
-- The second of each is a field that a workspace need not map: NULL where it does not.
priced AS (SELECT key, system, object, id, amount, is_closed, list_value(*COLUMNS(lambda n: n IN ('id', 'currency_raw'))) AS currency FROM deal),
usual AS (SELECT mode(currency[2]) AS currency FROM priced WHERE amount IS NOT NULL)
SELECT p.system, p.object, p.id, p.amount, a.people::VARCHAR AS detail
FROM priced p JOIN alone a USING (key), usual u
WHERE p.is_closed IS FALSE AND p.amount >= $amount AND coalesce(p.currency[2] = u.currency, true)
  AND EXISTS (SELECT 1 FROM association a SEMI JOIN told t ON t.system = a.system AND t.to_object = a.to_object
              WHERE a.system = p.system AND a.from_object = p.object AND a.from_id = p.id)
