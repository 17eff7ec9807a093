-- id: G05
-- severity: error
-- entity: contact
-- category: consent
-- summary: {en: "People who were erased in one system, and are still there in another", es: "Personas eliminadas en un sistema que siguen estando en otro"}
-- why: {en: "Whoever asked to be forgotten, and hears from the company again, has a case against it.", es: "Quien pidió que lo olvidaran y vuelve a recibir algo tiene motivos para denunciar."}
-- remedy: {en: "Find out whether the person asked to be erased; if so, erase the record in the other system as well.", es: "Averigüe si la persona pidió su eliminación; si fue así, elimine el registro también en el otro sistema."}
-- needs: [contact.email]
-- eligible: SELECT count(*) FROM contact
-- minutes: 5
-- profile: essential

-- HubSpot tells of what it archives and merges, and of nothing that it erases for good.
WITH erased AS (
  SELECT DISTINCT key, system FROM gone WHERE entity = 'contact' AND why = 'untold' AND object = 'contacts')
SELECT DISTINCT c.system, c.object, c.id, 'erased in ' || e.system AS detail
FROM contact c JOIN erased e ON e.key = c.key AND e.system <> c.system
-- One who is there again under another id was not erased, or came back by himself.
ANTI JOIN contact again ON again.key = e.key AND again.system = e.system
