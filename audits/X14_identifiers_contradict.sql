-- id: X14
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "One customer with two tax ids, or two people of one company under one link", es: "Un cliente con dos identificaciones fiscales, o dos personas de una empresa bajo el mismo enlace"}
-- why: {en: "Somebody is written over somebody else: the link joins two who are not one.", es: "Se escribe a uno encima de otro: el enlace une a dos que no son el mismo."}
-- remedy: {en: "Take the link apart, and give each its own record in both systems.", es: "Separe el enlace y dé a cada uno su propio registro en ambos sistemas."}
-- needs: [pair, contact.email, contact.first_name, company.tax_id]
-- eligible: SELECT coalesce(sum(filled), 0)::BIGINT FROM compared WHERE (entity, field) IN (('contact', 'email'), ('company', 'tax_id'))
-- minutes: 8
-- profile: all

WITH mailed AS (
  SELECT entity, key, system, object, id, value AS one, other_value AS other FROM drift
  WHERE entity = 'contact' AND field = 'email'
    AND split_part(value, '@', 2) = split_part(other_value, '@', 2)),
named AS (
  SELECT m.*, split_part(strip_accents(lower(trim(a.first_name))), ' ', 1) AS here,
    split_part(strip_accents(lower(trim(b.first_name))), ' ', 1) AS there
  FROM mailed m
  JOIN contact a ON a.system = m.system AND a.object = m.object AND a.id = m.id
  JOIN contact b ON b.key = m.key AND b.system <> m.system)
-- Who married has another address and the same first name; Pepe and José are told apart by nobody, so by half a name.
SELECT entity, system, object, id, 'email' AS field, one || ' / ' || other AS detail FROM named
WHERE here <> '' AND there <> '' AND jaro_winkler_similarity(here, there) < 0.7
  AND NOT starts_with(here, left(there, 2))
GROUP BY ALL
UNION ALL
SELECT entity, system, object, id, 'tax_id', value || ' / ' || other_value FROM drift
WHERE entity = 'company' AND field = 'tax_id'
