-- id: C06
-- severity: warning
-- entity: contact
-- category: duplicates
-- summary: {en: "Records of one system that are probably one, by the search for duplicates", es: "Registros de un mismo sistema que probablemente son uno solo, según la búsqueda de duplicados"}
-- why: {en: "Neither an e-mail nor a domain nor a name in one city gives them away to other checks, so their history stays split.", es: "Ni el correo, ni el dominio, ni el nombre en una misma ciudad los delatan en otras comprobaciones, así que su historial sigue partido."}
-- remedy: {en: "Read them with crmsync fix duplicates, which has the reasons and lists of merges, and decide: crmsync fix decide.", es: "Léalos con crmsync fix duplicates, que da las razones y listas de fusiones, y decida: crmsync fix decide."}
-- needs: [probable_duplicate]
-- eligible: SELECT coalesce(sum(records), 0)::BIGINT FROM duplicate_search
-- minutes: 4
-- profile: all
-- params: {least: 0.5, share: 0.01, days: 30, won_days: 7}

-- Of pairs between systems other audits tell, and of a lead beside its contact; who was decided to be two is in no pair.
WITH pair AS MATERIALIZED (
  SELECT entity, system, object, id, other_id, probability, decided FROM probable_duplicate
  WHERE system = other_system AND object = other_object AND (probability >= $least OR decided = 'yes')),
searched AS (SELECT entity, system, object, id FROM pair UNION SELECT entity, system, object, other_id FROM pair),
-- What other audits compare. The second of each is a field that a workspace need not map: where it does not, there is none.
mail AS (
  SELECT system, object, id, list_value(*COLUMNS(lambda n: n IN ('id', 'email'))) AS email
  FROM contact SEMI JOIN (FROM searched WHERE entity = 'contact') USING (system, object, id)),
site AS (
  SELECT system, object, id, key, list_value(*COLUMNS(lambda n: n IN ('id', 'domain'))) AS domain,
         list_value(*COLUMNS(lambda n: n IN ('id', 'name'))) AS name, list_value(*COLUMNS(lambda n: n IN ('id', 'country'))) AS country,
         list_value(*COLUMNS(lambda n: n IN ('id', 'city'))) AS city, list_value(*COLUMNS(lambda n: n IN ('id', 'tax_id_raw'))) AS tax,
         list_value(*COLUMNS(lambda n: n IN ('id', 'parent'))) AS above, list_value(*COLUMNS(lambda n: n IN ('id', 'parent_raw'))) AS above_id
  FROM company),
house AS (
  SELECT h.* EXCLUDE (country), h.domain[2] IS NOT NULL AND p.id IS NULL AS copied, coalesce(h.above[2], h.key) AS family,
         company_norm(h.name[2]) AS norm, coalesce(country_code(h.country[2]), name_norm(h.country[2])) AS land
  FROM site h SEMI JOIN (FROM searched WHERE entity = 'company') USING (system, object, id)
  -- A branch has the domain of its parent rightly.
  LEFT JOIN site p ON p.system = h.system AND p.id = h.above_id[2] AND p.id <> h.id AND p.domain[2] = h.domain[2]),
written AS (
  SELECT COLUMNS(lambda n: n IN ('system', 'object', 'id', 'company', 'amount', 'close_date', 'is_won', 'is_closed', 'name', 'currency_raw', 'pipeline_raw', 'deal_type'))::VARCHAR
  FROM deal SEMI JOIN (FROM searched WHERE entity = 'deal') USING (system, object, id)),
asked AS (
  SELECT system, object, id, list_value(*COLUMNS(lambda n: n IN ('id', 'company'))) AS company, list_value(*COLUMNS(lambda n: n IN ('id', 'name'))) AS name,
         list_value(*COLUMNS(lambda n: n IN ('id', 'amount'))) AS amount, list_value(*COLUMNS(lambda n: n IN ('id', 'close_date'))) AS day,
         list_value(*COLUMNS(lambda n: n IN ('id', 'is_won'))) AS won, list_value(*COLUMNS(lambda n: n IN ('id', 'is_closed'))) AS closed,
         list_value(*COLUMNS(lambda n: n IN ('id', 'currency_raw'))) AS currency, list_value(*COLUMNS(lambda n: n IN ('id', 'pipeline_raw'))) AS ladder,
         list_value(*COLUMNS(lambda n: n IN ('id', 'deal_type'))) AS kind
  FROM written),
sale AS (
  SELECT system, object, id, company[2] AS company, amount[2]::DOUBLE AS amount, day[2]::DATE AS day,
         coalesce(won[2]::BOOLEAN, false) AS won, currency[2] AS currency, ladder[2] AS ladder, kind[2] AS kind
  FROM asked
  WHERE len(name) + len(won) + len(closed) = 6 AND amount[2]::DOUBLE > 0
    AND (won[2]::BOOLEAN OR closed[2]::BOOLEAN IS NOT TRUE)),
-- C05, M01, M02 and D17 tell these. The search has looked at the names of deals.
told AS (
  SELECT 'contact' AS entity, a.system, a.object, a.id, b.id AS other_id FROM mail a JOIN mail b USING (system, object)
  WHERE a.email[2] = b.email[2] AND NOT is_team_mailbox(a.email[2]) AND NOT is_no_address(a.email[2]) AND NOT is_throwaway_mail(a.email[2])
  UNION ALL
  SELECT 'company', a.system, a.object, a.id, b.id FROM house a JOIN house b USING (system, object)
  WHERE a.domain[2] = b.domain[2] AND a.copied AND b.copied AND NOT is_free_mail(a.domain[2]) AND NOT is_shared_site(a.domain[2])
    AND NOT is_throwaway_mail('@' || a.domain[2])
  UNION ALL
  SELECT 'company', a.system, a.object, a.id, b.id FROM house a JOIN house b USING (system, object, norm, land)
  WHERE len(a.domain) = 2 AND len(a.city) = 2 AND name_norm(a.city[2]) IS NOT DISTINCT FROM name_norm(b.city[2])
    AND coalesce(a.domain[2], a.id) <> coalesce(b.domain[2], b.id) AND a.family <> b.family
    AND coalesce(a.tax[2] = b.tax[2], true) AND NOT is_placeholder(a.name[2]) AND NOT is_household(a.name[2])
  UNION ALL
  SELECT 'deal', a.system, a.object, a.id, b.id FROM sale a JOIN sale b USING (system, object, company)
  WHERE abs(a.amount - b.amount) <= $share * greatest(a.amount, b.amount)
    AND abs(a.day - b.day) <= CASE WHEN a.won AND b.won THEN $won_days ELSE $days END
    AND coalesce(a.currency = b.currency, true) AND coalesce(a.ladder = b.ladder, true) AND coalesce(a.kind = b.kind, true)),
left_over AS (FROM pair ANTI JOIN told USING (entity, system, object, id, other_id)),
both_ways AS (
  SELECT * FROM left_over UNION ALL SELECT entity, system, object, other_id, id, probability, decided FROM left_over)
SELECT entity, system, object, id,
       string_agg(other_id || CASE decided WHEN 'yes' THEN '' ELSE ' (' || floor(100 * probability)::INTEGER || ' %)' END,
                  ', ' ORDER BY probability DESC, other_id) AS detail
FROM both_ways
GROUP BY entity, system, object, id
