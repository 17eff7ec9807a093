-- id: D05
-- severity: error
-- entity: deal
-- category: roles
-- summary: {en: "Open deals without any contact", es: "Oportunidades abiertas sin ningún contacto"}
-- why: {en: "Nobody knows with whom it is being negotiated: marketing cannot help, and the revenue will be nobody's.", es: "No se sabe con quién se negocia: marketing no puede ayudar y el ingreso no se podrá atribuir a nadie."}
-- remedy: {en: "Add whoever you talk to: as a contact role (Salesforce) or as an associated contact (HubSpot).", es: "Añada a la persona con quien habla: como rol de contacto (Salesforce) o como contacto asociado (HubSpot)."}
-- needs: [association.deal.contact, deal.is_closed, deal.amount]
-- eligible: SELECT count(*) FROM deal SEMI JOIN tied t ON t.from_entity = 'deal' AND t.to_entity = 'contact' AND t.system = deal.system WHERE is_closed IS FALSE
-- minutes: 3
-- profile: essential

-- Won ones are told by D06. A contact that this credential cannot see is still a contact; where contacts of deals were
-- not read, as in an export without such a column, nobody knows.
WITH told AS (SELECT * FROM tied WHERE from_entity = 'deal' AND to_entity = 'contact')
SELECT d.system, d.object, d.id, 'contacts' AS field, d.amount
FROM deal d SEMI JOIN told t ON t.system = d.system AND t.from_object = d.object
WHERE d.is_closed IS FALSE AND NOT EXISTS (
  SELECT 1 FROM association a JOIN told t ON t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object
  WHERE a.system = d.system AND a.from_object = d.object AND a.from_id = d.id)
