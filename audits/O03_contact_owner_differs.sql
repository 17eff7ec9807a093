-- id: O03
-- severity: info
-- entity: contact
-- category: ownership
-- summary: {en: "Contacts whose owner is not the owner of their company", es: "Contactos con un propietario distinto del de su empresa"}
-- why: {en: "Two sellers write to one company and do not know of each other.", es: "Dos comerciales escriben a la misma empresa sin saberlo."}
-- remedy: {en: "Agree who keeps it. If it is meant (a team for each product, say), turn this check off.", es: "Acuerden quién la lleva. Si es a propósito (un equipo por producto, por ejemplo), desactive esta revisión."}
-- needs: [owned, owner, contact.owner, contact.company, company.owner]
-- eligible: SELECT count(owner_raw) FROM contact SEMI JOIN owner USING (system) WHERE company_raw IS NOT NULL
-- minutes: 2
-- profile: all

WITH staff AS (SELECT system, id FROM owner WHERE active)
SELECT r.system, r.object, r.id, 'owner' AS field, coalesce(r.owner, r.owner_raw) || ' / ' || coalesce(c.owner, c.owner_raw) AS detail
FROM contact r
JOIN company c ON c.system = r.system AND c.id = r.company_raw
-- Of somebody who left, another check tells; a queue holds what nobody has taken yet.
JOIN staff a ON a.system = r.system AND a.id = r.owner_raw
JOIN staff b ON b.system = c.system AND b.id = c.owner_raw
WHERE r.owner_raw <> c.owner_raw
