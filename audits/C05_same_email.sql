-- id: C05
-- severity: error
-- entity: contact
-- category: duplicates
-- summary: {en: "Several contacts of one system share an e-mail address", es: "Varios contactos de un mismo sistema comparten correo"}
-- why: {en: "Campaigns reach the person twice, history is split, and no sync can tell which record is meant.", es: "Las campañas llegan dos veces, el historial queda partido y ninguna sincronización sabe a qué registro se refiere."}
-- remedy: {en: "Merge them in the CRM, keeping the record with the most activity; shared mailboxes are left out on purpose.", es: "Fusiónelos en el CRM y conserve el registro con más actividad; los buzones compartidos se excluyen a propósito."}
-- needs: [contact.email]
-- eligible: SELECT count(email) FROM contact
-- minutes: 4

WITH shared AS MATERIALIZED (
  SELECT c.system, c.object, c.id, c.email
  FROM contact c SEMI JOIN (
    SELECT system, object, email FROM contact
    WHERE email IS NOT NULL GROUP BY system, object, email HAVING count(*) > 1) USING (system, object, email))
SELECT system, object, id, 'email' AS field, email AS detail
FROM shared
-- A mailbox of a team is no person, and an address that nobody has is C12's.
WHERE NOT is_team_mailbox(email) AND NOT is_no_address(email) AND NOT is_throwaway_mail(email)
