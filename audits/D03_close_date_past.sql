-- id: D03
-- severity: error
-- entity: deal
-- category: lifecycle
-- summary: {en: "Open deals whose close date has passed", es: "Oportunidades abiertas con la fecha de cierre vencida"}
-- why: {en: "The forecast promises revenue for a day that is over, so nobody believes the rest of it either. Deals of a stage that the mapping does not know are not looked at: F09 counts them.", es: "La previsión promete ingresos para un día que ya pasó, así que nadie se cree el resto. Las oportunidades en una etapa que el mapeo no conoce no se miran: F09 las cuenta."}
-- remedy: {en: "Close it as won or lost, or move the date to the day you really expect.", es: "Ciérrela como ganada o perdida, o ponga la fecha en que de verdad espera cerrarla."}
-- needs: [deal.close_date, deal.is_closed, deal.amount]
-- eligible: SELECT count(close_date) FROM deal WHERE is_closed IS FALSE
-- params: {days: 0}
-- minutes: 2
-- profile: essential

-- `today` is the day in the workspace's time zone: what closes today is not late, here or across the ocean.
SELECT d.system, d.object, d.id, 'close_date' AS field, strftime(d.close_date, '%Y-%m-%d') AS detail, d.amount
FROM deal d, today t
WHERE d.is_closed IS FALSE AND d.close_date < t.day - $days::INTEGER
