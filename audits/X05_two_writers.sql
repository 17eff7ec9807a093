-- id: X05
-- severity: warning
-- entity: contact
-- category: consistency
-- summary: {en: "Fields that two writers kept changing back in the last 30 days", es: "Campos que dos programas se sobrescribieron mutuamente en los últimos 30 días"}
-- why: {en: "Two of them own the same field: each takes back what the other wrote, and what people typed is lost in between. Looked at: 30 days, or fewer where `history_days` reads less.", es: "Ambos se creen dueños del mismo campo: cada uno deshace lo que escribió el otro, y lo que teclean las personas se pierde por el camino. Se miran 30 días, o menos donde `history_days` lee menos."}
-- remedy: {en: "Leave the field to one writer: `direction: none` here, or `Don't sync` in the native connector; declare the others under `writers`.", es: "Deje el campo a un solo escritor: `direction: none` aquí o «Don't sync» en el conector nativo; declare los demás en `writers`."}
-- needs: [event]
-- eligible: SELECT count(DISTINCT (system, object, id, native)) FROM event WHERE kind = 'field' AND field IS NOT NULL
-- minutes: 15
-- profile: all

-- Once is a correction. Twice, there and back by two of them within a week each, is a quarrel.
WITH told AS (
  SELECT system, object, id, entity, field, native, old, new, happened_at,
    coalesce(nullif(concat_ws(' ', origin, origin_id, actor_id), ''), source) AS who FROM event
  WHERE kind = 'field' AND field IS NOT NULL AND precision IS DISTINCT FROM 'upper_bound' AND happened_at <= $as_of),
after AS (
  SELECT *, lag(old) OVER held AS old_before, lag(new) OVER held AS new_before, lag(who) OVER held AS who_before,
    lag(happened_at) OVER held AS at_before
  FROM told WINDOW held AS (PARTITION BY system, object, id, native ORDER BY happened_at)),
back AS (
  SELECT * FROM after
  WHERE new IS NOT DISTINCT FROM old_before AND old IS NOT DISTINCT FROM new_before AND who <> who_before
    AND happened_at <= at_before + INTERVAL 7 DAY AND happened_at > $as_of - INTERVAL 30 DAY)
SELECT system, object, id, any_value(entity) AS entity, field,
  string_agg(DISTINCT least(who, who_before) || ' / ' || greatest(who, who_before), ', ') || ' (' || count(*) || ')' AS detail
FROM back GROUP BY system, object, id, field HAVING count(*) > 1
