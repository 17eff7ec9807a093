-- id: O05
-- severity: error
-- entity: owner
-- category: ownership
-- summary: {en: "Owners whom the other system does not know", es: "Propietarios que el otro sistema no conoce"}
-- why: {en: "Who has no user there cannot be written as an owner: their records arrive without one, or stay with somebody else.", es: "Sin usuario allí no se puede escribir el propietario: sus registros llegan sin dueño o se quedan con otra persona."}
-- remedy: {en: "Make the user there. Who has another address in one system goes under `values` of the owner field in the mapping.", es: "Cree allí el usuario. Si tiene otro correo en un sistema, indíquelo en `values` del campo propietario del mapeo."}
-- needs: [pair, owned, owner]
-- eligible: SELECT count(DISTINCT (system, owner_id)) FROM owned SEMI JOIN (SELECT system FROM owner WHERE (SELECT count(DISTINCT system) FROM owner) > 1) USING (system) WHERE owner IS NOT NULL
-- minutes: 5
-- profile: all

WITH people AS (
  SELECT o.system, o.id, coalesce(e.email, lower(o.email)) AS email, o.active
  FROM owner o LEFT JOIN owner_email e ON e.system = o.system AND e.id = o.id),
staffed AS (SELECT DISTINCT system FROM people),
held AS (
  SELECT o.system, o.owner_id, count(*) AS records FROM owned o GROUP BY o.system, o.owner_id)
-- An export names owners and has no users: nothing follows from who is missing there.
SELECT p.system, 'owner' AS object, p.id,
  p.email || ' (' || h.records || ') / ' || other.system AS detail
FROM people p JOIN held h ON h.system = p.system AND h.owner_id = p.id
JOIN staffed other ON other.system <> p.system
ANTI JOIN people q ON q.system = other.system AND q.email = p.email AND q.active
WHERE p.active AND p.email IS NOT NULL
