-- id: L02
-- severity: error
-- entity: contact
-- category: lifecycle
-- summary: {en: "Stage dates in the wrong order", es: "Fechas de etapa en orden incorrecto"}
-- why: {en: "A later stage is dated before an earlier one, so every time between stages comes out negative or wrong.", es: "Una etapa posterior tiene fecha anterior a otra previa: los tiempos entre etapas salen negativos o falsos."}
-- remedy: {en: "Correct the date that somebody typed or imported; look for the workflow that stamps it.", es: "Corrija la fecha que alguien escribió o importó; busque el workflow que la sella."}
-- needs: [stage_event]
-- eligible: SELECT count(DISTINCT e.key) FROM stage_event e WHERE e.entity = 'contact' AND e.source IN ('field', 'stage_time', 'history')
-- minutes: 3
-- profile: all

-- Who was sent back and came again has later dates of lower stages, rightly: a stage that was left before, or a reset.
WITH dated AS (
  SELECT e.key, e.system, e.object, e.id, e.stage, l.rank, max(e.at) AS moment,
         max(coalesce(e.at::DATE, e.day)) AS day, bool_and(e.precision = 'instant') AS exact
  FROM stage_event e JOIN ladder l ON l.stage = e.stage
  WHERE e.entity = 'contact' AND e.kind = 'entered' AND e.source IN ('field', 'stage_time', 'history')
    AND e.precision IN ('instant', 'day')
  GROUP BY ALL
),
back AS (
  SELECT DISTINCT e.system, e.object, e.id FROM stage_event e
  WHERE e.kind IN ('reset', 'recycled', 'reopened', 'disqualified')
),
-- Per record the next higher stage is enough: if all neighbours are in order, all are.
neighbours AS (
  SELECT *, lead(stage) OVER w AS high, lead(rank) OVER w AS high_rank, lead(moment) OVER w AS high_moment,
         lead(day) OVER w AS high_day, lead(exact) OVER w AS high_exact
  FROM dated WINDOW w AS (PARTITION BY system, object, id ORDER BY rank)
)
SELECT n.system, n.object, n.id, 'lifecycle_stage' AS field,
       n.stage || ' ' || n.day || ', ' || n.high || ' ' || n.high_day AS detail
FROM neighbours n
JOIN standing_in s ON s.entity = 'contact' AND s.key = n.key AND s.system = n.system
ANTI JOIN back b ON b.system = n.system AND b.object = n.object AND b.id = n.id
WHERE n.high IS NOT NULL AND s.rank >= n.high_rank
  AND CASE WHEN n.exact AND n.high_exact THEN n.moment > n.high_moment + INTERVAL 1 MINUTE ELSE n.day > n.high_day END
  AND NOT EXISTS (
    SELECT 1 FROM stage_event x
    WHERE x.system = n.system AND x.object = n.object AND x.id = n.id AND x.stage = n.high
      AND x.kind = 'exited' AND coalesce(x.at::DATE, x.day) <= n.day)
