-- id: X02
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "Native links that lead to a record that is gone", es: "Enlaces nativos que llevan a un registro que ya no existe"}
-- why: {en: "The connector writes into nothing: what marketing learns never reaches sales, and nobody is told.", es: "El conector escribe en el vacío: lo que sabe marketing no llega a ventas y nadie se entera."}
-- remedy: {en: "Look for the record it was merged into and let the connector sync it again, or clear the link.", es: "Busque el registro en el que se fusionó y vuelva a sincronizarlo con el conector, o vacíe el enlace."}
-- needs: [native_link]
-- eligible: SELECT count(*) FROM native_link
-- minutes: 4

SELECT key, system, object, id, field, to_system || ' ' || to_object || ' ' || to_id AS detail
FROM native_link WHERE state = 'broken'
