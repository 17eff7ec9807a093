-- id: D22
-- severity: info
-- entity: deal
-- category: roles
-- summary: {en: "Deals with the same contact twice in one role", es: "Oportunidades con el mismo contacto dos veces en un mismo rol"}
-- why: {en: "The person counts twice in every report of contact roles, and gets half of two shares of the revenue.", es: "La persona cuenta dos veces en los informes de roles y reparte el ingreso consigo misma."}
-- remedy: {en: "Delete the second row; of one without a role, keep the one that says it.", es: "Elimine la fila repetida; si una no tiene rol, conserve la que lo dice."}
-- needs: [association.deal.contact]
-- eligible: SELECT count(DISTINCT (a.system, a.from_object, a.from_id)) FROM association a SEMI JOIN tied t ON t.from_entity = 'deal' AND t.to_entity = 'contact' AND t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object
-- minutes: 1
-- profile: all

-- Two roles of one person are two roles. A row without a role beside one that has it says nothing.
WITH told AS (SELECT * FROM tied WHERE from_entity = 'deal' AND to_entity = 'contact'),
several AS (SELECT system, from_id, to_id FROM association GROUP BY ALL HAVING count(*) > 1),
rows_of AS (
  SELECT a.system, a.from_object AS object, a.from_id AS id, a.to_id AS contact, list(coalesce(a.role, a.label)) AS roles, count(*) AS rows
  FROM association a SEMI JOIN several m ON m.system = a.system AND m.from_id = a.from_id AND m.to_id = a.to_id
  JOIN told t ON t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object
  GROUP BY a.system, a.from_object, a.from_id, a.to_id)
SELECT system, object, id, string_agg(contact, ', ' ORDER BY contact) AS detail
FROM rows_of WHERE rows > greatest(list_unique(roles), 1)
GROUP BY ALL
