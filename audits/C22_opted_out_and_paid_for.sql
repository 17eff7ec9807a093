-- id: C22
-- severity: warning
-- entity: contact
-- category: validity
-- summary: {en: "Marketing contacts who opted out of e-mail", es: "Contactos de marketing que se dieron de baja del correo"}
-- why: {en: "Each is paid for, and no marketing e-mail may be sent to them.", es: "Se paga por cada uno y no se les puede enviar ningún correo de marketing."}
-- remedy: {en: "Set the contact as non-marketing; HubSpot does it at the next day of billing.", es: "Marque el contacto como no de marketing; HubSpot lo aplica en la próxima fecha de facturación."}
-- needs: [marketing.marketable, contact.opted_out]
-- eligible: SELECT count(*) FROM marketing WHERE marketable
-- minutes: 1
-- params: {price: 0.0}

SELECT m.system, m.object, m.id, 'marketing_contact' AS field, 'opted out, and a marketing contact' AS detail,
  nullif($price, 0) AS amount
FROM marketing m JOIN contact c ON c.system = m.system AND c.object = m.object AND c.id = m.id
WHERE m.entity = 'contact' AND m.marketable AND c.opted_out
