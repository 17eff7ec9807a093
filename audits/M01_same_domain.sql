-- id: M01
-- severity: error
-- entity: company
-- category: duplicates
-- summary: {en: "Several companies of one system share a web domain", es: "Varias empresas de un mismo sistema comparten dominio web"}
-- why: {en: "Contacts and deals spread over copies of one customer, and its revenue is never seen as one.", es: "Los contactos y oportunidades se reparten entre copias del mismo cliente y sus ingresos nunca se ven juntos."}
-- remedy: {en: "Merge them, or make one the parent of the other if they are branches.", es: "Fusiónelas o, si son sucursales, ponga una como matriz de la otra."}
-- needs: [company.domain]
-- eligible: SELECT count(domain) FROM company
-- minutes: 6

WITH named AS (
  SELECT system, object, id, domain, parent_raw
  FROM company
  WHERE domain IS NOT NULL
    -- A free-mail domain belongs to nobody's company.
    AND domain NOT IN ('gmail.com', 'googlemail.com', 'hotmail.com', 'hotmail.es', 'outlook.com',
                       'outlook.es', 'live.com', 'yahoo.com', 'yahoo.es', 'icloud.com', 'me.com',
                       'aol.com', 'gmx.com', 'gmx.net', 'proton.me', 'protonmail.com', 'msn.com')
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
