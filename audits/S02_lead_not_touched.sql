-- id: S02
-- severity: error
-- entity: contact
-- category: lifecycle
-- summary: {en: "Leads that asked and were never answered", es: "Leads que preguntaron y nadie respondió"}
-- why: {en: "They came by themselves, and a day later nobody has called, written or met them.", es: "Llegaron por sí mismos y un día después nadie los ha llamado, ni les ha escrito, ni se ha reunido con ellos."}
-- remedy: {en: "Call today, or close the lead with a reason.", es: "Llame hoy o cierre el lead con un motivo."}
-- needs: [activity, inbound]
-- eligible: SELECT count(*) FROM inbound WHERE NOT closed
-- params: {hours: 24}
-- minutes: 10
-- profile: all

-- A mailing to many touches nobody, a task that is still open is only a plan, what was called off nobody did, and a mail
-- of theirs is no answer of ours.
WITH read AS (SELECT system, max(since) AS since FROM fact WHERE fact = 'activity' GROUP BY system),
touched AS (
  SELECT DISTINCT t.key FROM activity_about t
  JOIN activity a ON a.system = t.system AND a.object = t.activity_object AND a.id = t.activity_id
  WHERE t.entity = 'contact' AND coalesce(a.state, '') NOT IN ('open', 'cancelled') AND a.subtype IS DISTINCT FROM 'ListEmail'
    AND NOT (a.kind = 'email' AND coalesce(a.direction, '') = 'inbound')
    AND coalesce(a.happened_at, a.day, a.created_at) <= $as_of)
-- One finding a customer: of who is there in both systems, the record that was made first.
SELECT i.system, i.object, i.id, 'lead_source' AS field, i.source AS detail
FROM inbound i JOIN read ON read.system = i.system
WHERE NOT i.closed
  AND i.created_at >= read.since AND i.created_at < $as_of - to_hours($hours)
  AND NOT EXISTS (SELECT 1 FROM touched WHERE touched.key = i.key)
  AND NOT EXISTS (SELECT 1 FROM inbound o WHERE o.key = i.key AND o.closed)
QUALIFY row_number() OVER (PARTITION BY i.key ORDER BY i.created_at, i.system, i.object, i.id) = 1
