-- id: C08
-- severity: warning
-- entity: contact
-- category: consistency
-- summary: {en: "E-mail domains that are not the company's", es: "Dominios de correo que no son los de la empresa"}
-- why: {en: "The person may have changed jobs, or is associated to the wrong company: deals and campaigns follow the wrong one.", es: "Puede que la persona haya cambiado de trabajo o esté asociada a la empresa equivocada, y sus oportunidades y campañas con ella."}
-- remedy: {en: "Check where the person works; correct the company, or add the domain to it.", es: "Compruebe dónde trabaja la persona; corrija la empresa o añádale el dominio."}
-- needs: [contact.email, contact.company, company.domain, company.name]
-- eligible: SELECT count(*) FROM contact WHERE email IS NOT NULL AND company IS NOT NULL
-- minutes: 3
-- profile: all

-- Innocent: free mail, domains of the parent and of branches, a second domain (two people of the company have it),
-- another ending of the same name (acme.es, acme.com.mx), and a domain that the company's name says (exito.com).
WITH grouped AS (
  -- The parent is a field that a workspace need not map: NULL where it does not.
  SELECT DISTINCT key, coalesce(above[2], key) AS family, domain
  FROM (SELECT key, domain, list_value(*COLUMNS(lambda n: n IN ('id', 'parent'))) AS above FROM company)),
own AS (
  SELECT DISTINCT g.key, f.domain FROM grouped g JOIN grouped f ON f.family = g.family
  WHERE f.domain IS NOT NULL AND NOT is_free_mail(f.domain) AND NOT is_shared_site(f.domain)),
-- Grouped before anything is looked up: there are far fewer hosts of a company than people.
hosts AS (
  SELECT company, email_domain(email) AS host, min(key) AS writer, max(key) AS last FROM contact
  WHERE company IS NOT NULL AND email IS NOT NULL GROUP BY ALL),
mailed AS (
  SELECT m.company, h.domain, split_part(h.domain, '.', 1) AS label, min(m.writer) AS writer
  FROM hosts m JOIN host h ON h.host = m.host
  WHERE NOT h.free_mail AND h.meant IS NULL
  GROUP BY ALL HAVING min(m.writer) = max(m.last)),
alone AS (
  SELECT m.* FROM mailed m SEMI JOIN own ON own.key = m.company
  WHERE NOT EXISTS (SELECT 1 FROM own WHERE own.key = m.company
                    AND (own.domain = m.domain OR split_part(own.domain, '.', 1) = m.label))),
named AS (
  SELECT key, replace(company_norm(name), ' ', '') AS name FROM company SEMI JOIN alone ON alone.company = company.key)
SELECT c.system, c.object, c.id, 'email' AS field, c.email AS detail
FROM alone a JOIN contact c ON c.company = a.company AND c.key = a.writer
JOIN host h ON h.host = email_domain(c.email) AND h.domain = a.domain AND NOT h.free_mail AND h.meant IS NULL
WHERE NOT EXISTS (SELECT 1 FROM named g WHERE g.key = a.company AND length(a.label) > 3
                  AND (contains(g.name, replace(a.label, '-', '')) OR contains(a.label, g.name)))
