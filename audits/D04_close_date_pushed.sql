-- id: D04
-- severity: warning
-- entity: deal
-- category: lifecycle
-- summary: {en: "Open deals whose close date was put off again and again", es: "Oportunidades abiertas cuya fecha de cierre se aplazó una y otra vez"}
-- why: {en: "Deals that slip month after month are rarely won, and each of them was in several forecasts.", es: "Las que se aplazan mes tras mes rara vez se ganan, y cada una ya estuvo en varias previsiones."}
-- remedy: {en: "Ask the customer for a date and a next step; close it as lost if there is neither.", es: "Pida al cliente una fecha y un próximo paso; si no hay ni lo uno ni lo otro, ciérrela como perdida."}
-- needs: [event.deal, deal.close_date, deal.is_closed, deal.amount]
-- eligible: SELECT count(*) FROM deal WHERE is_closed IS FALSE
-- params: {times: 3}
-- minutes: 4
-- profile: all

-- Several changes of one day are one: somebody was looking for the right one. Both systems read the days as texts
-- that begin with the date.
WITH moved AS (
  SELECT system, object, id, happened_at, try_cast(left(old, 10) AS DATE) AS before, try_cast(left(new, 10) AS DATE) AS after
  FROM event WHERE entity = 'deal' AND field = 'close_date' AND precision = 'instant'),
days AS (
  SELECT system, object, id, arg_min(before, happened_at) AS before, arg_max(after, happened_at) AS after
  FROM moved GROUP BY system, object, id, happened_at::DATE),
pushed AS (
  SELECT system, object, id, count(*) AS times, sum(after - before) AS later
  FROM days WHERE after > before GROUP BY ALL HAVING count(*) > $times)
SELECT d.system, d.object, d.id, 'close_date' AS field, printf('%dx, +%d d', p.times, p.later::BIGINT) AS detail, d.amount
FROM deal d JOIN pushed p USING (system, object, id)
WHERE d.is_closed IS FALSE
