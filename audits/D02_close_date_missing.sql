-- id: D02
-- severity: error
-- entity: deal
-- category: completeness
-- summary: {en: "Deals without a close date", es: "Oportunidades sin fecha de cierre"}
-- why: {en: "They belong to no month: neither the forecast nor the win rate of a period knows of them.", es: "No pertenecen a ningún mes: ni la previsión ni la tasa de cierre de un periodo las tienen en cuenta."}
-- remedy: {en: "Enter the day you expect to close it, or the day it was closed.", es: "Ponga la fecha en que espera cerrarla, o la fecha en que se cerró."}
-- needs: [deal.close_date, deal.is_closed]
-- eligible: SELECT count(*) FROM deal
-- params: {days: 7}
-- minutes: 2
-- profile: all

-- Salesforce has no deal without one. A day that nobody can read is there, and C20 tells it.
SELECT d.system, d.object, d.id, 'close_date' AS field
FROM deal d SEMI JOIN (SELECT DISTINCT system FROM field WHERE entity = 'deal' AND field = 'close_date') USING (system)
WHERE d.close_date_raw IS NULL
  AND (d.is_closed OR coalesce(d.created_at < $as_of - to_days($days), true))
