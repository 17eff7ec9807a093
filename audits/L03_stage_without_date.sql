-- id: L03
-- severity: warning
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts at a stage of which nobody knows since when", es: "Contactos en una etapa sin que se sepa desde cuándo"}
-- why: {en: "They count in today's funnel, but in no conversion and in no time between stages.", es: "Cuentan en el embudo de hoy, pero en ninguna conversión ni en ningún tiempo entre etapas."}
-- remedy: {en: "Nobody can find the date out. Look at what set the stage without one: an import, a merge, an old migration.", es: "La fecha ya no se puede averiguar. Mire qué puso la etapa sin ella: una importación, una fusión, una migración antigua."}
-- needs: [stage_event, stage_time]
-- eligible: SELECT count(*) FROM standing_in WHERE entity = 'contact' AND how = 'property' AND rank IS NOT NULL
-- minutes: 1
-- profile: all

-- Only in a system that keeps such dates of others: what nobody can tell is no fault of a record.
WITH keeps AS (SELECT DISTINCT system FROM stage_time WHERE entity = 'contact' AND entered_at IS NOT NULL)
SELECT r.system, r.object, r.id, 'lifecycle_stage' AS field, s.current AS detail
FROM standing_in s JOIN keeps USING (system)
JOIN stage_event r ON r.entity = s.entity AND r.key = s.key AND r.system = s.system AND r.stage = s.current
WHERE s.entity = 'contact' AND s.how = 'property' AND s.rank IS NOT NULL
  AND r.kind = 'inferred' AND r.source = 'now'
