-- id: D12
-- severity: warning
-- entity: deal
-- category: lifecycle
-- summary: {en: "Open deals on which nothing has happened for weeks", es: "Oportunidades abiertas sin movimiento desde hace semanas"}
-- why: {en: "They stay in the forecast though nobody works on them.", es: "Siguen en la previsión aunque nadie las esté trabajando."}
-- remedy: {en: "Call, set a next step, or close them as lost.", es: "Llame, fije un próximo paso o ciérrelas como perdidas."}
-- needs: [activity, association.deal.contact, deal.stage, deal.is_closed, deal.amount]
-- eligible: SELECT count(*) FROM deal WHERE is_closed IS FALSE
-- params: {days: 60, stages: [negotiation=30]}
-- minutes: 3
-- profile: all

-- Any sign of life counts, in either system: a change of the record, an activity on the deal or with somebody on it, a
-- plan for later. `stages` allow single stages another number of days, in our words for them: negotiation=30.
WITH patience AS (
  SELECT split_part(one, '=', 1) AS stage, try_cast(split_part(one, '=', 2) AS INTEGER) AS days
  FROM (SELECT unnest($stages::VARCHAR[]) AS one)),
-- Only where activities of all those days were read.
unread AS (SELECT 1 FROM fact WHERE fact = 'activity' GROUP BY system
  HAVING max(since) > $as_of - to_days(greatest($days, (SELECT coalesce(max(days), 0) FROM patience)))),
touched AS (SELECT key, max(greatest(created_at, modified_at)) AS moment FROM deal GROUP BY key),
quiet AS (
  SELECT d.system, d.object, d.id, d.key, d.amount, t.moment, $as_of - to_days(coalesce(p.days, $days)) AS since
  FROM deal d JOIN touched t ON t.key = d.key LEFT JOIN patience p ON p.stage = d.stage
  WHERE d.is_closed IS FALSE AND t.moment < $as_of - to_days(coalesce(p.days, $days)) AND NOT EXISTS (SELECT 1 FROM unread)),
-- Whose activities count: the deal's own, and those of everybody on it or on its twin.
about AS (
  SELECT key, 'deal' AS entity, key AS whose FROM quiet
  UNION SELECT d.key, 'contact', c.key FROM deal d SEMI JOIN quiet q ON q.key = d.key
  JOIN association s ON s.system = d.system AND s.from_object = d.object AND s.from_id = d.id
  JOIN contact c ON c.system = s.system AND c.object = s.to_object AND c.id = s.to_id),
done AS (
  SELECT b.key, max(CASE WHEN a.state = 'open' THEN $as_of ELSE coalesce(a.happened_at, a.day, a.created_at) END) AS moment
  FROM about b JOIN activity_about t ON t.entity = b.entity AND t.key = b.whose
  JOIN activity a ON a.system = t.system AND a.object = t.activity_object AND a.id = t.activity_id
  WHERE a.state IS DISTINCT FROM 'cancelled' GROUP BY b.key)
SELECT q.system, q.object, q.id, 'stage' AS field, strftime(greatest(q.moment, o.moment), '%Y-%m-%d') AS detail, q.amount
FROM quiet q LEFT JOIN done o ON o.key = q.key
WHERE coalesce(o.moment < q.since, true)
