-- id: D01
-- severity: error
-- entity: deal
-- category: completeness
-- summary: {en: "Open and won deals without an amount", es: "Oportunidades abiertas o ganadas sin importe"}
-- why: {en: "They count as nothing in the forecast and in every report of revenue by channel.", es: "Cuentan como cero en la previsión y en todo informe de ingresos por canal."}
-- remedy: {en: "Enter the amount, an estimate while the deal is open; close it as lost if nothing will come of it.", es: "Ponga el importe, aunque sea estimado mientras siga abierta; ciérrela como perdida si no va a salir."}
-- needs: [deal.amount, deal.is_won, deal.is_closed]
-- eligible: SELECT count(*) FROM deal WHERE is_won OR is_closed IS FALSE
-- params: {days: 7}
-- minutes: 2
-- profile: essential

-- An amount that nobody can read is there, and C20 tells it. Who pays less than before is an existing customer.
WITH read AS (SELECT DISTINCT system FROM field WHERE entity = 'deal' AND field = 'amount'),
known AS (
  SELECT system, object, id, amount, amount_raw, is_won, is_closed, created_at,
         -- The second of each is a field that a workspace need not map: NULL where it does not.
         list_value(*COLUMNS(lambda n: n IN ('id', 'deal_type'))) AS kind
  FROM deal SEMI JOIN read USING (system))
SELECT system, object, id, 'amount' AS field, amount_raw AS detail
FROM known
WHERE (amount_raw IS NULL OR amount = 0 OR (amount < 0 AND kind[2] IS DISTINCT FROM 'existing'))
  AND (is_won OR (is_closed IS FALSE AND coalesce(created_at < $as_of - to_days($days), true)))
