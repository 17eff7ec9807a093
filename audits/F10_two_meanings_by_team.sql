-- id: F10
-- severity: info
-- entity: field
-- category: fields
-- summary: {en: "Fields that two groups of owners fill with words of their own", es: "Campos que dos grupos de propietarios rellenan cada uno con sus propias palabras"}
-- why: {en: "One team means one thing by the field, another team another: a report over both adds up what cannot be added.", es: "Un equipo entiende una cosa por el campo y otro equipo, otra: un informe sobre ambos suma lo que no se puede sumar."}
-- remedy: {en: "Ask both teams what they mean. Agree on one list, or make a field for each. A field that is meant to differ by team goes under `leave`.", es: "Pregunte a los dos equipos qué quieren decir. Acuerden una sola lista o creen un campo para cada uno. Si debe variar según el equipo, indíquelo en `leave`."}
-- needs: [property, owned]
-- eligible: SELECT count(*) FROM property WHERE field IS NOT NULL AND filled >= 2 * $rows
-- minutes: 20
-- profile: all
-- params: {rows: 30, values: 40, leave: [country, state, city, street, postal_code, language, currency, time_zone, pipeline, stage, lifecycle_stage, lead_status, company_name, name, first_name, last_name, email, phone, website, domain]}

-- Territories, languages and stages differ by team rightly. Of lists alone: a text that hardly anybody repeats is none.
WITH RECURSIVE used AS (
  SELECT u.system, u.object, u.native, u.value, o.owner_id AS owner, count(*) AS n
  FROM field_use u JOIN (SELECT DISTINCT system, object, id, owner_id FROM owned WHERE owner_id IS NOT NULL) o USING (system, object, id)
  -- Not read at all: fields left out, as a list of constants (a join would come after reading), and what is alike everywhere.
  SEMI JOIN (SELECT system, object, native FROM property WHERE top_count < filled) p
    ON p.system = u.system AND p.object = u.object AND p.native = u.native
  WHERE NOT list_contains($leave::VARCHAR[], u.field) GROUP BY ALL),
list AS (
  SELECT system, object, native, arg_max(owner, n) AS most FROM used GROUP BY ALL
  HAVING count(DISTINCT value) BETWEEN 4 AND $values AND count(DISTINCT owner) >= 4 AND sum(n) >= 2 * $rows),
-- One stray record ties no two groups together.
tie AS (
  SELECT used.* FROM used SEMI JOIN list USING (system, object, native)
  QUALIFY n * 50 >= sum(n) OVER (PARTITION BY system, object, native, value)),
-- Whom one gets to from the owner of most, by words that two of them use.
near AS (
  SELECT system, object, native, most AS owner FROM list
  UNION
  SELECT b.system, b.object, b.native, b.owner FROM near
  JOIN tie a ON a.system = near.system AND a.object = near.object AND a.native = near.native AND a.owner = near.owner
  JOIN tie b ON b.system = a.system AND b.object = a.object AND b.native = a.native AND b.value = a.value),
side AS (
  SELECT t.*, n.owner IS NOT NULL AS is_near FROM tie t
  LEFT JOIN near n ON n.system = t.system AND n.object = t.object AND n.native = t.native AND n.owner = t.owner),
counted AS (
  SELECT system, object, native, is_near, string_agg(DISTINCT value, ', ' ORDER BY value) AS words
  FROM side GROUP BY ALL
  HAVING count(DISTINCT owner) > 1 AND count(DISTINCT value) > 1 AND sum(n) >= $rows)
SELECT system, object, native AS id, native AS field, string_agg(words, ' / ' ORDER BY words) AS detail
FROM counted GROUP BY system, object, native
HAVING count(*) = 2
