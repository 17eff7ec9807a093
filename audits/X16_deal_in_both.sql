-- id: X16
-- severity: warning
-- entity: deal
-- category: consistency
-- summary: {en: "Probably one deal in two systems, and nobody has linked it", es: "Probablemente la misma oportunidad en los dos sistemas, sin enlazar"}
-- why: {en: "Pipeline and revenue of both systems together count it twice, and what changes in one stays there.", es: "Al sumar los dos sistemas cuenta dos veces, y lo que cambia en uno no llega al otro."}
-- remedy: {en: "Look at both; if they are one deal, link them.", es: "Compárelas; si son la misma, enlácelas."}
-- needs: [pair, deal.company, deal.amount, deal.close_date, deal.name, deal.is_closed, deal.is_won, company.name]
-- eligible: SELECT count(*) FROM deal WHERE amount > 0 AND company IS NOT NULL AND close_date IS NOT NULL AND (is_won OR is_closed IS NOT TRUE)
-- params: {share: 0.01, days: 30}
-- minutes: 3
-- profile: all

-- Innocent: a deal that has its counterpart already, more than one that it could be (fees of every month, a price list),
-- another currency, one that is won where the other is open, and names of which no word is in both.
WITH alone AS (
  SELECT system, object, id, key, company, amount::DOUBLE AS amount, close_date, name, coalesce(is_won, false) AS won,
         -- The second is a field that a workspace need not map: NULL where it does not.
         list_value(*COLUMNS(lambda n: n IN ('id', 'currency_raw'))) AS currency,
         floor(ln(amount::DOUBLE) / ln(1 + 2 * $share))::BIGINT AS band
  FROM deal WHERE amount > 0 AND company IS NOT NULL AND close_date IS NOT NULL AND (is_won OR is_closed IS NOT TRUE)
  QUALIFY min(system) OVER (PARTITION BY key) = max(system) OVER (PARTITION BY key)),
near AS (
  SELECT a.system, a.object, a.id, a.company, a.amount, a.name, b.system AS other_system, b.object AS other_object,
         b.id AS other_id, b.name AS other_name
  FROM (SELECT *, unnest([band - 1, band, band + 1]) AS look FROM alone) a
  JOIN alone b ON b.company = a.company AND b.band = a.look AND b.system > a.system AND b.won = a.won
  WHERE abs(a.amount - b.amount) <= $share * greatest(a.amount, b.amount) AND abs(a.close_date - b.close_date) <= $days
    AND coalesce(a.currency[2] = b.currency[2], true)
  QUALIFY count(*) OVER (PARTITION BY a.system, a.object, a.id) = 1 AND count(*) OVER (PARTITION BY b.system, b.object, b.id) = 1),
house AS (
  SELECT key AS company, string_split(min(name_norm(name)), ' ') AS words FROM company
  WHERE key IN (SELECT company FROM near) GROUP BY key),
said AS (
  SELECT n.*, list_filter(string_split(name_norm(n.name), ' '), lambda w: w <> '' AND NOT list_contains(coalesce(h.words, []), w)) AS mine,
         list_filter(string_split(name_norm(n.other_name), ' '), lambda w: w <> '' AND NOT list_contains(coalesce(h.words, []), w)) AS theirs
  FROM near n LEFT JOIN house h ON h.company = n.company)
SELECT system, object, id, other_system || ' ' || other_id AS detail, amount
FROM said
WHERE len(mine) = 0 OR len(theirs) = 0 OR len(list_intersect(mine, theirs)) > 0
  OR jaro_winkler_similarity(array_to_string(mine, ' '), array_to_string(theirs, ' ')) > 0.92
