-- id: G02
-- severity: error
-- entity: contact
-- category: consent
-- summary: {en: "People who opted out in one system and can still be mailed from the other", es: "Personas dadas de baja en un sistema y aún contactables desde el otro"}
-- why: {en: "Every further mail to them breaks the promise, and in many countries the law.", es: "Cada nuevo correo incumple lo prometido y, en muchos países, la ley."}
-- remedy: {en: "crmsync sync, or crmsync plan and then crmsync apply, carries the opt-out to the other system and never takes one back.", es: "crmsync sync, o crmsync plan y después crmsync apply, lleva la baja al otro sistema y nunca la revierte."}
-- needs: [salesforce:contact.opted_out, hubspot:contact.opted_out, unreadable]
-- eligible: SELECT count(*) FROM contact_pair
-- blocking: true
-- resolves: [contact.opted_out]
-- minutes: 1

-- Where one side has a word that is neither yes nor no, nobody can tell whether the person opted out: that is said.
WITH unclear AS (SELECT system, object, id, raw FROM unreadable WHERE entity = 'contact' AND field = 'opted_out')
SELECT p.key, 'hubspot' AS system, p.hubspot_object AS object, p.hubspot_id AS id, 'opted_out' AS field,
       CASE WHEN s.raw IS NOT NULL THEN concat('opt-out in ', s.system, ' is neither yes nor no')
            WHEN h.raw IS NOT NULL THEN concat('opt-out in ', h.system, ' is neither yes nor no')
            ELSE concat('opted out in ', CASE WHEN p.salesforce_opted_out THEN 'salesforce' ELSE 'hubspot' END, ' only')
       END AS detail
FROM contact_pair p
LEFT JOIN unclear s ON s.system = 'salesforce' AND s.object = p.salesforce_object AND s.id = p.salesforce_id
LEFT JOIN unclear h ON h.system = 'hubspot' AND h.object = p.hubspot_object AND h.id = p.hubspot_id
WHERE coalesce(p.salesforce_opted_out, false) <> coalesce(p.hubspot_opted_out, false)
   OR s.raw IS NOT NULL OR h.raw IS NOT NULL
