-- id: S01
-- severity: warning
-- entity: contact
-- category: lifecycle
-- summary: {en: "Leads whose first call or message came hours after the hand-off", es: "Leads cuya primera llamada o mensaje llegó horas después del traspaso"}
-- why: {en: "Who asks several suppliers talks to the one who answers first; hours of work had passed, nights and weekends not counted.", es: "Quien pregunta a varios proveedores habla con el que responde primero; pasaron horas laborables, sin contar noches ni fines de semana."}
-- remedy: {en: "Find out what held these up: a queue, an absent rep, hand-offs nobody saw.", es: "Averigüe qué los retrasó: una cola, un comercial ausente, traspasos que nadie vio."}
-- needs: [activity, handoff, hours]
-- eligible: SELECT count(*) FROM handoff WHERE state = 'touched' AND business_s IS NOT NULL AND handoff_at >= $as_of - to_days($days)
-- params: {hours: 4, days: 90}
-- minutes: 2
-- profile: all

-- Only in working hours of who was handed the lead: without them nobody can be called late.
-- The record of the system whose owner was to call.
SELECT c.system, c.object, c.id, 'owner' AS field, printf('%.1f h', h.business_s / 3600) AS detail
FROM handoff h JOIN contact c ON c.key = h.key AND c.system = h.owner_system
WHERE h.state = 'touched' AND h.business_s > $hours * 3600
  AND h.handoff_at >= $as_of - to_days($days)
QUALIFY row_number() OVER (PARTITION BY h.key, h.episode ORDER BY c.created_at DESC, c.object, c.id) = 1
