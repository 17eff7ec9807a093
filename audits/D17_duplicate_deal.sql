-- id: D17
-- severity: warning
-- entity: deal
-- category: duplicates
-- summary: {en: "Deals that seem to be in one system twice", es: "Oportunidades que parecen estar dos veces en un mismo sistema"}
-- why: {en: "The same revenue counts twice, and two sellers work on one customer without knowing of each other.", es: "El mismo ingreso cuenta dos veces, y dos comerciales trabajan al mismo cliente sin saber el uno del otro."}
-- remedy: {en: "Look at both: merge them or delete the copy.", es: "Compárelas: fusiónelas o elimine la copia."}
-- needs: [deal.company, deal.amount, deal.close_date, deal.name, deal.is_closed, deal.is_won, company.name]
-- eligible: SELECT count(*) FROM deal WHERE amount > 0 AND company IS NOT NULL AND close_date IS NOT NULL AND (is_won OR is_closed IS NOT TRUE)
-- params: {share: 0.01, days: 30, won_days: 7, most: 20}
-- minutes: 5
-- profile: essential

-- Innocent: what was lost and tried again, another currency, another pipeline or kind of business, and names that tell
-- two deals apart: a month, a year, a number, another product; and two that were both won weeks apart, as fees of every
-- month are. More than `most` alike of one company are a price list. One in each system is X16's.
WITH known AS (
  SELECT system, object, id, key, company, amount::DOUBLE AS amount, close_date, name, is_won,
         -- The second of each is a field that a workspace need not map: NULL where it does not.
         list_value(*COLUMNS(lambda n: n IN ('id', 'pipeline_raw'))) AS ladder,
         list_value(*COLUMNS(lambda n: n IN ('id', 'currency_raw'))) AS currency,
         list_value(*COLUMNS(lambda n: n IN ('id', 'deal_type'))) AS kind,
         floor(ln(amount::DOUBLE) / ln(1 + 2 * $share))::BIGINT AS band
  FROM deal WHERE amount > 0 AND company IS NOT NULL AND close_date IS NOT NULL AND (is_won OR is_closed IS NOT TRUE)),
few AS (SELECT * FROM known QUALIFY count(*) OVER (PARTITION BY system, company, band) BETWEEN 1 AND $most),
near AS (
  SELECT a.system, a.object, a.id, a.company, a.name, a.amount, b.id AS other_id, b.name AS other_name
  FROM (SELECT *, unnest([band - 1, band, band + 1]) AS look FROM few) a
  JOIN few b ON b.system = a.system AND b.company = a.company AND b.band = a.look AND b.key <> a.key
  WHERE abs(a.amount - b.amount) <= $share * greatest(a.amount, b.amount)
    AND abs(a.close_date - b.close_date) <= CASE WHEN a.is_won AND b.is_won THEN $won_days ELSE $days END
    AND coalesce(a.currency[2] = b.currency[2], true) AND coalesce(a.kind[2] = b.kind[2], true)
    AND coalesce(a.ladder[2] = b.ladder[2], true)),
house AS (
  SELECT key AS company, string_split(min(name_norm(name)), ' ') AS words FROM company
  WHERE key IN (SELECT company FROM near) GROUP BY key),
-- What the names say beyond the company: words, and what sets one of a series apart.
said AS (
  SELECT n.*, list_filter(string_split(name_norm(n.name), ' '), lambda w: w <> '' AND NOT list_contains(coalesce(h.words, []), w)) AS mine,
         list_filter(string_split(name_norm(n.other_name), ' '), lambda w: w <> '' AND NOT list_contains(coalesce(h.words, []), w)) AS theirs
  FROM near n LEFT JOIN house h ON h.company = n.company),
serial AS (
  SELECT unnest(list_distinct(flatten(list(list_concat(mine, theirs))))) AS word FROM said),
serials AS (
  SELECT coalesce(list(word), []) AS words FROM serial
  WHERE regexp_matches(word, '\d') OR regexp_full_match(word, '[a-d]|i{1,3}|iv|v|vi{1,3}|ix|x|ene(ro)?|feb(rero)?|mar(zo)?|abr(il)?|mayo|jun(io)?|jul(io)?|ago(sto)?|sep(tiembre)?|oct(ubre)?|nov(iembre)?|dic(iembre)?|january|february|march|april|may|june|july|august|september|october|november|december|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro')),
told AS (
  SELECT s.* EXCLUDE (mine, theirs), list_filter(mine, lambda w: list_contains(x.words, w)) AS mine_no, list_filter(theirs, lambda w: list_contains(x.words, w)) AS theirs_no,
         list_filter(mine, lambda w: NOT list_contains(x.words, w) AND length(w) > 2) AS mine, list_filter(theirs, lambda w: NOT list_contains(x.words, w) AND length(w) > 2) AS theirs
  FROM said s, serials x)
SELECT system, object, id, string_agg(DISTINCT other_id, ', ' ORDER BY other_id) AS detail,
       any_value(amount) AS amount
FROM told
WHERE NOT (len(list_filter(mine_no, lambda w: NOT list_contains(theirs_no, w))) > 0 AND len(list_filter(theirs_no, lambda w: NOT list_contains(mine_no, w))) > 0)
  AND (len(mine) = 0 OR len(theirs) = 0 OR 2 * len(list_intersect(mine, theirs)) > least(len(mine), len(theirs))
    OR jaro_winkler_similarity(array_to_string(mine, ' '), array_to_string(theirs, ' ')) > 0.92)
GROUP BY system, object, id
