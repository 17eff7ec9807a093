-- id: L04
-- severity: warning
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts without a lifecycle stage", es: "Contactos sin etapa del ciclo de vida"}
-- why: {en: "They are in no funnel and in no list by stage, so nobody markets to them and nobody calls them.", es: "No están en ningún embudo ni en ninguna lista por etapa: nadie les envía nada y nadie los llama."}
-- remedy: {en: "Set a default stage for every way in, then give these the stage they are really in.", es: "Ponga una etapa por defecto en cada vía de entrada y dé a estos la etapa en que realmente están."}
-- needs: [hubspot:contact.lifecycle_stage]
-- eligible: SELECT count(*) FROM contact WHERE system = 'hubspot'
-- minutes: 1
-- profile: all

-- A stage that is to go back is cleared first, so a blank of this very hour is work in progress.
SELECT c.system, c.object, c.id, 'lifecycle_stage' AS field
FROM contact c
WHERE c.system = 'hubspot' AND c.lifecycle_stage_raw IS NULL
  AND NOT EXISTS (
    SELECT 1 FROM stage_event e
    WHERE e.system = c.system AND e.object = c.object AND e.id = c.id
      AND e.kind = 'reset' AND e.at > $as_of - INTERVAL 1 HOUR)
