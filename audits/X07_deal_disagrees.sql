-- id: X07
-- severity: error
-- entity: deal
-- category: consistency
-- summary: {en: "Deals whose amount, currency or stage differs between the systems", es: "Oportunidades con distinto importe, moneda o etapa en cada sistema"}
-- why: {en: "Two forecasts of one deal: marketing counts revenue that sales does not, or the other way round.", es: "Dos previsiones de una misma oportunidad: marketing cuenta ingresos que ventas no, o al revés."}
-- remedy: {en: "Correct the side that is wrong; the mapping says which one counts from then on, and crmsync keeps them in step.", es: "Corrija el lado equivocado; el mapeo dice cuál vale desde entonces y crmsync los mantiene iguales."}
-- needs: [pair, deal.amount, deal.stage]
-- eligible: SELECT coalesce(sum(filled), 0)::BIGINT FROM compared WHERE entity = 'deal' AND field IN ('amount', 'currency', 'stage')
-- minutes: 5
-- profile: all
-- params: {share: 0.01}

WITH differs AS (
  SELECT key, field, system, object, id, value, other_system, other_value FROM drift
  WHERE entity = 'deal' AND (field IN ('stage', 'currency')
    -- Rates and rounding move an amount a little, and say nothing.
    OR field = 'amount' AND abs(value::DOUBLE - other_value::DOUBLE) >
      $share * greatest(abs(value::DOUBLE), abs(other_value::DOUBLE)))),
shown AS (
  SELECT *, CASE WHEN field = 'amount' THEN printf('%.2f', value::DOUBLE) ELSE value END AS here,
    CASE WHEN field = 'amount' THEN printf('%.2f', other_value::DOUBLE) ELSE other_value END AS there
  FROM differs)
SELECT system, object, id, field, system || ' ' || here || ' / ' || other_system || ' ' || there AS detail,
  CASE WHEN field = 'amount' THEN abs(value::DOUBLE - other_value::DOUBLE) END AS amount
FROM shown
