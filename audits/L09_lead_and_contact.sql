-- id: L09
-- severity: error
-- entity: contact
-- category: lifecycle
-- summary: {en: "Open leads of people who are contacts already", es: "Leads abiertos de personas que ya son contactos"}
-- why: {en: "Two sellers may call the same person, and the lead never shows what the contact has bought.", es: "Dos vendedores pueden llamar a la misma persona, y el lead nunca muestra lo que el contacto ya compró."}
-- remedy: {en: "Convert the lead into the existing contact.", es: "Convierta el lead en el contacto existente."}
-- needs: [contact.email, system:salesforce]
-- eligible: SELECT count(*) FROM contact WHERE object = 'Lead'
-- minutes: 3

SELECT l.system, l.object, l.id, 'email' AS field, l.email AS detail
FROM contact l
WHERE l.object = 'Lead'
  AND NOT is_team_mailbox(l.email)
  AND EXISTS (SELECT 1 FROM contact c
              WHERE c.system = l.system AND c.object = 'Contact' AND c.email = l.email)
