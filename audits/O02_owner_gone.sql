-- id: O02
-- severity: error
-- entity: contact
-- category: ownership
-- summary: {en: "Records of owners who are not active any more, or whom nobody knows", es: "Registros cuyo propietario ya no está activo o a quien nadie conoce"}
-- why: {en: "Tasks and replies go to somebody who left: the customer waits and nobody sees it.", es: "Las tareas y respuestas le llegan a alguien que ya no está: el cliente espera y nadie lo ve."}
-- remedy: {en: "Hand them over: list them by owner and change the owner in one go.", es: "Reasígnelos: fíltrelos por propietario y cámbielo de una vez."}
-- needs: [owned, owner]
-- eligible: SELECT count(owner_id) FROM owned SEMI JOIN owner USING (system)
-- minutes: 1
-- profile: essential

-- A queue owns leads rightly, and is nobody. Its ids begin with 00G: developer.salesforce.com, Group (read 2026-11).
WITH staffed AS (SELECT DISTINCT system FROM owner)
SELECT o.system, o.object, o.id, o.entity, o.field,
  CASE WHEN k.id IS NULL THEN o.owner_id ELSE coalesce(k.email, k.id) END AS detail
FROM owned o JOIN staffed USING (system)
LEFT JOIN owner k ON k.system = o.system AND k.id = o.owner_id
-- What is over stays with whoever closed it.
WHERE o.owner_id IS NOT NULL AND o.is_closed IS NOT TRUE AND NOT starts_with(o.owner_id, '00G')
  AND k.active IS NOT TRUE
