-- id: C15
-- severity: warning
-- entity: contact
-- category: completeness
-- summary: {en: "Contacts of no company", es: "Contactos sin empresa"}
-- why: {en: "Their deals and campaigns count for nobody, and routing by company passes them by.", es: "Sus oportunidades y campañas no cuentan para nadie, y la asignación por empresa los deja fuera."}
-- remedy: {en: "Associate them: the domain of the e-mail mostly says with whom.", es: "Asócielos: el dominio del correo casi siempre dice con quién."}
-- needs: [contact.company, contact.email]
-- eligible: SELECT count(*) FROM contact WHERE object <> 'Lead'
-- minutes: 2
-- profile: all

-- A Lead has no account by design, nor has whoever is one in the other system; and somebody who writes from free mail
-- may be a person and nothing more.
WITH told AS (SELECT DISTINCT system, object FROM field WHERE entity = 'contact' AND field = 'company')
SELECT c.system, c.object, c.id, 'company' AS field, c.email AS detail
FROM contact c SEMI JOIN told USING (system, object)
WHERE c.company_raw IS NULL AND c.object <> 'Lead'
  AND c.email IS NOT NULL AND NOT is_free_mail(email_domain(c.email))
  AND NOT EXISTS (SELECT 1 FROM contact l WHERE l.object = 'Lead' AND l.key = c.key)
