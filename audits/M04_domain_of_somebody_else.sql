-- id: M04
-- severity: error
-- entity: company
-- category: validity
-- summary: {en: "Companies with the domain of a mail provider, of a social network or of an example", es: "Empresas con el dominio de un proveedor de correo, de una red social o de ejemplo"}
-- why: {en: "HubSpot associates everybody with such an address to this company, and crmsync takes strangers for one.", es: "HubSpot asocia a esta empresa a todo el que tenga esa dirección, y empresas ajenas parecen la misma."}
-- remedy: {en: "Write the company's own domain, or leave the field empty.", es: "Escriba el dominio propio de la empresa o deje el campo vacío."}
-- needs: [company.domain, company.name]
-- eligible: SELECT count(domain) FROM company
-- minutes: 2
-- profile: all

-- The provider itself is innocent: its name says it. What is no host name at all is C20's.
SELECT system, object, id, 'domain' AS field, domain AS detail
FROM company
WHERE (is_free_mail(domain) OR is_shared_site(domain) OR is_throwaway_mail('@' || domain))
  AND NOT contains(replace(coalesce(company_norm(name), ''), ' ', ''), split_part(domain, '.', 1))
  AND NOT (contains(name_norm(name), 'google') AND starts_with(domain, 'g'))
  AND NOT (contains(name_norm(name), 'apple') AND domain IN ('icloud.com', 'me.com', 'mac.com'))
  AND NOT (contains(name_norm(name), 'microsoft')
           AND split_part(domain, '.', 1) IN ('outlook', 'hotmail', 'live', 'msn'))
