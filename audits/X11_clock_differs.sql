-- id: X11
-- severity: info
-- entity: contact
-- category: consistency
-- summary: {en: "Activities that stand at other hours in the two systems, all by the same whole hours", es: "Actividades a distinta hora en cada sistema, siempre con la misma diferencia de horas enteras"}
-- why: {en: "A time zone is set wrongly somewhere: speed to lead and days of activities are wrong by that.", es: "Hay una zona horaria mal puesta: la velocidad de respuesta y los días de actividad salen mal."}
-- remedy: {en: "Compare the time zone of the users, the account and whatever copies activities.", es: "Compare la zona horaria de los usuarios, de la cuenta y de lo que copia las actividades."}
-- needs: [pair, activity]
-- eligible: SELECT count(*) FROM activity WHERE happened_at IS NOT NULL
-- minutes: 1
-- profile: all
-- params: {times: 3}

WITH held AS (
  SELECT DISTINCT t.key, a.kind, lower(trim(a.subject)) AS subject, a.system, a.object, a.id, a.happened_at,
    -- Within the hour: what only the zone sets apart is alike in it.
    epoch(a.happened_at)::BIGINT % 3600 AS within
  FROM activity a JOIN activity_about t
    ON t.system = a.system AND t.activity_object = a.object AND t.activity_id = a.id
  WHERE a.happened_at IS NOT NULL AND nullif(trim(a.subject), '') IS NOT NULL AND t.key IS NOT NULL),
shifted AS (
  SELECT a.system, a.object, a.id, b.system AS other, datediff('hour', a.happened_at, b.happened_at) AS hours
  FROM held a JOIN held b
    ON b.key = a.key AND b.kind = a.kind AND b.subject = a.subject AND b.within = a.within AND a.system < b.system
  WHERE a.happened_at <> b.happened_at AND abs(datediff('hour', a.happened_at, b.happened_at)) <= 14)
-- One pair may be two calls on one day; a clock that is wrong is wrong every time, and by the same.
SELECT system, object, id, 'happened_at' AS field, printf('%+d h in %s', hours, other) AS detail
FROM (SELECT DISTINCT * FROM shifted)
QUALIFY count(*) OVER (PARTITION BY system, other, hours) >= $times
