-- id: D23
-- severity: warning
-- entity: deal
-- category: lifecycle
-- summary: {en: "Won deals none of whose contacts is a customer", es: "Oportunidades ganadas sin ningún contacto que figure como cliente"}
-- why: {en: "Marketing has no customer to credit this revenue to, and goes on treating the buyers as leads.", es: "Marketing no tiene a qué cliente atribuir este ingreso y sigue tratando a los compradores como leads."}
-- remedy: {en: "Move the contacts of the deal to Customer; L11 names them one by one.", es: "Pase a Cliente a los contactos de la oportunidad; L11 los nombra uno a uno."}
-- needs: [hubspot:contact.lifecycle_stage, standing, association.deal.contact, deal.is_won, deal.amount]
-- eligible: SELECT count(DISTINCT (system, deal_object, deal_id)) FROM buyer WHERE entity = 'contact'
-- minutes: 4
-- profile: all

-- Who of a deal is a customer is the policy of mappings/lifecycle.yml. A deal is only judged by people who have a
-- record in the system that keeps the stage, and a former customer was one. The people of both sides of a linked deal
-- count, and it is told once.
WITH stated AS (
  SELECT c.key, bool_or(coalesce(s.former, false) OR coalesce(c.lifecycle_stage, '') IN ('customer', 'evangelist')) AS bought
  FROM contact c LEFT JOIN standing_in s ON s.entity = 'contact' AND s.key = c.key AND s.system = c.system
  WHERE c.system = 'hubspot' GROUP BY c.key),
sold AS (
  SELECT d.key, count(DISTINCT b.key) AS people
  FROM buyer b JOIN stated s ON s.key = b.key
  JOIN deal d ON d.system = b.system AND d.object = b.deal_object AND d.id = b.deal_id
  WHERE b.entity = 'contact' GROUP BY d.key HAVING NOT bool_or(s.bought))
SELECT d.system, d.object, d.id, '0 / ' || w.people AS detail, d.amount
FROM deal d JOIN sold w USING (key)
WHERE d.is_won
QUALIFY row_number() OVER (PARTITION BY d.key ORDER BY d.system, d.object, d.id) = 1
