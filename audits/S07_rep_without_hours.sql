-- id: S07
-- severity: info
-- entity: owner
-- category: ownership
-- summary: {en: "Reps who are handed leads and have no working hours, or only those round the clock", es: "Comerciales que reciben leads y no tienen horario de trabajo, o solo uno de 24 horas"}
-- why: {en: "Whether they answer in time can only be told in hours round the clock, nights and weekends included.", es: "Si responden a tiempo solo puede medirse en horas corridas, noches y fines de semana incluidos."}
-- remedy: {en: "Set time zone and working hours in their HubSpot profile, business hours in Salesforce, or hours under `agreement:`.", es: "Indique zona horaria y horario en su perfil de HubSpot, el horario de oficina en Salesforce, o un horario en `agreement:`."}
-- needs: [calendar, handoff]
-- eligible: SELECT count(DISTINCT (owner_system, owner_id)) FROM handoff WHERE owner_id IS NOT NULL AND handoff_at >= $as_of - to_days($days)
-- params: {days: 90}
-- minutes: 5
-- profile: all

-- Who has left needs no hours, and a queue or an integration works round the clock.
WITH handed AS (SELECT DISTINCT owner_system AS system, owner_id AS id FROM handoff WHERE handoff_at >= $as_of - to_days($days)),
rep AS (SELECT o.system, o.id FROM owner o SEMI JOIN handed USING (system, id) ANTI JOIN robot USING (system, id) WHERE o.active)
SELECT system, 'owner' AS object, id, 'hours' AS field FROM rep ANTI JOIN works USING (system, id)
UNION
-- An organisation is open round the clock until somebody sets its hours: those of nobody, told once.
SELECT c.system, c.object, c.id, 'hours' AS field FROM calendar c
WHERE c.object <> 'Holiday' AND c.is_default AND coalesce(c.active, true)
  AND EXISTS (SELECT 1 FROM calendar_problem p WHERE p.what = 'round' AND p.calendar = c.system)
  AND EXISTS (SELECT 1 FROM rep JOIN works w USING (system, id) WHERE w.source = 'organisation')
