-- id: C03
-- severity: warning
-- entity: contact
-- category: validity
-- summary: {en: "E-mail addresses with a misspelt provider or ending", es: "Correos con el proveedor o la terminación mal escritos"}
-- why: {en: "The person gave a right address and gets nothing; what bounces harms the sender.", es: "La persona dio una dirección correcta y no le llega nada; los rebotes dañan la reputación del remitente."}
-- remedy: {en: "Put the domain right: the detail says which one was meant.", es: "Corrija el dominio: el detalle dice cuál se quiso escribir."}
-- needs: [contact.email]
-- eligible: SELECT count(email) FROM contact
-- minutes: 1
-- profile: all

-- Only slips that are known as such, and endings that no registry has: a small provider or a company is none.
SELECT c.system, c.object, c.id, 'email' AS field, h.host || ' → ' || h.meant AS detail
FROM contact c JOIN host h ON h.host = email_domain(c.email)
WHERE h.meant IS NOT NULL
