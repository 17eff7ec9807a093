-- id: F04
-- severity: info
-- entity: field
-- category: fields
-- summary: {en: "Lists of options in which nearly all records have what was there by default", es: "Listas en las que casi todos los registros conservan la opción por defecto"}
-- why: {en: "It looks filled in, and says only that nobody chose.", es: "Parece rellenado y solo dice que nadie eligió."}
-- remedy: {en: "Take the default away, so that a blank is a blank; or stop asking.", es: "Quite el valor por defecto, para que un vacío sea un vacío; o deje de preguntarlo."}
-- needs: [property]
-- eligible: SELECT count(*) FROM property WHERE usual IS NOT NULL AND filled >= $rows
-- minutes: 10
-- profile: all
-- params: {rows: 100, share: 0.98}

SELECT system, object, native AS id, native AS field, top || ': ' || top_count || ' / ' || filled AS detail
FROM property
-- Where there is but one option, nobody could choose. What the system works out is no choice either.
WHERE type IN ('picklist', 'multipicklist') AND usual IS NOT NULL AND top = usual AND filled >= $rows
  AND top_count > $share * filled AND coalesce(len(options), 2) > 1 AND NOT read_only
