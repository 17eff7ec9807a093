-- id: C01
-- severity: warning
-- entity: contact
-- category: completeness
-- summary: {en: "Contacts without an e-mail address", es: "Contactos sin correo electrónico"}
-- why: {en: "No campaign reaches them, and the other system cannot recognise them.", es: "No les llega ninguna campaña y el otro sistema no puede reconocerlos."}
-- remedy: {en: "Ask for it at the next call, or archive whoever cannot be reached in any way.", es: "Pídalo en la próxima llamada o archive a quien no se pueda localizar de ninguna forma."}
-- needs: [contact.email]
-- eligible: SELECT count(*) FROM contact
-- minutes: 2
-- profile: essential

-- Only where the last read had the field: what a system does not tell is not missing.
WITH told AS (SELECT DISTINCT system, object FROM field WHERE entity = 'contact' AND field = 'email')
SELECT c.system, c.object, c.id, 'email' AS field
FROM contact c SEMI JOIN told USING (system, object)
WHERE c.email_raw IS NULL
