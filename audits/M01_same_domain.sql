-- id: M01
-- severity: error
-- entity: company
-- category: duplicates
-- summary: {en: "Several companies of one system share a web domain", es: "Varias empresas de un mismo sistema comparten dominio web"}
-- why: {en: "Contacts and deals spread over copies of one customer, and its revenue is never seen as one.", es: "Los contactos y oportunidades se reparten entre copias del mismo cliente y sus ingresos nunca se ven juntos."}
-- remedy: {en: "Merge them; if they are branches, make one the parent of the other; if they are strangers, correct the domain.", es: "Fusiónelas; si son sucursales, ponga una como matriz de la otra; si no tienen nada que ver, corrija el dominio."}
-- needs: [company.domain]
-- eligible: SELECT count(domain) FROM company
-- minutes: 6
-- profile: essential

WITH named AS (
  SELECT system, object, id, domain, parent_raw
  FROM company
  -- Free mail, pages on somebody else's site, and domains kept for examples belong to nobody's company.
  WHERE domain IS NOT NULL AND NOT is_free_mail(domain) AND NOT is_shared_site(domain)
    AND NOT is_throwaway_mail('@' || domain)
),
-- Branches share a domain rightly: whoever has its parent in the same group is excused.
unexcused AS (
  SELECT n.* FROM named n
  WHERE NOT EXISTS (
    SELECT 1 FROM named p
    WHERE p.system = n.system AND p.domain = n.domain AND p.id = n.parent_raw AND p.id <> n.id)
)
SELECT system, object, id, 'domain' AS field, domain AS detail
FROM unexcused
QUALIFY count(*) OVER (PARTITION BY system, domain) > 1
