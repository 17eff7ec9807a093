-- id: X10
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "Fields that both systems changed since the last sync, to different values", es: "Campos que ambos sistemas cambiaron desde la última sincronización, con valores distintos"}
-- why: {en: "One of the two edits will be lost unless somebody chooses.", es: "Uno de los dos cambios se perderá si nadie elige."}
-- remedy: {en: "Look at them in `crmsync plan`, and choose; `on_conflict` in the mapping decides the next ones.", es: "Revíselos en `crmsync plan` y elija; `on_conflict` en el mapeo decide los siguientes."}
-- needs: [pair, settled]
-- eligible: SELECT count(*) FROM settled
-- minutes: 3
-- profile: all

SELECT a.entity, a.system, a.object, a.id, a.field,
  a.system || ' ' || coalesce(a.value, '-') || ' / ' || b.system || ' ' || coalesce(b.value, '-') AS detail
FROM settled a JOIN settled b ON b.entity = a.entity AND b.key = a.key AND b.field = a.field AND a.system < b.system
WHERE a.value IS DISTINCT FROM a.base AND b.value IS DISTINCT FROM b.base AND a.value IS DISTINCT FROM b.value
