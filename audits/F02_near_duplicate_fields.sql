-- id: F02
-- severity: info
-- entity: field
-- category: fields
-- summary: {en: "Fields of one object that seem to be the same", es: "Campos de un mismo objeto que parecen ser el mismo"}
-- why: {en: "Half of the people fill one and half the other; no list or report finds everybody.", es: "La mitad de la gente rellena uno y la otra mitad el otro; ninguna lista encuentra a todos."}
-- remedy: {en: "Move the values into one of them, and archive the other.", es: "Pase los valores a uno de ellos y archive el otro."}
-- needs: [property]
-- eligible: SELECT count(*) FROM property p SEMI JOIN (SELECT system, object FROM property WHERE total > 0) r ON r.system = p.system AND r.object = p.object
-- minutes: 10
-- profile: all
-- params: {rows: 50, values: 5}

WITH live AS (SELECT DISTINCT system, object FROM property WHERE total > 0),
named AS (
  SELECT p.*, regexp_replace(strip_accents(lower(coalesce(label, native))), '[^a-z0-9]+', '', 'g') AS called,
    regexp_replace(strip_accents(lower(regexp_replace(native, '__p?c$', ''))), '[^a-z0-9]+', '', 'g') AS spelled
  FROM property p JOIN live USING (system, object)),
-- Every portal has fields of one label that the system keeps itself: one of the two has to be made by people.
alike AS (
  SELECT a.system, a.object, a.native, b.native AS other FROM named a JOIN named b
    ON b.system = a.system AND b.object = a.object AND b.called = a.called AND b.native <> a.native
  WHERE a.custom AND a.called <> '' AND NOT (b.custom AND b.native > a.native)
  UNION
  SELECT a.system, a.object, a.native, b.native FROM named a JOIN named b
    ON b.system = a.system AND b.object = a.object AND b.spelled = a.spelled AND b.native <> a.native
  WHERE a.custom AND a.spelled <> '' AND NOT (b.custom AND b.native > a.native)
  UNION
  SELECT a.system, a.object, a.native, b.native FROM named a JOIN named b
    ON b.system = a.system AND b.object = a.object AND b.same = a.same AND b.native <> a.native
  -- A few values that happen to be alike say nothing.
  WHERE a.filled >= $rows AND a.filled = b.filled AND a."distinct" >= $values
    AND CASE WHEN a.custom = b.custom THEN a.native > b.native ELSE a.custom END)
SELECT system, object, native AS id, native AS field, string_agg(DISTINCT other, ', ' ORDER BY other) AS detail
FROM alike GROUP BY system, object, native
