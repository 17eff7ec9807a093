-- id: X15
-- severity: warning
-- entity: contact
-- category: consistency
-- summary: {en: "Fields in which linked records say different things", es: "Campos en los que registros enlazados dicen cosas distintas"}
-- why: {en: "Whoever looks in one system decides on something else than whoever looks in the other.", es: "Quien mira un sistema decide con otros datos que quien mira el otro."}
-- remedy: {en: "`crmsync plan` settles them by the policy of each field; what it asks is for a person to choose.", es: "`crmsync plan` los resuelve según la regla de cada campo; lo que pregunta lo decide una persona."}
-- needs: [pair]
-- eligible: SELECT coalesce(sum(filled), 0)::BIGINT FROM compared WHERE (entity, field) NOT IN (('contact', 'opted_out'), ('contact', 'do_not_call'), ('deal', 'amount'), ('deal', 'stage'), ('deal', 'is_won'), ('deal', 'is_closed'), ('deal', 'currency'), ('company', 'parent'), ('company', 'tax_id'))
-- minutes: 2
-- profile: all

-- What has a check of its own is told there: opt-outs, amounts and stages (and what follows of them), parents, tax ids.
WITH told AS (
  SELECT * FROM drift
  WHERE (entity, field) NOT IN (('contact', 'opted_out'), ('contact', 'do_not_call'), ('deal', 'amount'),
    ('deal', 'stage'), ('deal', 'is_won'), ('deal', 'is_closed'), ('deal', 'currency'), ('company', 'parent'),
    ('company', 'tax_id'))),
plain AS (
  SELECT *, CASE WHEN (entity, field) = ('company', 'name') THEN company_norm(value) ELSE value END AS mine,
    CASE WHEN (entity, field) = ('company', 'name') THEN company_norm(other_value) ELSE other_value END AS theirs
  FROM told WHERE type <> 'reference'),
bare AS (
  SELECT *, regexp_replace(lower(strip_accents(trim(mine))), '[^a-z0-9]+', '', 'g') AS here,
    regexp_replace(lower(strip_accents(trim(theirs))), '[^a-z0-9]+', '', 'g') AS there
  FROM plain),
-- Who is called Pepe by one and José by the other is one person. A name may be short for several.
nick AS (SELECT list(string_split(names, ' ')) AS groups FROM (VALUES
  ('francisco paco pancho kiko curro chico'), ('jose pepe ze'), ('josefa pepa'), ('ignacio nacho'), ('dolores lola'),
  ('concepcion concha conchi'), ('enrique quique kike'), ('manuel manolo'), ('eduardo lalo'), ('roberto beto'),
  ('alberto beto'), ('alejandro alex'), ('alejandra alex'), ('antonio toni toninho'), ('guillermo memo'), ('jesus chus chuy'),
  ('rosario charo'), ('mercedes merche'), ('guadalupe lupe'), ('luis lucho'), ('graciela chela'), ('fernando nando'),
  ('patricia patty trish'), ('robert bob bobby'), ('william bill billy liam'), ('elizabeth beth betty liz lizzie'),
  ('margaret maggie meg peggy'), ('richard rick dick'), ('james jim jimmy'), ('john jack johnny'), ('thomas tom tommy'),
  ('michael mike mick'), ('anthony tony'), ('antonio tony'), ('edward eddie ted'), ('charles charlie chuck'),
  ('katherine kate kathy katie'), ('catherine kate katie'), ('stephen steve'), ('steven steve'), ('andrew drew'),
  ('alexander alex'), ('lawrence larry'), ('rebecca becky'), ('theodore ted'), ('kenneth kenny'), ('susan suzie')) AS t(names)),
-- Case, accents, signs and a legal form are no other value, nor is another way to write a country, nor a given name
-- that is short for the other, nor a long text that one of them cut. Letters of other scripts stay.
apart AS (
  SELECT entity, system, object, id, field, value, other_system, other_value FROM bare, nick
  WHERE (type IN ('date', 'instant', 'integer', 'decimal', 'money') OR here <> there OR here = '' OR there = '')
    AND mine <> theirs
    AND NOT (type NOT IN ('date', 'instant', 'integer', 'decimal', 'money')
      AND length(value) >= 30 AND length(other_value) >= 30
      AND (starts_with(value, other_value) OR starts_with(other_value, value)))
    AND NOT (field = 'country' AND coalesce(country_code(value) = country_code(other_value), false))
    AND NOT (field = 'first_name' AND here <> '' AND there <> ''
      AND (least(length(here), length(there)) >= 3 AND (starts_with(here, there) OR starts_with(there, here))
        OR len(list_filter(groups, lambda g: list_contains(g, here) AND list_contains(g, there))) > 0))),
-- Of two customers who are in one system each nobody knows that they are two: they may be one whom nobody has linked.
wanted AS (SELECT value AS key FROM told WHERE type = 'reference' UNION SELECT other_value FROM told WHERE type = 'reference'),
paired AS (SELECT key FROM link SEMI JOIN wanted USING (key) GROUP BY key HAVING min(system) <> max(system)),
pointed AS (SELECT t.* FROM told t SEMI JOIN paired a ON a.key = t.value SEMI JOIN paired b ON b.key = t.other_value WHERE t.type = 'reference'),
spoken AS (
  SELECT key, min(name) AS name FROM called
  SEMI JOIN (SELECT value AS wanted FROM pointed UNION SELECT other_value FROM pointed) w ON w.wanted = called.key GROUP BY key)
SELECT entity, system, object, id, field,
  system || ' ' || left(value, 60) || ' / ' || other_system || ' ' || left(other_value, 60) AS detail
FROM apart
UNION ALL
SELECT p.entity, p.system, p.object, p.id, p.field,
  p.system || ' ' || left(coalesce(a.name, p.value), 60) || ' / ' || p.other_system || ' ' || left(coalesce(b.name, p.other_value), 60)
FROM pointed p LEFT JOIN spoken a ON a.key = p.value LEFT JOIN spoken b ON b.key = p.other_value
WHERE coalesce(company_norm(a.name) <> company_norm(b.name), true)
