-- id: C10
-- severity: info
-- entity: contact
-- category: validity
-- summary: {en: "Names in capitals, in small letters or with signs that no name has", es: "Nombres en mayúsculas, en minúsculas o con signos que ningún nombre tiene"}
-- why: {en: "Every mail greets the person wrongly, and comparing names fails.", es: "Cada correo saluda mal a la persona, y comparar nombres falla."}
-- remedy: {en: "Write the name as the person does; put what else it says into a field of its own.", es: "Escriba el nombre como lo hace la persona; lleve lo demás a su propio campo."}
-- needs: [contact.first_name, contact.last_name]
-- eligible: SELECT count(coalesce(first_name, last_name)) FROM contact
-- minutes: 1
-- profile: all

-- Scripts without capitals are innocent, and so are initials, particles (de la Cruz), a surname alone in capitals as
-- in France, China and Japan, McDonald, O'Brien, compound names, Mª and a number that belongs to a name (John 3rd).
WITH named AS (
  SELECT system, object, id, first_name, last_name, concat_ws(' ', first_name, last_name) AS whole,
    -- Who begins with a small letter: without the particles.
    CASE WHEN regexp_matches(last_name, '^\p{Ll}') THEN regexp_replace(last_name,
      '^(?:(?:de|del|da|das|do|dos|la|las|los|el|al|y|e|i|van|von|der|den|ter|ten|di|du|des|le|af|zu|bin|ibn|ben|bint|'
        || 'abu|san|d|st)[ ''’-]+)+', '') END AS last
  FROM contact WHERE first_name IS NOT NULL OR last_name IS NOT NULL),
judged AS (
  SELECT *,
    whole = upper(whole) AND whole <> lower(whole) AND regexp_matches(first_name, '\p{Lu}{3}')
      AND regexp_matches(last_name, '\p{Lu}{2}') AS loud,
    regexp_matches(first_name, '^\p{Ll}') AND first_name = lower(first_name) AND length(first_name) > 1 AS small_first,
    last = lower(last) AND last <> upper(last) AND length(last) > 1 AS small_last,
    coalesce(regexp_matches(first_name, '^\p{Ll}\p{Lu}{2,}$'), false) AS capitals_stuck,
    has_personal_junk(whole) AS junk
  FROM named)
SELECT system, object, id,
       CASE WHEN loud OR small_first OR capitals_stuck OR (junk AND has_personal_junk(first_name)) THEN 'first_name'
            ELSE 'last_name' END AS field,
       whole AS detail
FROM judged
WHERE (loud OR small_first OR small_last OR capitals_stuck OR junk) AND NOT is_placeholder(whole)
