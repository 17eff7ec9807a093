-- id: L12
-- severity: warning
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts at a stage that nobody has explained", es: "Contactos en una etapa que nadie ha explicado"}
-- why: {en: "mappings/lifecycle.yml does not say what the stage means, so these people are in no figure of both teams.", es: "mappings/lifecycle.yml no dice qué significa la etapa, así que estas personas no entran en ninguna cifra común."}
-- remedy: {en: "Add the internal value of the stage to lifecycle.yml, or move the contacts out of it.", es: "Añada el valor interno de la etapa a lifecycle.yml o saque de ella a los contactos."}
-- needs: [standing]
-- eligible: SELECT count(*) FROM standing_in WHERE entity = 'contact' AND stage_text IS NOT NULL
-- minutes: 1
-- profile: all

SELECT s.evidence_system AS system, s.evidence_object AS object, s.evidence_id AS id, 'lifecycle_stage' AS field,
       s.stage_text AS detail
FROM standing_in s
WHERE s.entity = 'contact' AND s.how = 'unknown_value'
