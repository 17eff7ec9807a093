-- id: D20
-- severity: warning
-- entity: deal
-- category: lifecycle
-- summary: {en: "Deals that were closed and opened again", es: "Oportunidades cerradas que se volvieron a abrir"}
-- why: {en: "Revenue that was reported goes away again, and the win rate of that month was never true.", es: "Un ingreso ya informado desaparece, y la tasa de cierre de ese mes nunca fue cierta."}
-- remedy: {en: "Open a new deal for a new attempt; close as won only what is signed.", es: "Abra una oportunidad nueva para un nuevo intento; cierre como ganado solo lo firmado."}
-- needs: [event.deal, deal.stage, deal.amount]
-- eligible: SELECT count(DISTINCT (system, object, id)) FROM event WHERE entity = 'deal' AND field = 'stage' AND happened_at >= $as_of - to_days($days)
-- params: {days: 365, hours: 24}
-- minutes: 4
-- profile: all

-- Whoever takes it back within hours had only slipped. Won and closed are the system's words, not the stage's name.
WITH known AS (
  SELECT system, stage, bool_or(is_won) AS is_won, bool_or(is_closed) AS is_closed FROM stage
  GROUP BY ALL HAVING count(DISTINCT is_won) <= 1 AND count(DISTINCT is_closed) <= 1),
moved AS (
  SELECT system, object, id, old, new, happened_at FROM event
  WHERE entity = 'deal' AND field = 'stage' AND precision = 'instant'),
again AS (
  SELECT m.* FROM moved m
  JOIN known w ON w.system = m.system AND w.stage = m.old AND w.is_closed
  JOIN known n ON n.system = m.system AND n.stage = m.new AND n.is_closed IS FALSE
  WHERE m.happened_at >= $as_of - to_days($days)),
-- When it had been closed: the change before.
back AS (
  SELECT a.*, max(m.happened_at) AS since FROM again a
  LEFT JOIN moved m ON m.system = a.system AND m.object = a.object AND m.id = a.id AND m.happened_at < a.happened_at
  GROUP BY ALL HAVING coalesce(a.happened_at - max(m.happened_at) > to_hours($hours), true))
SELECT d.system, d.object, d.id, 'stage' AS field, d.amount,
       string_agg(b.old || ' -> ' || b.new || ' ' || strftime(b.happened_at, '%Y-%m-%d'), '; ' ORDER BY b.happened_at) AS detail
FROM deal d JOIN back b ON b.system = d.system AND b.object = d.object AND b.id = d.id
GROUP BY ALL
