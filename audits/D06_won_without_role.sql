-- id: D06
-- severity: error
-- entity: deal
-- category: roles
-- summary: {en: "Won deals without a contact role", es: "Oportunidades ganadas sin rol de contacto"}
-- why: {en: "Nobody can say which person bought, so the revenue cannot be attributed to marketing or to anyone.", es: "Nadie puede decir qué persona compró, así que el ingreso no se puede atribuir ni a marketing ni a nadie."}
-- remedy: {en: "Add the buyer as a contact role (Salesforce), or associate the contact with the deal (HubSpot).", es: "Añada al comprador como rol de contacto (Salesforce) o asocie el contacto a la oportunidad (HubSpot)."}
-- needs: [association.deal.contact, deal.is_won, deal.amount]
-- eligible: SELECT count(*) FROM deal SEMI JOIN tied t ON t.from_entity = 'deal' AND t.to_entity = 'contact' AND t.system = deal.system WHERE is_won
-- minutes: 3

-- HubSpot associations have no role by default, so there any contact counts; a Salesforce role must say which.
-- Where contacts of deals were not read, as in an export without such a column, nobody knows.
SELECT d.system, d.object, d.id, d.amount,
       CASE WHEN EXISTS (SELECT 1 FROM association a
                         WHERE a.system = d.system AND a.from_object = d.object AND a.from_id = d.id
                           AND a.to_object IN ('Contact', 'contacts'))
            THEN 'role without a name' ELSE 'no contact' END AS detail
FROM deal d SEMI JOIN tied t ON t.from_entity = 'deal' AND t.to_entity = 'contact' AND t.system = d.system
WHERE d.is_won
  AND NOT EXISTS (
    SELECT 1 FROM association a
    WHERE a.system = d.system AND a.from_object = d.object AND a.from_id = d.id
      AND (a.to_object = 'contacts' OR (a.to_object = 'Contact' AND a.role IS NOT NULL)))
