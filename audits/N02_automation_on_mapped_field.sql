-- id: N02
-- severity: info
-- entity: automation
-- category: native
-- summary: {en: "Automations that write mapped fields", es: "Automatizaciones que escriben campos mapeados"}
-- why: {en: "They run on the mass of records that a first sync writes, and what they change flows back.", es: "Se ejecutan sobre la masa de registros de una primera sincronización, y lo que cambian vuelve de rebote."}
-- remedy: {en: "Look at each with `crmsync doctor --automations`; pause it for the first sync, or leave the field to it.", es: "Revíselas con `crmsync doctor --automations`; deténgalas en la primera sincronización o déjeles el campo."}
-- needs: [automation, property]
-- eligible: SELECT count(*) FROM automation WHERE active
-- minutes: 10
-- profile: all

WITH writes AS (SELECT system, id, kind, name, object, unnest(writes) AS place FROM automation WHERE active)
SELECT w.system, w.object, w.id, p.native AS field, w.kind || ' ' || w.name || ' / ' || p.object || '.' || p.native AS detail
FROM writes w JOIN property p ON p.system = w.system AND w.place = p.object || '.' || p.native
WHERE p.field IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY w.system, w.id ORDER BY p.native) = 1
