-- id: L14
-- severity: info
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts whose stage only came from their company", es: "Contactos cuya etapa solo viene de su empresa"}
-- why: {en: "They never did what the stage says, and counted as conversions they make marketing look better than it is.", es: "Nunca hicieron lo que la etapa dice; contarlos como conversiones hace que marketing parezca mejor de lo que es."}
-- remedy: {en: "Leave them out of conversions, or switch off that contacts take the stage of their company.", es: "Déjelos fuera de las conversiones o desactive que los contactos tomen la etapa de su empresa."}
-- needs: [stage_event, hubspot:event.contact]
-- eligible: SELECT count(*) FROM standing_in WHERE entity = 'contact' AND how = 'property' AND rank IS NOT NULL
-- minutes: 1
-- profile: all

-- Few stages come from a company: only of these are all the events read.
WITH passed AS MATERIALIZED (
  SELECT s.entity, s.key, s.system, s.current FROM standing_in s
  SEMI JOIN (SELECT entity, key, system, stage FROM stage_event WHERE kind = 'propagated') p
    ON p.entity = s.entity AND p.key = s.key AND p.system = s.system AND p.stage = s.current
  WHERE s.entity = 'contact' AND s.how = 'property')
SELECT e.system, e.object, e.id, 'lifecycle_stage' AS field, s.current AS detail
FROM passed s
JOIN stage_event e ON e.entity = s.entity AND e.key = s.key AND e.system = s.system AND e.stage = s.current
WHERE e.kind IN ('entered', 'propagated', 'recycled', 'reopened', 'inferred')
GROUP BY e.system, e.object, e.id, s.current
HAVING bool_and(e.kind = 'propagated')
