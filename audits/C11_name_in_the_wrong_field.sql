-- id: C11
-- severity: info
-- entity: contact
-- category: validity
-- summary: {en: "First and last names that are swapped, or both in one field", es: "Nombre y apellidos cambiados de campo o juntos en uno solo"}
-- why: {en: "Mails begin with Dear García, and the person is not found by surname.", es: "Los correos empiezan por «Hola, García», y no se encuentra a la persona por su apellido."}
-- remedy: {en: "Move each name into its field.", es: "Ponga cada nombre en su campo."}
-- needs: [contact.first_name, contact.last_name]
-- eligible: SELECT count(coalesce(first_name, last_name)) FROM contact
-- minutes: 1
-- profile: all

-- Only by names that are never the other thing: María José, Juan Martín, García Alonso and Kim Min are innocent.
-- Names come again and again: each is looked up once. (min: a filter on DISTINCT would be asked of every row.)
WITH firsts AS (SELECT min(first_name) AS first_name FROM contact GROUP BY contact.first_name),
surnamed AS (SELECT first_name FROM firsts WHERE is_surname(split_part(first_name, ' ', 1))),
named AS (
  SELECT system, object, id, first_name, last_name, split_part(first_name, ' ', 1) AS first_of_first,
         split_part(first_name, ' ', -1) AS last_of_first, split_part(last_name, ' ', 1) AS first_of_last,
         split_part(last_name, ' ', -1) AS last_of_last
  FROM contact WHERE (first_name IS NULL) <> (last_name IS NULL) OR first_name IN (FROM surnamed))
SELECT system, object, id, CASE WHEN first_name IS NULL THEN 'last_name' ELSE 'first_name' END AS field,
       concat_ws(' / ', first_name, last_name) AS detail
FROM named
WHERE (last_name IS NULL AND contains(first_name, ' ') AND is_given_name(first_of_first) AND is_surname(last_of_first))
   OR (first_name IS NULL AND contains(last_name, ' ') AND is_given_name(first_of_last) AND is_surname(last_of_last))
   OR (first_name IS NULL AND contains(last_name, ', ') AND is_surname(first_of_last)
       AND is_given_name(split_part(split_part(last_name, ', ', 2), ' ', 1)))
   OR (is_surname(first_of_first) AND is_given_name(first_of_last) AND NOT is_surname(last_of_last))
