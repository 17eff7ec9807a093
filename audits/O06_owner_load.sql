-- id: O06
-- severity: info
-- entity: owner
-- category: ownership
-- summary: {en: "Owners with more open work than anybody can follow up", es: "Propietarios con más trabajo abierto del que nadie puede atender"}
-- why: {en: "What is too much waits: the newest leads first, since nobody gets to them.", es: "Lo que sobra espera, y lo primero en quedar sin atender son los leads más recientes."}
-- remedy: {en: "Spread it, or close what is dead. `max` in crmsync.yml says how much is too much for your teams.", es: "Repártalo o cierre lo que ya no avanza. `max`, en crmsync.yml, dice cuánto es demasiado para sus equipos."}
-- needs: [owned]
-- eligible: SELECT count(DISTINCT (system, owner_id)) FROM owned WHERE owner_id IS NOT NULL
-- minutes: 30
-- profile: all
-- params: {max: 300, stages: [marketingqualifiedlead, salesqualifiedlead, opportunity]}

-- Open work: deals that are not over, and people whom sales is working on.
WITH held AS (
  SELECT system, owner_id AS id, count(*) AS open FROM owned
  WHERE owner_id IS NOT NULL AND (entity = 'deal' AND is_closed IS NOT TRUE
    OR entity = 'contact' AND (object = 'Lead' OR lifecycle_stage IN (SELECT unnest($stages))))
  GROUP BY 1, 2)
SELECT h.system, 'owner' AS object, h.id, coalesce(o.email, h.id) || ' (' || h.open || ')' AS detail
FROM held h JOIN owner o ON o.system = h.system AND o.id = h.id
WHERE h.open > $max AND o.active
