-- id: X03
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "Several records that claim to be one record of the other system", es: "Varios registros que dicen ser un mismo registro del otro sistema"}
-- why: {en: "Two records overwrite each other through the third, and neither CRM shows it.", es: "Dos registros se sobrescriben mutuamente a través del tercero, y ningún CRM lo muestra."}
-- remedy: {en: "Merge them if they are one customer; else clear the link of the one that does not belong there.", es: "Fusiónelos si son un mismo cliente; si no, vacíe el enlace del que no corresponde."}
-- needs: [native_link]
-- eligible: SELECT count(*) FROM native_link
-- minutes: 5

SELECT key, system, object, id, field, to_system || ' ' || to_object || ' ' || to_id AS detail
FROM native_link WHERE state = 'double'
