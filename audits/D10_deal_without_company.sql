-- id: D10
-- severity: error
-- entity: deal
-- category: completeness
-- summary: {en: "Deals without a company", es: "Oportunidades sin empresa"}
-- why: {en: "They are missing from every report by customer, segment or territory.", es: "Faltan en todo informe por cliente, segmento o territorio."}
-- remedy: {en: "Set the account (Salesforce) or the primary company (HubSpot).", es: "Indique la cuenta (Salesforce) o la empresa principal (HubSpot)."}
-- needs: [deal.company]
-- eligible: SELECT count(*) FROM deal
-- minutes: 2

-- A system whose export has no company column says nothing about its deals.
SELECT d.system, d.object, d.id, 'company' AS field, d.amount
FROM deal d
WHERE d.company_raw IS NULL
  AND EXISTS (SELECT 1 FROM field f WHERE f.entity = 'deal' AND f.field = 'company' AND f.system = d.system)
