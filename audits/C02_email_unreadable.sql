-- id: C02
-- severity: error
-- entity: contact
-- category: validity
-- summary: {en: "E-mail addresses that cannot exist", es: "Direcciones de correo que no pueden existir"}
-- why: {en: "Nothing sent there arrives, and forms and imports refuse the record.", es: "Nada de lo que se envía llega, y los formularios e importaciones rechazan el registro."}
-- remedy: {en: "Correct the address in the CRM; where nobody knows it, leave the field empty.", es: "Corrija la dirección en el CRM; si nadie la sabe, deje el campo vacío."}
-- needs: [contact.email]
-- eligible: SELECT count(email_raw) FROM contact
-- minutes: 2
-- profile: essential

-- What the type `email` refuses. Words in place of an address (no tiene) are C12's.
SELECT system, object, id, 'email' AS field, email_raw AS detail
FROM contact
WHERE email IS NULL AND email_raw IS NOT NULL AND NOT is_placeholder(email_raw)
