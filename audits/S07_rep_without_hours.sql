-- id: S07
-- severity: info
-- entity: owner
-- category: ownership
-- summary: {en: "Reps who are handed leads and have no working hours", es: "Comerciales que reciben leads y no tienen horario de trabajo"}
-- why: {en: "Whether they answer in time can only be told in hours round the clock, nights and weekends included.", es: "Si responden a tiempo solo puede medirse en horas corridas, noches y fines de semana incluidos."}
-- remedy: {en: "Set time zone and working hours in their HubSpot profile, business hours in Salesforce, or hours under `agreement:`.", es: "Indique zona horaria y horario en su perfil de HubSpot, el horario de oficina en Salesforce, o un horario en `agreement:`."}
-- needs: [calendar, handoff]
-- eligible: SELECT count(DISTINCT (owner_system, owner_id)) FROM handoff WHERE owner_id IS NOT NULL AND handoff_at >= $as_of - to_days($days)
-- params: {days: 90}
-- minutes: 5
-- profile: all

-- Who has left needs no hours, and a queue or an integration works round the clock.
SELECT o.system, 'owner' AS object, o.id, 'hours' AS field FROM owner o
WHERE o.active
  AND EXISTS (SELECT 1 FROM handoff h WHERE h.owner_system = o.system AND h.owner_id = o.id AND h.handoff_at >= $as_of - to_days($days))
  AND NOT EXISTS (SELECT 1 FROM works w WHERE w.system = o.system AND w.id = o.id)
  AND NOT EXISTS (SELECT 1 FROM robot r WHERE r.system = o.system AND r.id = o.id)
