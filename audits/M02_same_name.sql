-- id: M02
-- severity: warning
-- entity: company
-- category: duplicates
-- summary: {en: "Companies of one system with the same name, country and city, and another domain", es: "Empresas de un mismo sistema con igual nombre, país y ciudad, y otro dominio"}
-- why: {en: "They may be one customer under two domains, or a copy that somebody made without a search.", es: "Pueden ser un solo cliente con dos dominios, o una copia creada sin buscar antes."}
-- remedy: {en: "Look at both: merge them, or write a tax id or a city that tells them apart.", es: "Mire ambas: fusiónelas o escriba una identificación fiscal o una ciudad que las distinga."}
-- needs: [company.name, company.country, company.city, company.domain]
-- eligible: SELECT count(name) FROM company
-- minutes: 6
-- profile: all

-- Innocent: another city, a tax id of its own, a branch of one of them or of the same parent, families; one domain is M01's.
WITH named AS MATERIALIZED (
  SELECT system, object, id, name, coalesce(domain, id) AS site,
         -- The second of each is a field that a workspace need not map: NULL where it does not.
         list_value(*COLUMNS(lambda n: n IN ('id', 'tax_id_raw'))) AS tax, coalesce(above[2], key) AS family, company_norm(name) AS norm,
         country, city
  FROM (SELECT *, list_value(*COLUMNS(lambda n: n IN ('id', 'parent'))) AS above FROM company)
  WHERE name IS NOT NULL AND country IS NOT NULL AND NOT is_placeholder(name) AND NOT is_household(name)),
-- Most names are there once: of these nothing is counted.
-- Most names are there once: only of the others is more to be known.
again AS (SELECT system, norm FROM named GROUP BY ALL HAVING count(*) > 1),
placed AS (
  SELECT * EXCLUDE (country, city), coalesce(country_code(country), name_norm(country)) AS land, name_norm(city) AS town
  FROM named SEMI JOIN again USING (system, norm)),
twice AS (
  SELECT system, norm, land, town FROM placed GROUP BY ALL
  HAVING min(site) <> max(site) AND min(family) <> max(family)),
alike AS (
  SELECT placed.*, count(*) OVER g AS holders, count(DISTINCT site) OVER g AS sites, count(DISTINCT family) OVER g AS families,
         count(tax[2]) OVER g AS numbered,
         count(tax[2]) OVER (PARTITION BY system, norm, land, town, tax[2]) AS same_number
  FROM placed SEMI JOIN twice ON placed.system = twice.system AND placed.norm = twice.norm
    AND placed.land IS NOT DISTINCT FROM twice.land AND placed.town IS NOT DISTINCT FROM twice.town
  WINDOW g AS (PARTITION BY system, norm, land, town))
SELECT system, object, id, 'name' AS field, name AS detail
FROM alike
WHERE holders > 1 AND sites > 1 AND families > 1 AND (numbered < holders OR same_number > 1)
