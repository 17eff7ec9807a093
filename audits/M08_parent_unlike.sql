-- id: M08
-- severity: info
-- entity: company
-- category: consistency
-- summary: {en: "Branches that share neither name nor domain with their parent", es: "Filiales que no comparten ni nombre ni dominio con su matriz"}
-- why: {en: "The wrong parent adds somebody else's revenue to a group.", es: "Una matriz equivocada suma a un grupo los ingresos de otro."}
-- remedy: {en: "Check the parent; if the group just has several brands, accept the finding.", es: "Compruebe la matriz; si el grupo simplemente tiene varias marcas, acepte el hallazgo."}
-- needs: [company.parent, company.name, company.domain]
-- eligible: SELECT count(parent) FROM company
-- minutes: 3
-- profile: all

-- Innocent: a word of the name in common, the same domain or the same label of it, people who write from one domain.
WITH tied AS MATERIALIZED (
  SELECT c.system, c.object, c.id, c.key, p.key AS parent, p.name AS parent_name, c.domain, p.domain AS parent_domain,
         company_norm(c.name) AS norm, company_norm(p.name) AS parent_norm
  FROM company c JOIN company p ON p.system = c.system AND p.id = c.parent_raw AND p.id <> c.id
  WHERE c.domain IS NOT NULL AND p.domain IS NOT NULL AND c.name IS NOT NULL AND p.name IS NOT NULL
    AND split_part(c.domain, '.', 1) <> split_part(p.domain, '.', 1)),
unlike AS MATERIALIZED (
  SELECT * FROM tied t
  WHERE jaro_winkler_similarity(t.norm, t.parent_norm) < 0.6
    AND NOT list_has_any(list_filter(string_split(t.norm, ' '), lambda w: length(w) > 2), string_split(t.parent_norm, ' '))
    AND NOT contains(replace(t.norm, ' ', ''), split_part(t.parent_domain, '.', 1))),
-- Few companies are left: their people are found before anything is read in an address.
people AS (
  SELECT company, min(email_domain(email)) AS host FROM contact
  SEMI JOIN (SELECT key FROM unlike UNION SELECT parent FROM unlike) t ON t.key = contact.company
  GROUP BY company, email_domain(email)),
mailed AS (SELECT company, host FROM people WHERE NOT is_free_mail(host)),
shared AS (
  SELECT DISTINCT one.company AS one, two.company AS two
  FROM mailed one JOIN mailed two ON one.host = two.host
  SEMI JOIN unlike t ON t.key = one.company AND t.parent = two.company)
SELECT t.system, t.object, t.id, 'parent' AS field, t.parent_name AS detail
FROM unlike t
WHERE NOT EXISTS (SELECT 1 FROM shared s WHERE s.one = t.key AND s.two = t.parent)
