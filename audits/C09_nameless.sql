-- id: C09
-- severity: warning
-- entity: contact
-- category: completeness
-- summary: {en: "Contacts without any name", es: "Contactos sin ningún nombre"}
-- why: {en: "Nobody can greet them, call them or tell them from another.", es: "Nadie puede saludarlos, llamarlos ni distinguirlos de otros."}
-- remedy: {en: "Take the name from their mails or ask for it in the next form.", es: "Tome el nombre de sus correos o pídalo en el próximo formulario."}
-- needs: [contact.first_name, contact.last_name]
-- eligible: SELECT count(*) FROM contact
-- minutes: 2
-- profile: all

-- A mailbox of a team has no name rightly.
WITH told AS (SELECT DISTINCT system, object FROM field WHERE entity = 'contact' AND field = 'last_name')
SELECT c.system, c.object, c.id, 'last_name' AS field, c.email AS detail
FROM contact c SEMI JOIN told USING (system, object)
WHERE c.first_name IS NULL AND c.last_name IS NULL AND NOT coalesce(is_team_mailbox(c.email), false)
