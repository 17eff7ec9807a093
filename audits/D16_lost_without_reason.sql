-- id: D16
-- severity: warning
-- entity: deal
-- category: completeness
-- summary: {en: "Lost deals without a reason", es: "Oportunidades perdidas sin motivo"}
-- why: {en: "Neither team learns from them: price, product, timing and bad leads look the same.", es: "Ningún equipo aprende de ellas: precio, producto, mal momento y malos leads parecen lo mismo."}
-- remedy: {en: "Ask for the reason when a deal is closed as lost, from a short list.", es: "Pida el motivo al cerrarla como perdida, con una lista corta."}
-- needs: [deal.loss_reason, deal.is_closed, deal.is_won, deal.amount]
-- eligible: SELECT count(*) FROM deal WHERE is_closed AND is_won IS FALSE
-- minutes: 2
-- profile: all

-- The reason in either system is a reason; a system in which the field is not there has none to lack.
SELECT d.system, d.object, d.id, 'loss_reason' AS field, d.amount
FROM deal d SEMI JOIN (SELECT DISTINCT system FROM field WHERE entity = 'deal' AND field = 'loss_reason') USING (system)
WHERE d.is_closed AND d.is_won IS FALSE
  AND NOT EXISTS (SELECT 1 FROM deal r WHERE r.key = d.key AND r.loss_reason_raw IS NOT NULL)
