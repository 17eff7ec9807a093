-- id: F11
-- severity: info
-- entity: field
-- category: fields
-- summary: {en: "Stages of deals that nobody uses, in a pipeline that is used", es: "Etapas de oportunidades que nadie usa, en un pipeline que sí se usa"}
-- why: {en: "Deals jump over it, so neither its probability nor the conversion from stage to stage says anything.", es: "Las oportunidades la saltan, así que ni su probabilidad ni la conversión de etapa a etapa dicen nada."}
-- remedy: {en: "Unless it was added lately: take it out of the pipeline, or agree what has to be true for a deal to stand there.", es: "Salvo que se haya añadido hace poco: quítela del pipeline o acuerden qué debe cumplirse para que una oportunidad esté ahí."}
-- needs: [event.deal, deal.stage]
-- eligible: SELECT count(*) FROM stage WHERE is_closed IS FALSE
-- minutes: 10
-- profile: all
-- params: {days: 180, deals: 20}

-- Won and lost are there by right. A deal of which no pipeline is known may be of any; a change names none.
WITH since AS (SELECT $as_of - to_days($days) AS day),
-- Only where the history of all those days was read: a deal may have passed through.
told AS (SELECT system FROM fact, since WHERE fact = 'event' GROUP BY system HAVING count(since.day) FILTER (fact.since > since.day) = 0),
place AS (SELECT system, object, native FROM field WHERE entity = 'deal' AND field = 'stage'),
-- Salesforce tells retired stages, too: who lists the options of the field lists those that can be chosen.
offered AS (
  SELECT p.system, p.object, lower(trim(unnest(p.options))) AS stage
  FROM property p SEMI JOIN place USING (system, object, native)),
held AS (
  SELECT system, object, lower(trim(stage_raw)) AS stage, greatest(created_at, modified_at) AS moment,
         list_value(*COLUMNS(lambda n: n IN ('id', 'pipeline_raw'))) AS ladder
  FROM deal WHERE stage_raw IS NOT NULL),
ladder AS (
  SELECT s.system, h.object, coalesce(s.pipeline, '') AS pipeline
  FROM (SELECT DISTINCT system, pipeline FROM stage) s JOIN held h ON h.system = s.system, since
  WHERE h.moment >= since.day AND (coalesce(s.pipeline, '') = '' OR coalesce(h.ladder[2], s.pipeline) = s.pipeline)
  GROUP BY ALL HAVING count(*) >= $deals),
used AS (
  SELECT system, object, stage, ladder[2] AS pipeline FROM held
  UNION
  SELECT e.system, e.object, lower(trim(unnest([e.old, e.new]))), NULL FROM event e, since
  WHERE e.entity = 'deal' AND e.field = 'stage' AND e.happened_at >= since.day)
SELECT s.system, l.object, concat_ws('/', nullif(l.pipeline, ''), s.stage) AS id, p.native AS field, s.label AS detail
FROM stage s
JOIN ladder l ON l.system = s.system AND l.pipeline = coalesce(s.pipeline, '')
JOIN place p ON p.system = l.system AND p.object = l.object
SEMI JOIN told ON told.system = s.system
WHERE s.is_closed IS FALSE
  AND (NOT EXISTS (SELECT 1 FROM offered o WHERE o.system = l.system AND o.object = l.object)
       OR EXISTS (SELECT 1 FROM offered o WHERE o.system = l.system AND o.object = l.object
                  AND o.stage IN (lower(trim(s.stage)), lower(trim(s.label)))))
  -- An export or an old import has its label, and a dash is written in several ways.
  AND NOT EXISTS (SELECT 1 FROM used u WHERE u.system = s.system AND u.object = l.object
                  AND translate(u.stage, '–—', '--') IN (translate(lower(trim(s.stage)), '–—', '--'), translate(lower(trim(s.label)), '–—', '--'))
                  AND (u.pipeline IS NULL OR l.pipeline IN ('', u.pipeline)))
