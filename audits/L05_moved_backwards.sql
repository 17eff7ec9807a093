-- id: L05
-- severity: warning
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts whose stage went back without a reason", es: "Contactos cuya etapa retrocedió sin motivo"}
-- why: {en: "The funnel loses people it had already counted, and a returning lead looks like one that never was qualified.", es: "El embudo pierde a personas que ya había contado, y un lead que vuelve parece no haberse cualificado nunca."}
-- remedy: {en: "Send leads back by their status (recycled, with a reason). A customer who leaves stays a customer, a former one.", es: "Devuelva los leads con su estado (reciclado, con motivo). Un cliente que se va sigue siendo cliente: un excliente."}
-- needs: [stage_event, hubspot:event.contact]
-- eligible: SELECT count(DISTINCT e.key) FROM stage_event e WHERE e.entity = 'contact' AND e.source = 'history'
-- minutes: 4
-- profile: all

-- mappings/lifecycle.yml says which way back is legal: for most a stage has to be cleared first, or sales sent the
-- lead back by its status that day, or the last deal was lost. From customer downwards there is none.
WITH moved AS (
  SELECT e.key, e.system, e.object, e.id, e.stage, e.kind, e.at AS moment, e.origin,
         lag(e.stage) OVER w AS before, lag(e.kind) OVER w AS before_kind
  FROM stage_event e
  WHERE e.entity = 'contact' AND e.source = 'history' AND e.precision = 'instant'
    AND e.kind IN ('entered', 'propagated', 'recycled', 'reset')
  WINDOW w AS (PARTITION BY e.system, e.object, e.id ORDER BY e.at, e.kind = 'reset')
),
back AS (
  SELECT m.*, t.rule FROM moved m
  JOIN transition t ON t.from_stage = m.before AND t.to_stage = m.stage
  JOIN ladder high ON high.stage = m.before JOIN ladder low ON low.stage = m.stage
  WHERE m.kind <> 'reset' AND low.rank < high.rank AND t.rule <> 'by_hand'
)
SELECT b.system, b.object, b.id, 'lifecycle_stage' AS field,
       string_agg(b.before || ' -> ' || b.stage || ' ' || strftime(b.moment, '%Y-%m-%d'), '; ' ORDER BY b.moment) AS detail
FROM back b
WHERE b.rule = 'never' OR (
  b.before_kind <> 'reset'
  AND NOT EXISTS (
    SELECT 1 FROM stage_event s
    WHERE s.entity = 'contact' AND s.key = b.key AND s.source = 'status'
      AND s.kind IN ('recycled', 'disqualified') AND s.at::DATE = b.moment::DATE)
  AND NOT (b.rule = 'all_deals_lost' AND EXISTS (
    SELECT 1 FROM stage_event s
    WHERE s.entity = 'contact' AND s.key = b.key AND s.origin = 'all_deals_lost')))
GROUP BY b.system, b.object, b.id
