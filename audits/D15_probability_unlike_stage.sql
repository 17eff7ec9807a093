-- id: D15
-- severity: warning
-- entity: deal
-- category: validity
-- summary: {en: "Probabilities that do not fit the stage", es: "Probabilidades que no encajan con la etapa"}
-- why: {en: "The weighted forecast counts won deals in part, lost ones at all, or open ones as if they were certain.", es: "La previsión ponderada cuenta solo una parte de lo ganado, algo de lo perdido, o da por segura una venta abierta."}
-- remedy: {en: "Let the stage set the probability; correct the ones that were typed over.", es: "Deje que la etapa fije la probabilidad y corrija las que se escribieron a mano."}
-- needs: [deal.probability, deal.stage, deal.is_won, deal.is_closed, deal.amount]
-- eligible: SELECT count(*) FROM deal SEMI JOIN (SELECT DISTINCT system FROM field WHERE entity = 'deal' AND field = 'probability') USING (system)
-- params: {points: 30, deals: 10}
-- minutes: 1
-- profile: all

-- HubSpot works the probability out itself, so there it cannot be wrong. What a stage stands for is what most of its
-- deals have; sellers may think better or worse of one, within `points`.
WITH read AS (SELECT DISTINCT system FROM field WHERE entity = 'deal' AND field = 'probability'),
held AS (
  SELECT system, object, id, amount, stage_raw AS stage, probability AS points, probability_raw AS said,
         is_won, is_closed
  FROM deal SEMI JOIN read USING (system)),
counted AS (SELECT system, stage, points, count(*) AS deals FROM held WHERE points IS NOT NULL AND stage IS NOT NULL GROUP BY ALL),
usual AS (
  SELECT system, stage, arg_max(points, deals) AS points FROM counted GROUP BY system, stage
  HAVING sum(deals) >= $deals AND max(deals) * 2 > sum(deals)),
judged AS (
  SELECT h.*, CASE WHEN h.is_won THEN 100 WHEN h.is_closed AND h.is_won IS FALSE THEN 0
                   WHEN h.is_closed IS FALSE THEN u.points END AS should
  FROM held h LEFT JOIN usual u ON u.system = h.system AND u.stage = h.stage)
SELECT system, object, id, 'probability' AS field, amount,
       coalesce(said, '-') || ' %' || CASE WHEN should IS NULL THEN '' ELSE printf(' / %d %%', should::BIGINT) END AS detail
FROM judged
WHERE (is_closed AND points <> should)
  OR (is_closed IS FALSE AND (said IS NULL
    -- A stage at the very beginning may stand for nothing yet.
    OR (points IS DISTINCT FROM should AND (points >= 100 OR points <= 0 OR abs(points - should) > $points))))
