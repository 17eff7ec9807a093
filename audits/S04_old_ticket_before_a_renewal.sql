-- id: S04
-- severity: info
-- entity: ticket
-- category: lifecycle
-- summary: {en: "Old open tickets of companies that are about to renew", es: "Tickets abiertos desde hace tiempo de empresas a punto de renovar"}
-- why: {en: "Whoever waits for an answer does not renew, and sales does not see the ticket.", es: "Quien espera una respuesta no renueva, y ventas no ve el ticket."}
-- remedy: {en: "Have the ticket answered before the renewal is talked about, and tell its owner.", es: "Que se responda el ticket antes de hablar de la renovación, y avise a su propietario."}
-- needs: [ticket.company, ticket.created_at, ticket.closed_at, deal.company, deal.is_closed, deal.name]
-- eligible: SELECT count(created_at) FROM ticket WHERE closed_at IS NULL AND closed_at_raw IS NULL
-- params: {days: 7, before: 180, renewal: '\b(renew|renov)', innocent: '(renew|renov|rinnov|renouvel)a(bl|ve)\w*|renovat[eio]\w*'}
-- minutes: 10
-- profile: all

-- A deal of new business renews nothing, whatever its name says (an office is renovated, too), where the type is mapped;
-- nor does renewable energy. One that closes in more than `before` days is not talked about yet; of one without a day
-- nobody knows. A date nobody can read is a ticket that was closed some day.
WITH written AS (
  SELECT is_closed, COLUMNS(lambda n: n IN ('id', 'amount', 'company', 'name', 'deal_type', 'deal_type_raw', 'close_date'))::VARCHAR FROM deal),
open_deal AS (
  -- The second of each is a field that a workspace need not map: NULL where it does not.
  SELECT company, name, list_value(*COLUMNS(lambda n: n IN ('id', 'amount'))) AS amount,
         list_value(*COLUMNS(lambda n: n IN ('id', 'deal_type'))) AS kind,
         list_value(*COLUMNS(lambda n: n IN ('id', 'deal_type_raw'))) AS kind_raw,
         list_value(*COLUMNS(lambda n: n IN ('id', 'close_date'))) AS closes
  FROM written WHERE is_closed IS FALSE AND company IS NOT NULL),
renewing AS (
  SELECT company, max(amount[2]::DOUBLE) AS amount FROM open_deal
  WHERE kind[2] IS DISTINCT FROM 'new' AND coalesce(closes[2]::DATE <= $as_of + to_days($before), true)
    AND regexp_matches(
      regexp_replace(strip_accents(lower(concat_ws(' ', name, kind_raw[2]))), $innocent, '', 'g'), $renewal)
  GROUP BY company)
SELECT t.system, t.object, t.id, 'closed_at' AS field, strftime(t.created_at, '%Y-%m-%d') AS detail, r.amount
FROM ticket t JOIN renewing r USING (company)
WHERE t.closed_at_raw IS NULL AND t.created_at < $as_of - to_days($days)
