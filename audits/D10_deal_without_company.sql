-- id: D10
-- severity: error
-- entity: deal
-- category: completeness
-- summary: {en: "Deals without a company", es: "Negocios sin empresa"}
-- why: {en: "They are missing from every report by customer, segment or territory.", es: "Faltan en todo informe por cliente, segmento o territorio."}
-- remedy: {en: "Set the account (Salesforce) or the primary company (HubSpot).", es: "Indique la cuenta (Salesforce) o la empresa principal (HubSpot)."}
-- needs: [deal.company]
-- eligible: SELECT count(*) FROM deal
-- minutes: 2

SELECT system, object, id, 'company' AS field, amount FROM deal WHERE company_raw IS NULL
