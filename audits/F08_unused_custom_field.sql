-- id: F08
-- severity: info
-- entity: field
-- category: fields
-- summary: {en: "Fields made for this company that hardly any record fills, and nobody maps", es: "Campos creados por la empresa que casi ningún registro rellena y nadie mapea"}
-- why: {en: "Every one of them makes forms longer and choosing the right one harder.", es: "Cada uno alarga los formularios y hace más difícil elegir el correcto."}
-- remedy: {en: "Ask whoever made it, then archive it; what it held stays in the last backup.", es: "Pregunte a quien lo creó y archívelo; lo que contenía queda en la última copia de seguridad."}
-- needs: [property, inventory]
-- eligible: SELECT count(*) FROM property WHERE custom AND field IS NULL AND total >= $rows
-- minutes: 5
-- profile: all
-- params: {share: 0.01, rows: 100}

SELECT system, object, native AS id, native AS field, coalesce(label || ': ', '') || filled || ' / ' || total AS detail
FROM property
-- What the system works out or a package writes is nobody's to fill.
WHERE custom AND field IS NULL AND NOT read_only AND total >= $rows AND filled < $share * total
