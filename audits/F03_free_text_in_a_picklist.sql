-- id: F03
-- severity: warning
-- entity: field
-- category: fields
-- summary: {en: "Lists of options that hold free text, and free text that is a list in the other system", es: "Listas con texto libre, y texto libre que en el otro sistema es una lista"}
-- why: {en: "The same answer is spelled in many ways: nobody can filter by it, and a sync cannot translate it.", es: "La misma respuesta se escribe de muchas formas: no se puede filtrar ni traducir en una sincronización."}
-- remedy: {en: "Make it a restricted list, and map what is there by `values`.", es: "Conviértalo en una lista cerrada y mapee lo que haya en `values`."}
-- needs: [property]
-- eligible: SELECT count(*) FROM property WHERE filled >= $rows
-- minutes: 15
-- profile: all
-- params: {rows: 50, values: 60, few: 20}

WITH listed AS (
  SELECT DISTINCT system, field FROM property WHERE field IS NOT NULL AND type IN ('picklist', 'multipicklist'))
-- A list that takes whatever is typed, and was given more words than anybody chooses from.
SELECT system, object, native AS id, native AS field, "distinct"::VARCHAR AS detail
FROM property
WHERE type = 'picklist' AND options IS NULL AND filled >= $rows AND "distinct" > $values
UNION ALL
SELECT p.system, p.object, p.native, p.native, p."distinct" || ': ' || min(l.system)
FROM property p JOIN listed l ON l.field = p.field AND l.system <> p.system
-- Few words on many records are a list that nobody made one.
WHERE p.type IN ('string', 'text') AND p.filled >= $rows AND p."distinct" BETWEEN 2 AND $few
GROUP BY p.system, p.object, p.native, p."distinct"
