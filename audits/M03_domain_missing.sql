-- id: M03
-- severity: warning
-- entity: company
-- category: completeness
-- summary: {en: "Companies without a web domain", es: "Empresas sin dominio web"}
-- why: {en: "New contacts are not associated by themselves, and duplicates are not noticed.", es: "Los contactos nuevos no se asocian solos y los duplicados pasan desapercibidos."}
-- remedy: {en: "Take it from the addresses of their people or from the web.", es: "Tómelo de las direcciones de su gente o de su página web."}
-- needs: [company.domain, company.name]
-- eligible: SELECT count(*) FROM company
-- minutes: 2
-- profile: all

WITH told AS (SELECT DISTINCT system, object FROM field WHERE entity = 'company' AND field = 'domain')
SELECT c.system, c.object, c.id, 'domain' AS field
FROM company c SEMI JOIN told USING (system, object)
-- A family has no domain rightly.
WHERE c.domain_raw IS NULL AND NOT coalesce(is_household(c.name), false)
