-- id: O04
-- severity: info
-- entity: deal
-- category: ownership
-- summary: {en: "Open deals whose owner is not the owner of the company", es: "Oportunidades abiertas con un propietario distinto del de la empresa"}
-- why: {en: "The one who knows the customer does not see the deal, and the forecast of a team is wrong by it.", es: "Quien conoce al cliente no ve la oportunidad, y la previsión del equipo sale mal."}
-- remedy: {en: "Hand over the deal or the company; leave it where two teams share customers on purpose.", es: "Reasigne la oportunidad o la empresa; déjelo así si dos equipos comparten clientes a propósito."}
-- needs: [owned, owner, deal.owner, deal.company, deal.is_closed, company.owner]
-- eligible: SELECT count(owner_raw) FROM deal SEMI JOIN owner USING (system) WHERE is_closed IS NOT TRUE AND company_raw IS NOT NULL
-- minutes: 2
-- profile: all

WITH staff AS (SELECT system, id FROM owner WHERE active)
SELECT r.system, r.object, r.id, 'owner' AS field, coalesce(r.owner, r.owner_raw) || ' / ' || coalesce(c.owner, c.owner_raw) AS detail
FROM deal r
JOIN company c ON c.system = r.system AND c.id = r.company_raw
-- Of somebody who left, another check tells; a queue holds what nobody has taken yet.
JOIN staff a ON a.system = r.system AND a.id = r.owner_raw
JOIN staff b ON b.system = c.system AND b.id = c.owner_raw
WHERE r.owner_raw <> c.owner_raw AND r.is_closed IS NOT TRUE
