-- id: M05
-- severity: info
-- entity: company
-- category: completeness
-- summary: {en: "Companies without any person, entered months ago", es: "Empresas sin personas de contacto, dadas de alta hace meses"}
-- why: {en: "Nobody can be called or written to, and no campaign reaches them.", es: "No hay a quién llamar ni escribir, y ninguna campaña les llega."}
-- remedy: {en: "Add a contact, or archive the company if nothing hangs on it.", es: "Añada un contacto, o archive la empresa si no depende nada de ella."}
-- needs: [contact.company, company.name]
-- eligible: SELECT count(*) FROM company
-- minutes: 3
-- profile: all
-- params: {days: 180}

-- People in either system count, those of its parent and its branches (a site need not have people of its own), and
-- those of a twin that nobody has linked: same domain, or same name where one of them has no domain. A company that was
-- just entered gets its people yet, and so does one whose name a lead bears, who is tied to none before she is converted.
WITH known AS (
  SELECT system, object, id, key, created_at, company_norm(name) AS name,
         -- The second of each is a field that a workspace need not map: NULL where it does not.
         list_value(*COLUMNS(lambda n: n IN ('id', 'parent'))) AS above, list_value(*COLUMNS(lambda n: n IN ('id', 'domain'))) AS site
  FROM company),
staffed AS (SELECT * FROM known SEMI JOIN contact p ON p.company = known.key),
bearing AS (
  SELECT list_value(*COLUMNS(lambda n: n IN ('id', 'company_name'))) AS of, company FROM contact),
named AS (SELECT DISTINCT company_norm(of[2]) AS name FROM bearing WHERE company IS NULL AND of[2] IS NOT NULL),
peopled AS (SELECT DISTINCT coalesce(above[2], key) AS family FROM staffed)
SELECT c.system, c.object, c.id
FROM known c ANTI JOIN peopled p ON p.family = coalesce(c.above[2], c.key)
ANTI JOIN (SELECT DISTINCT site[2] AS domain FROM staffed WHERE site[2] IS NOT NULL AND NOT is_free_mail(site[2]) AND NOT is_shared_site(site[2])) d ON d.domain = c.site[2]
ANTI JOIN (SELECT name, system, site[2] AS domain FROM staffed WHERE name <> '') n
  ON n.name = c.name AND n.system <> c.system AND (n.domain IS NULL OR c.site[2] IS NULL)
ANTI JOIN named l ON l.name = c.name
WHERE c.created_at < $as_of - to_days($days)
