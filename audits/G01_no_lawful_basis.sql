-- id: G01
-- severity: error
-- entity: contact
-- category: consent
-- summary: {en: "Marketing contacts in countries that ask for consent, without a lawful basis", es: "Contactos de marketing sin base legal, en países que exigen consentimiento"}
-- why: {en: "They get mail, and if one of them complains nobody can show why that was allowed.", es: "Reciben correos y, si alguno reclama, nadie puede demostrar por qué estaba permitido."}
-- remedy: {en: "Note the basis that you have (consent, contract), or make them non-marketing contacts.", es: "Registre la base legal que tenga (consentimiento, contrato) o márquelos como contactos que no son de marketing."}
-- needs: [marketing.marketable, marketing.legal_basis, contact.country]
-- eligible: SELECT count(*) FROM marketing m WHERE m.marketable
-- minutes: 3
-- profile: all

SELECT m.system, m.object, m.id, 'country' AS field, n.code || ': ' || l.law AS detail
FROM marketing m
JOIN contact c ON c.system = m.system AND c.object = m.object AND c.id = m.id
JOIN country n ON n.name = c.country
JOIN consent_law l ON l.country = n.code AND l.since <= strftime($as_of, '%Y-%m-%d')
-- Who gave consent to any kind of mail has a basis, whatever the property says.
ANTI JOIN (SELECT DISTINCT system, record_id FROM consent WHERE status = 'subscribed' OR nullif(basis, '') IS NOT NULL) g
  ON g.system = m.system AND g.record_id = m.id
WHERE m.marketable AND m.legal_basis IS NULL AND m.opted_out IS NOT TRUE
