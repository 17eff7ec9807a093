-- id: S02
-- severity: error
-- entity: contact
-- category: lifecycle
-- summary: {en: "Leads that asked and were never answered", es: "Leads que preguntaron y nadie respondió"}
-- why: {en: "They came by themselves, and a day later nobody has called, written or met them.", es: "Llegaron por sí mismos y un día después nadie los ha llamado, escrito ni visto."}
-- remedy: {en: "Call today, or close the lead with a reason.", es: "Llame hoy o cierre el lead con un motivo."}
-- needs: [activity, salesforce:activity, salesforce:contact.lead_source, contact.lead_status]
-- eligible: SELECT count(*) FROM contact WHERE object = 'Lead' AND lower(lead_source) IN ('web', 'phone inquiry')
-- minutes: 10
-- profile: all

-- A mailing to many touches nobody, a task that is still open is only a plan, and what was called off nobody did.
WITH read AS (SELECT system, max(since) AS since FROM fact WHERE fact = 'activity' GROUP BY system),
touched AS (
  SELECT DISTINCT t.key FROM activity_about t
  JOIN activity a ON a.system = t.system AND a.object = t.activity_object AND a.id = t.activity_id
  WHERE t.entity = 'contact' AND coalesce(a.state, '') NOT IN ('open', 'cancelled') AND a.subtype IS DISTINCT FROM 'ListEmail'
    AND coalesce(a.happened_at, a.day, a.created_at) <= $as_of)
SELECT l.system, l.object, l.id, 'lead_source' AS field, l.lead_source AS detail
FROM contact l JOIN read ON read.system = l.system
WHERE l.object = 'Lead' AND lower(l.lead_source) IN ('web', 'phone inquiry')
  AND l.lead_status IS DISTINCT FROM 'unqualified'
  AND l.created_at >= read.since AND l.created_at < $as_of - INTERVAL 24 HOUR
  AND NOT EXISTS (SELECT 1 FROM touched WHERE touched.key = l.key)
