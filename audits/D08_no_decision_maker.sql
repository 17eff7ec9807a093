-- id: D08
-- severity: warning
-- entity: deal
-- category: roles
-- summary: {en: "Deals far along without anybody who decides", es: "Oportunidades avanzadas sin nadie que decida"}
-- why: {en: "Whoever will sign has not been spoken to: such deals slip, or are lost at the last step.", es: "Nadie ha hablado con quien va a firmar: se retrasan o se pierden en el último paso."}
-- remedy: {en: "Find out who decides and give them that role on the deal.", es: "Averigüe quién decide y asígnele ese rol en la oportunidad."}
-- needs: [association.deal.contact, deal.stage, deal.is_closed, deal.amount]
-- eligible: SELECT count(*) FROM deal SEMI JOIN tied t ON t.from_entity = 'deal' AND t.to_entity = 'contact' AND t.system = deal.system WHERE is_closed IS FALSE
-- params: {share: 0.5, roles: "decision|decid|decis|economic|sponsor|patrocinad|budget|presupuesto|firmante|signator|responsable de compra|comprador econ"}
-- minutes: 3
-- profile: all

-- Far along is behind that share of the open stages of its pipeline. Only where the team gives such roles at all.
WITH told AS (SELECT * FROM tied WHERE from_entity = 'deal' AND to_entity = 'contact'),
tie AS (
  SELECT a.system, a.from_object AS object, a.from_id AS id,
         bool_or(coalesce(regexp_matches(strip_accents(lower(coalesce(a.role, a.label))), $roles), false)) AS decides
  FROM association a
  JOIN told t ON t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object
  GROUP BY ALL),
rung AS (
  SELECT system, stage, pipeline,
         row_number() OVER (PARTITION BY system, pipeline ORDER BY position) / count(*) OVER (PARTITION BY system, pipeline) AS done
  FROM stage WHERE is_closed IS FALSE),
-- A stage that stands in several pipelines is as far as in the one where it comes first.
reached AS (SELECT system, stage, min(done) AS done FROM rung GROUP BY ALL)
SELECT d.system, d.object, d.id, d.stage AS detail, d.amount
FROM deal d JOIN tie t USING (system, object, id)
JOIN reached r ON r.system = d.system AND r.stage = d.stage_raw
WHERE d.is_closed IS FALSE AND NOT t.decides AND r.done > $share
  AND d.system IN (SELECT system FROM tie WHERE decides)
