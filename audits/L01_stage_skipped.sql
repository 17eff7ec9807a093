-- id: L01
-- severity: info
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts who passed over a stage", es: "Contactos que se saltaron una etapa"}
-- why: {en: "Conversion from stage to stage cannot be counted for them, and the skipped step was perhaps never done.", es: "Para ellos no se puede medir la conversión entre etapas, y quizá el paso saltado nunca se dio."}
-- remedy: {en: "Nothing to correct one by one. If it happens often, find the form or workflow that skips the stage.", es: "No hay que corregirlos uno a uno. Si es frecuente, busque el formulario o el workflow que se salta la etapa."}
-- needs: [stage_event]
-- eligible: SELECT count(DISTINCT e.key) FROM stage_event e WHERE e.entity = 'contact' AND e.source = 'history'
-- minutes: 1
-- profile: all

-- Up is always legal: a lead that became an opportunity at once came from sales, and only stages between MQL and
-- opportunity count that this very system can say, and that the person was never seen at, in either system.
WITH moved AS (
  SELECT e.key, e.system, e.object, e.id, e.stage, e.at AS moment,
         lag(e.stage) OVER (PARTITION BY e.system, e.object, e.id ORDER BY e.at) AS before
  FROM stage_event e
  WHERE e.entity = 'contact' AND e.source = 'history' AND e.kind IN ('entered', 'recycled') AND e.precision = 'instant'
),
skipped AS (
  SELECT m.key, m.system, m.object, m.id, m.before, m.stage, unnest(string_split(t.skipped, ', ')) AS passed
  FROM moved m JOIN transition t ON t.from_stage = m.before AND t.to_stage = m.stage
  WHERE t.skipped IS NOT NULL AND t.tag IS NULL
)
SELECT s.system, s.object, s.id, 'lifecycle_stage' AS field,
       string_agg(DISTINCT s.before || ' -> ' || s.stage || ': ' || s.passed, '; ') AS detail
FROM skipped s
JOIN says ON says.system = s.system AND says.stage = s.passed
WHERE s.passed IN ('mql', 'sql', 'opportunity')
  AND NOT EXISTS (SELECT 1 FROM stage_reached r WHERE r.entity = 'contact' AND r.key = s.key AND r.stage = s.passed)
GROUP BY ALL
