-- id: D19
-- severity: warning
-- entity: deal
-- category: completeness
-- summary: {en: "Deals without a currency where several are used", es: "Oportunidades sin divisa donde se usan varias"}
-- why: {en: "Their amount counts in the account's own currency, whatever the customer was offered.", es: "Su importe cuenta en la divisa de la cuenta, sea cual sea la que se ofreció al cliente."}
-- remedy: {en: "Set the currency, above all on what imports and integrations made.", es: "Indique la divisa, sobre todo en lo creado por importaciones e integraciones."}
-- needs: [deal.currency, deal.amount]
-- eligible: SELECT count(amount) FROM deal SEMI JOIN (SELECT DISTINCT system FROM field WHERE entity = 'deal' AND field = 'currency') USING (system)
-- params: {deals: 3}
-- minutes: 1
-- profile: all

-- With one currency there is nothing to name, and a deal or two in another one make no second. What its twin in the
-- other system names is known.
WITH used AS (SELECT system, currency FROM deal WHERE currency IS NOT NULL GROUP BY ALL HAVING count(*) >= $deals),
several AS (SELECT system FROM used GROUP BY system HAVING count(*) > 1)
SELECT d.system, d.object, d.id, 'currency' AS field, d.amount
FROM deal d SEMI JOIN several USING (system)
WHERE d.currency_raw IS NULL AND d.amount_raw IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM deal t WHERE t.key = d.key AND t.currency_raw IS NOT NULL)
