-- id: L10
-- severity: info
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts stuck at MQL or SQL", es: "Contactos estancados en MQL o SQL"}
-- why: {en: "Marketing paid for them and sales has not decided: every week fewer of them will buy.", es: "Marketing los pagó y ventas no ha decidido: cada semana que pasa compran menos."}
-- remedy: {en: "Call them, open the deal, or send them back with a reason.", es: "Llámelos, abra la oportunidad o devuélvalos con un motivo."}
-- needs: [standing, stage_event]
-- eligible: SELECT count(*) FROM standing WHERE entity = 'contact' AND current IN ('mql', 'sql')
-- minutes: 5
-- profile: all
-- params: {days_mql: 30, days_sql: 60}

-- Whom sales sent back or turned down is decided, and who is stuck since nobody knows when is not accused.
WITH stuck AS (
  SELECT s.key, s.system, s.evidence_system, s.current || ' ' || strftime(coalesce(s.at::DATE, s.day), '%Y-%m-%d') AS detail
  FROM standing t
  JOIN standing_in s ON s.entity = t.entity AND s.key = t.key AND s.current = t.current AND s.system = t.decided_by
  WHERE t.entity = 'contact' AND t.current IN ('mql', 'sql')
    AND coalesce(t.disposition, '') NOT IN ('disqualified', 'rejected', 'recycled', 'nurture')
    AND s.precision IN ('instant', 'day')
    AND coalesce(s.at::DATE, s.day) < ($as_of::DATE - CASE t.current WHEN 'mql' THEN $days_mql ELSE $days_sql END::INTEGER)),
-- Of several records of one system the first.
first AS (
  SELECT key, system, min(object) AS object, arg_min(id, object || id) AS id
  FROM contact SEMI JOIN stuck USING (key, system) GROUP BY ALL)
SELECT s.evidence_system AS system, c.object, c.id, 'lifecycle_stage' AS field, s.detail
FROM stuck s JOIN first c USING (key, system)
