-- id: D13
-- severity: info
-- entity: deal
-- category: lifecycle
-- summary: {en: "Open deals much older than others at their stage", es: "Oportunidades abiertas mucho más antiguas que las demás de su etapa"}
-- why: {en: "They have been passed over many times: they make the average sales cycle look longer than it is.", es: "Otras las adelantaron hace tiempo: hacen que el ciclo medio de venta parezca más largo de lo que es."}
-- remedy: {en: "Look at them one by one: move them on, or close them as lost.", es: "Revíselas una a una: hágalas avanzar o ciérrelas como perdidas."}
-- needs: [deal.stage, deal.is_closed, deal.amount]
-- eligible: SELECT count(created_at) FROM deal WHERE is_closed IS FALSE
-- params: {times: 3, deals: 10}
-- minutes: 3
-- profile: all

-- The second of `ladder` is a field that a workspace need not map: deals of several pipelines are then compared together.
WITH aged AS (
  SELECT system, object, id, amount, stage_raw AS stage, list_value(*COLUMNS(lambda n: n IN ('id', 'pipeline_raw'))) AS ladder,
         datediff('day', created_at, $as_of) AS days
  FROM deal WHERE is_closed IS FALSE AND created_at IS NOT NULL AND stage_raw IS NOT NULL),
beside AS (
  SELECT *, median(days) OVER w AS usual, count(*) OVER w AS deals FROM aged WINDOW w AS (PARTITION BY system, ladder[2], stage))
SELECT system, object, id, 'stage' AS field, printf('%d d / %d d', days, usual::BIGINT) AS detail, amount
FROM beside WHERE deals >= $deals AND days > $times * greatest(usual, 7)
