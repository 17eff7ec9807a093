-- id: G02
-- severity: error
-- entity: contact
-- category: consent
-- summary: {en: "People who opted out in one system and can still be mailed from the other", es: "Personas dadas de baja en un sistema y aún contactables desde el otro"}
-- why: {en: "Every further mail to them breaks the promise, and in many countries the law.", es: "Cada nuevo correo incumple lo prometido y, en muchos países, la ley."}
-- remedy: {en: "crmsync sync, or crmsync plan and then crmsync apply, carries the opt-out to the other system and never takes one back.", es: "crmsync sync, o crmsync plan y después crmsync apply, lleva la baja al otro sistema y nunca la revierte."}
-- needs: [salesforce:contact.opted_out, hubspot:contact.opted_out]
-- eligible: SELECT count(*) FROM contact_pair
-- blocking: true
-- resolves: [contact.opted_out]
-- minutes: 1

SELECT key, 'hubspot' AS system, hubspot_object AS object, hubspot_id AS id, 'opted_out' AS field,
       concat('opted out in ', CASE WHEN coalesce(salesforce_opted_out, false) THEN 'salesforce' ELSE 'hubspot' END, ' only') AS detail
FROM contact_pair
WHERE coalesce(salesforce_opted_out, false) <> coalesce(hubspot_opted_out, false)
