-- id: C07
-- severity: info
-- entity: contact
-- category: consistency
-- summary: {en: "Private addresses of people who work at a company", es: "Direcciones privadas de personas que trabajan en una empresa"}
-- why: {en: "Scores and routing by domain miss them, and the address stays with the person when the job changes.", es: "La puntuación y la asignación por dominio no las tienen en cuenta, y la dirección se va con la persona si cambia de trabajo."}
-- remedy: {en: "Ask for the address at work; keep the private one as a second address.", es: "Pida la dirección del trabajo y conserve la privada como segunda."}
-- needs: [contact.email, contact.company, company.domain]
-- eligible: SELECT count(*) FROM contact WHERE email IS NOT NULL AND company IS NOT NULL
-- minutes: 2
-- profile: all

-- A company that has no domain of its own (its people all write from free mail) is innocent.
WITH known AS (SELECT DISTINCT key FROM company WHERE domain IS NOT NULL AND NOT is_free_mail(domain) AND NOT is_shared_site(domain))
SELECT c.system, c.object, c.id, 'email' AS field, c.email AS detail
FROM contact c SEMI JOIN known k ON k.key = c.company
WHERE is_free_address(c.email)
