-- id: D14
-- severity: error
-- entity: deal
-- category: validity
-- summary: {en: "Deals at a stage that their pipeline does not have", es: "Oportunidades en una etapa que su pipeline no tiene"}
-- why: {en: "No board and no forecast shows them, and nobody can say whether they are open.", es: "No salen en ningún tablero ni en la previsión, y no se sabe si están abiertas."}
-- remedy: {en: "Move them to a stage of their pipeline, and find the import or integration that wrote the other one.", es: "Páselas a una etapa de su pipeline y busque la importación o integración que escribió la otra."}
-- needs: [deal.stage]
-- eligible: SELECT count(stage_raw) FROM deal SEMI JOIN stage USING (system)
-- minutes: 3
-- profile: all

-- A system that tells no stages has none to miss; Salesforce has one ladder, and tells retired stages, too.
-- The second of `ladder` is a field that a workspace need not map: then the stage may be of any pipeline.
WITH known AS (SELECT DISTINCT system, coalesce(pipeline, '') AS ladder, lower(trim(stage)) AS stage FROM stage),
held AS (
  SELECT system, object, id, stage_raw, lower(trim(stage_raw)) AS stage,
         list_value(*COLUMNS(lambda n: n IN ('id', 'pipeline_raw'))) AS ladder
  FROM deal WHERE stage_raw IS NOT NULL)
SELECT h.system, h.object, h.id, 'stage' AS field, concat_ws(' / ', h.ladder[2], h.stage_raw) AS detail
FROM held h
WHERE h.system IN (SELECT system FROM known)
  AND NOT EXISTS (SELECT 1 FROM known k WHERE k.system = h.system AND k.stage = h.stage
                  AND (k.ladder = h.ladder[2] OR k.ladder = '' OR h.ladder[2] IS NULL))
