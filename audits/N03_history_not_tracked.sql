-- id: N03
-- severity: warning
-- entity: field
-- category: lifecycle
-- summary: {en: "Status or owner of leads, whose history nobody keeps", es: "Estado o propietario de los leads, cuyo historial nadie guarda"}
-- why: {en: "Nobody can say when a lead was accepted or turned down, so no hand-over between the teams can be measured.", es: "Nadie puede decir cuándo se aceptó o se descartó un lead, así que ningún traspaso entre equipos se puede medir."}
-- remedy: {en: "Setup > Object Manager > Lead > Fields & Relationships > Set History Tracking: Status and Owner. It begins that day.", es: "Configuración > Gestor de objetos > Lead > Campos y relaciones > Establecer seguimiento del historial: Estado y Propietario. Empieza ese día."}
-- needs: [salesforce:event.contact, salesforce:contact.lead_status, conversion]
-- eligible: SELECT 2 * count(DISTINCT object) FROM contact WHERE system = 'salesforce' AND object = 'Lead'
-- minutes: 10
-- profile: all
-- params: {leads: 5}

-- The status by its traces: leads made since histories are read, whose status is another than the first, and not one row of
-- history of it. Where the org itself says that it keeps it (pull --inventory), it does, be it since yesterday.
WITH read AS (SELECT system, max(since) AS since FROM fact WHERE fact = 'event' GROUP BY system),
moved AS (
  SELECT c.system, c.object FROM contact c JOIN read r ON r.system = c.system
  WHERE c.system = 'salesforce' AND c.object = 'Lead' AND c.lead_status <> 'open'
    AND c.created_at >= coalesce(r.since, c.created_at)
)
SELECT m.system, m.object, 'Status' AS id, 'Status' AS field, count(*) AS detail
FROM moved m
WHERE NOT EXISTS (
  SELECT 1 FROM event e WHERE e.system = m.system AND e.object = m.object AND e.native = 'Status')
  AND NOT EXISTS (SELECT 1 FROM tracked t WHERE t.system = m.system AND t.object = m.object AND t.native = 'Status')
GROUP BY ALL
HAVING count(*) >= $leads
UNION ALL
-- The owner leaves no traces that could be missed: only where the org says what it keeps. A row of history proves that it
-- was tracked after the org was asked.
SELECT f.system, f.object, f.native AS id, f.native AS field, f.total AS detail
FROM field f
WHERE f.entity = 'contact' AND f.field = 'owner' AND f.system = 'salesforce' AND f.object = 'Lead' AND f.total >= $leads
  AND EXISTS (SELECT 1 FROM tracked t WHERE t.system = f.system AND t.object = f.object AND t.native = '')
  AND NOT EXISTS (SELECT 1 FROM tracked t WHERE t.system = f.system AND t.object = f.object AND t.native = f.native)
  AND NOT EXISTS (SELECT 1 FROM event e WHERE e.system = f.system AND e.object = f.object AND e.native = f.native)
