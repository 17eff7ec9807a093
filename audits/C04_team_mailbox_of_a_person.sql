-- id: C04
-- severity: info
-- entity: contact
-- category: validity
-- summary: {en: "People whose only address is a mailbox of a team", es: "Personas cuya única dirección es un buzón de equipo"}
-- why: {en: "Whoever opens info@ reads what was meant for one person, and a reply says nothing about them.", es: "Lo que se escribe a una persona lo lee quien abra info@, y su respuesta no dice nada de ella."}
-- remedy: {en: "Ask the person for an address of their own and keep the mailbox at the company.", es: "Pida a la persona una dirección propia y deje el buzón en la empresa."}
-- needs: [contact.email, contact.first_name, contact.last_name]
-- eligible: SELECT count(*) FROM contact WHERE is_team_mailbox(email)
-- minutes: 3
-- profile: all

-- A record that is meant as a mailbox is innocent: it has no name, half a name, a team's or the company's. So is a
-- person called as the mailbox is (Sales is a surname), and whoever has another address.
WITH boxed AS (
  -- The second of these is a field that a workspace need not map: NULL where it does not.
  SELECT system, object, id, company, email, first_name, last_name,
         list_value(*COLUMNS(lambda n: n IN ('id', 'other_emails_raw'))) AS others
  FROM contact WHERE is_team_mailbox(email))
SELECT c.system, c.object, c.id, 'email' AS field, c.email AS detail
FROM boxed c
WHERE c.first_name IS NOT NULL AND c.last_name IS NOT NULL AND c.others[2] IS NULL
  AND NOT has_team_word(c.first_name || ' ' || c.last_name)
  AND NOT EXISTS (SELECT 1 FROM company b WHERE b.key = c.company
                  AND company_norm(b.name) = company_norm(c.first_name || ' ' || c.last_name))
