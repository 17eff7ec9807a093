-- id: F05
-- severity: info
-- entity: field
-- category: fields
-- summary: {en: "Fields whose values changed all at once: old records say one thing, new ones another", es: "Campos cuyos valores cambiaron de golpe: los registros antiguos dicen una cosa y los nuevos otra"}
-- why: {en: "Somebody gave the field a new meaning. Reports over both times add up what cannot be added.", es: "Alguien le dio otro significado al campo. Los informes que abarcan ambas épocas suman lo que no se puede sumar."}
-- remedy: {en: "Find out what changed that day, translate the old values, or make a field of its own for the new meaning.", es: "Averigüe qué cambió ese día, traduzca los valores antiguos o cree otro campo para el significado nuevo."}
-- needs: [property]
-- eligible: SELECT count(*) FROM property WHERE field IS NOT NULL AND filled >= 2 * $rows
-- minutes: 20
-- profile: all
-- params: {rows: 30}

WITH used AS (
  SELECT system, object, native, value, count(*) AS n, min(created_at) AS first, max(created_at) AS last
  FROM field_use WHERE created_at IS NOT NULL GROUP BY ALL),
-- In order of their first use: a clean cut is where every value before it was used for the last time.
cut AS (
  SELECT *, max(last) OVER before AS ended, sum(n) OVER before AS rows_before, count(*) OVER before AS values_before,
    sum(n) OVER everything AS all_rows, count(*) OVER everything AS all_values
  FROM used
  WINDOW before AS (PARTITION BY system, object, native ORDER BY first, value
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    everything AS (PARTITION BY system, object, native)),
clean AS (SELECT * FROM cut WHERE ended < first)
SELECT system, object, native AS id, native AS field, strftime(any_value(first), '%Y-%m-%d') AS detail
FROM clean
GROUP BY system, object, native
-- Names of campaigns follow one another, cut after cut; a new meaning cuts once, between several values on each side.
HAVING count(*) = 1 AND any_value(values_before) > 1 AND any_value(all_values - values_before) > 1
  AND any_value(rows_before) >= $rows AND any_value(all_rows - rows_before) >= $rows
