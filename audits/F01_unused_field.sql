-- id: F01
-- severity: info
-- entity: field
-- category: fields
-- summary: {en: "Mapped fields that hardly any record fills", es: "Campos mapeados que casi ningún registro rellena"}
-- why: {en: "Forms and reports carry them along, and nobody can rely on what they say.", es: "Formularios e informes los arrastran, y nadie puede fiarse de lo que dicen."}
-- remedy: {en: "Fill them, or take them off the page layouts and out of the mapping.", es: "Rellénelos o quítelos de los formularios y del mapeo."}
-- needs: [property]
-- eligible: SELECT count(*) FROM property WHERE field IS NOT NULL AND total >= $rows
-- minutes: 5
-- profile: all
-- params: {share: 0.01, rows: 100}

SELECT system, object, native AS id, native AS field, filled || ' / ' || total AS detail
FROM property
WHERE field IS NOT NULL AND total >= $rows AND filled < $share * total
