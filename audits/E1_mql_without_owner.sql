-- id: E1
-- severity: error
-- entity: contact
-- category: ownership
-- summary: {en: "Qualified leads (MQL) that nobody in sales owns", es: "Leads cualificados (MQL) que nadie de ventas tiene asignados"}
-- why: {en: "Marketing has paid for them, and nobody is there to call: most of them are never followed up.", es: "Marketing ya los pagó y no hay nadie que los llame: a la mayoría nunca se les da seguimiento."}
-- remedy: {en: "Assign an active seller before the hand-over, and have the form or workflow do it from now on.", es: "Asigne un vendedor activo antes del traspaso y haga que el formulario o el workflow lo haga en adelante."}
-- needs: [standing, contact.owner]
-- eligible: SELECT count(*) FROM standing WHERE entity = 'contact' AND current = 'mql'
-- minutes: 2
-- params: {robots: "(crm.?)?sync|integration(s|.?user)?|integracion(es)?|api(.?user)?|automation|workflows?|hubspot|salesforce|system|sistema|no.?reply"}

-- One active person in either system is enough. A queue is nobody, and so is a user who has left, or one by whose
-- address a program works.
WITH asked AS (
  SELECT t.key FROM standing t
  WHERE t.entity = 'contact' AND t.current = 'mql'
    AND coalesce(t.disposition, '') NOT IN ('disqualified', 'rejected', 'recycled', 'nurture')
),
known AS (SELECT system, count(*) AS users FROM owner GROUP BY ALL),
held AS (
  SELECT c.key, c.system, c.object, c.id, c.owner_raw, o.id AS user_id, o.active, k.users,
         regexp_full_match(lower(split_part(coalesce(o.email, ''), '@', 1)), $robots) AS is_robot
  FROM asked JOIN contact c USING (key)
  LEFT JOIN owner o ON o.system = c.system AND o.id = c.owner_raw
  LEFT JOIN known k ON k.system = c.system
),
-- Where users were not read nobody can say whether one is there, or still active.
whose AS (
  SELECT key, bool_or(owner_raw IS NOT NULL AND ((active AND NOT is_robot) OR users IS NULL)) AS has_one
  FROM held GROUP BY key
)
-- One finding a person: the record that somebody else was put into, if there is one.
SELECT one.system, one.object, one.id, 'owner' AS field,
       CASE WHEN one.owner_raw IS NULL THEN 'no owner' WHEN one.user_id IS NULL THEN 'in a queue'
            WHEN one.is_robot THEN 'a program' ELSE 'the owner has left' END AS detail
FROM (
  SELECT h.*, row_number() OVER (PARTITION BY h.key ORDER BY h.owner_raw IS NULL, h.system, h.object, h.id) AS place
  FROM held h JOIN whose w USING (key) WHERE NOT w.has_one
) one
WHERE one.place = 1
