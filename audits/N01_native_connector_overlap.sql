-- id: N01
-- severity: warning
-- entity: field
-- category: native
-- summary: {en: "Fields that the native connector usually writes, and crmsync writes, too", es: "Campos que suele escribir el conector nativo y que también escribe crmsync"}
-- why: {en: "Two writers with different rules: each takes back what the other wrote.", es: "Dos programas con reglas distintas: cada uno deshace lo que escribe el otro."}
-- remedy: {en: "Leave each field to one of them: `Don't sync` there or `direction: none` here, and declare the rest under `writers`.", es: "Deje cada campo a uno solo: «Don't sync» allí o `direction: none` aquí, y declare el resto en `writers`."}
-- needs: [native_connector, property]
-- eligible: SELECT count(*) FROM property p SEMI JOIN (SELECT system, object FROM property WHERE total > 0) r ON r.system = p.system AND r.object = p.object
-- minutes: 5
-- profile: all

SELECT n.system, n.object, n.native AS id, n.native AS field, n.name || ': ' || p.entity_field AS detail
FROM native_connector n JOIN (
  SELECT to_system AS system, to_object AS object, to_native AS native, min(entity || '.' || field) AS entity_field
  FROM way GROUP BY ALL) p ON p.system = n.system AND p.object = n.object AND p.native = n.native
WHERE n.kind = 'usual'
