-- id: S03
-- severity: warning
-- entity: deal
-- category: lifecycle
-- summary: {en: "Open deals with no next step and no open task", es: "Oportunidades abiertas sin próximo paso ni tarea pendiente"}
-- why: {en: "Nobody has planned anything: they stay in the forecast and go cold.", es: "Nadie tiene nada previsto: siguen en la previsión y se enfrían."}
-- remedy: {en: "Write the next step with its day, or close the deal.", es: "Escriba el próximo paso con su fecha, o cierre la oportunidad."}
-- needs: [activity, deal.next_step, deal.is_closed]
-- eligible: SELECT count(*) FROM deal WHERE is_closed IS FALSE
-- params: {days: 7}
-- minutes: 3
-- profile: all

-- One plan is enough, in either system: a step, an open task or a meeting to come, on the deal or with somebody on it.
WITH planned AS (
  SELECT DISTINCT t.system, t.object, t.id, t.entity, t.key FROM activity_about t
  JOIN activity a ON a.system = t.system AND a.object = t.activity_object AND a.id = t.activity_id
  WHERE a.state = 'open' OR (coalesce(a.state, '') <> 'cancelled' AND coalesce(a.happened_at, a.day) >= date_trunc('day', $as_of))),
on_deal AS (
  SELECT d.key FROM deal d JOIN association s ON s.system = d.system AND s.from_object = d.object AND s.from_id = d.id
  JOIN contact c ON c.system = s.system AND c.object = s.to_object AND c.id = s.to_id
  JOIN planned p ON p.entity = 'contact' AND p.key = c.key
  UNION SELECT key FROM planned WHERE entity = 'deal'
  UNION SELECT key FROM deal WHERE next_step_raw IS NOT NULL OR is_closed)
SELECT d.system, d.object, d.id, 'next_step' AS field, d.amount FROM deal d
WHERE d.is_closed IS FALSE AND d.next_step_raw IS NULL
  AND d.created_at < $as_of - to_days($days)
  AND EXISTS (SELECT 1 FROM field f WHERE f.entity = 'deal' AND f.field = 'next_step' AND f.system = d.system AND f.filled > 0)
  AND NOT EXISTS (SELECT 1 FROM on_deal o WHERE o.key = d.key)
