-- id: S05
-- severity: info
-- entity: contact
-- category: lifecycle
-- summary: {en: "Calls, e-mails and meetings dated before the person was in any CRM", es: "Llamadas, correos y reuniones con fecha anterior al alta de la persona en cualquier CRM"}
-- why: {en: "Their date is wrong, or people are entered long after they were first spoken to: response times mean nothing then.", es: "O la fecha está mal, o las personas se dan de alta mucho después de hablar con ellas: así, los tiempos de respuesta no significan nada."}
-- remedy: {en: "Correct the date; enter people before the first call.", es: "Corrija la fecha; dé de alta a las personas antes de la primera llamada."}
-- needs: [activity]
-- eligible: SELECT count(*) FROM activity WHERE kind IN ('call', 'email', 'meeting') AND happened_at IS NOT NULL
-- params: {days: 7, bulk: 10}
-- minutes: 1
-- profile: all

-- What was brought in from elsewhere came with its dates, as did people who were: neither is anybody's mistake.
WITH born AS (SELECT key, min(created_at) AS at_first, count(*) AS records FROM contact GROUP BY 1),
brought AS (
  SELECT system, object, date_trunc('minute', created_at) AS minute FROM contact GROUP BY ALL HAVING count(*) > $bulk),
known AS (
  SELECT b.key, b.at_first FROM born b
  WHERE NOT EXISTS (SELECT 1 FROM contact c JOIN brought r ON r.system = c.system AND r.object = c.object
    AND r.minute = date_trunc('minute', c.created_at) WHERE c.key = b.key)
    AND NOT EXISTS (SELECT 1 FROM marketing m WHERE m.key = b.key AND m.entity = 'contact'
      AND m.made_by IN ('IMPORT', 'INTEGRATION', 'API', 'MIGRATION', 'SALESFORCE', 'EMAIL_INTEGRATION', 'BCC_TO_CRM'))),
at_once AS (
  SELECT system, object, date_trunc('minute', created_at) AS minute FROM activity GROUP BY ALL HAVING count(*) > $bulk)
SELECT DISTINCT a.system, a.object, a.id, 'happened_at' AS field, strftime(a.happened_at, '%Y-%m-%d') AS detail
FROM activity a
JOIN activity_about t ON t.system = a.system AND t.activity_object = a.object AND t.activity_id = a.id AND t.entity = 'contact'
JOIN known k ON k.key = t.key
WHERE a.kind IN ('call', 'email', 'meeting') AND a.happened_at < k.at_first - to_days($days)
  AND coalesce(a.origin, '') NOT IN ('IMPORT', 'MIGRATION', 'INTEGRATION', 'EMAIL_INTEGRATION', 'BATCH_UPDATE')
  AND NOT EXISTS (SELECT 1 FROM at_once r WHERE r.system = a.system AND r.object = a.object
    AND r.minute = date_trunc('minute', a.created_at))
