-- id: G04
-- severity: error
-- entity: contact
-- category: consent
-- summary: {en: "People in countries that ask for consent, of whom none is on record", es: "Personas de países que exigen consentimiento, sin ninguno registrado"}
-- why: {en: "As soon as a campaign includes them, the company writes without being able to prove that it may.", es: "En cuanto entren en una campaña, la empresa escribirá sin poder demostrar que puede."}
-- remedy: {en: "Ask for it at the next contact, or keep them out of campaigns.", es: "Pídalo en el próximo contacto o déjelos fuera de las campañas."}
-- needs: [hubspot:consent, contact.country, contact.email]
-- eligible: SELECT count(email) FROM contact c SEMI JOIN consent g ON g.system = c.system
-- minutes: 3
-- profile: all

WITH told AS (SELECT DISTINCT system FROM consent WHERE origin <> 'property'),
-- Somebody who said no, or yes to anything, is on record.
stated AS (SELECT DISTINCT system, record_id FROM consent WHERE status IN ('subscribed', 'unsubscribed'))
SELECT c.system, c.object, c.id, 'country' AS field, n.code || ': ' || l.law AS detail
FROM contact c JOIN told USING (system)
JOIN country n ON n.name = c.country
JOIN consent_law l ON l.country = n.code AND l.since <= strftime($as_of, '%Y-%m-%d')
LEFT JOIN marketing m ON m.system = c.system AND m.object = c.object AND m.id = c.id
ANTI JOIN stated s ON s.system = c.system AND s.record_id = c.id
WHERE c.email IS NOT NULL AND m.legal_basis IS NULL AND m.opted_out IS NOT TRUE
