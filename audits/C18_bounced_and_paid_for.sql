-- id: C18
-- severity: error
-- entity: contact
-- category: validity
-- summary: {en: "Marketing contacts whose mail does not arrive", es: "Contactos de marketing a los que no les llega el correo"}
-- why: {en: "Each is paid for, and mailing to dead addresses lowers the standing of the sender.", es: "Se paga por cada uno, y escribir a direcciones muertas daña la reputación del remitente."}
-- remedy: {en: "Find the new address, or set the contact as non-marketing.", es: "Busque la dirección nueva o marque el contacto como no de marketing."}
-- needs: [marketing.marketable, marketing.hard_bounce]
-- eligible: SELECT count(*) FROM marketing WHERE marketable
-- minutes: 3
-- params: {price: 0.0}

-- A hard bounce or an address HubSpot calls invalid; a mailbox that was full once bounces softly and stays innocent.
SELECT system, object, id, 'marketing_contact' AS field, coalesce(hard_bounce, 'invalid') AS detail,
  nullif($price, 0) AS amount
FROM marketing
WHERE entity = 'contact' AND marketable AND (hard_bounce IS NOT NULL OR bad_address)
