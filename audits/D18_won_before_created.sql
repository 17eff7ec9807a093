-- id: D18
-- severity: error
-- entity: deal
-- category: validity
-- summary: {en: "Deals that were won before they were entered", es: "Oportunidades ganadas antes de haberse creado"}
-- why: {en: "Their sales cycle is negative, so averages and forecasts that use it are wrong.", es: "Su ciclo de venta es negativo, así que los promedios y previsiones que lo usan salen mal."}
-- remedy: {en: "Correct the close date; enter deals when they begin, not when they are won.", es: "Corrija la fecha de cierre; cree las oportunidades cuando empiezan, no cuando se ganan."}
-- needs: [deal.close_date, deal.is_won, deal.amount]
-- eligible: SELECT count(close_date) FROM deal WHERE is_won AND created_at IS NOT NULL
-- params: {days: 7, bulk: 10}
-- minutes: 2
-- profile: all

-- What was brought in from elsewhere came with its dates; a deal of two systems was entered when the first one got it.
WITH brought AS (
  SELECT system, object, date_trunc('minute', created_at) AS minute FROM deal WHERE created_at IS NOT NULL GROUP BY ALL HAVING count(*) > $bulk),
born AS (SELECT key, min(created_at) AS at_first FROM deal GROUP BY key)
SELECT d.system, d.object, d.id, 'close_date' AS field, strftime(d.close_date, '%Y-%m-%d') || ' < ' || strftime(b.at_first, '%Y-%m-%d') AS detail, d.amount
FROM deal d JOIN born b USING (key)
WHERE d.is_won AND d.close_date < b.at_first::DATE - $days::INTEGER
  AND NOT EXISTS (SELECT 1 FROM brought r WHERE r.system = d.system AND r.object = d.object AND r.minute = date_trunc('minute', d.created_at))
  AND NOT EXISTS (SELECT 1 FROM marketing m WHERE m.entity = 'deal' AND m.key = d.key
    AND m.made_by IN ('IMPORT', 'INTEGRATION', 'API', 'MIGRATION', 'SALESFORCE'))
