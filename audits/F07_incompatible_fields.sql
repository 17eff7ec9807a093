-- id: F07
-- severity: info
-- entity: field
-- category: fields
-- summary: {en: "Mapped fields that cannot hold all that their counterpart may send", es: "Campos mapeados que no admiten todo lo que puede llegar de su pareja"}
-- why: {en: "What does not fit is refused, cut or rounded, one record at a time, and nobody is told.", es: "Lo que no cabe se rechaza, se corta o se redondea, registro a registro y sin que nadie lo sepa."}
-- remedy: {en: "Make the field longer, add the options, or say under `values` what becomes of them.", es: "Amplíe el campo, añada las opciones o indique en `values` qué pasa con ellas."}
-- needs: [property, pair]
-- eligible: SELECT count(*) FROM property p SEMI JOIN (SELECT system, object FROM property WHERE total > 0) r ON r.system = p.system AND r.object = p.object
-- minutes: 10
-- profile: all
-- params: {near: 0.9}

-- An export, or an object that our user may only read, takes nothing at all: that is no news of any one field.
WITH written AS (SELECT DISTINCT system, object FROM property WHERE NOT read_only),
told AS (
  SELECT l.*, p.longest FROM loss l
  JOIN property p ON p.system = l.system AND p.object = l.object AND p.native = l.native
  -- Several words that become one are what the mapping says; a list that takes whatever comes refuses nothing.
  WHERE p.total > 0 AND l.kind NOT IN ('merged', 'unlisted')
    AND (l.to_system, l.to_object) IN (SELECT (system, object) FROM written)
    -- A field that is shorter matters as soon as what is written comes near.
    AND (l.kind NOT IN ('cut', 'too_long', 'rounded', 'seconds') OR
      l.kind IN ('cut', 'too_long') AND p.longest >= $near * l.number::BIGINT))
SELECT to_system AS system, to_object AS object, to_native AS id, to_native AS field,
  string_agg(DISTINCT system || ' ' || object || '.' || native || ': ' || kind || coalesce(' ' || number, '') ||
    coalesce(' (' || left(words, 80) || ')', ''), '; ') AS detail
FROM told GROUP BY to_system, to_object, to_native
