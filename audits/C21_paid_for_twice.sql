-- id: C21
-- severity: warning
-- entity: contact
-- category: duplicates
-- summary: {en: "Marketing contacts that are there twice and paid for twice", es: "Contactos de marketing repetidos que se pagan dos veces"}
-- why: {en: "Each copy counts towards the bill, and the person gets every mail twice.", es: "Cada copia cuenta en la factura, y la persona recibe cada correo dos veces."}
-- remedy: {en: "Merge them in HubSpot, or set the copy as non-marketing. `audits: {prices: {marketing_contact: …}}` in crmsync.yml shows the amount.", es: "Fusiónelos en HubSpot o marque la copia como no de marketing. `audits: {prices: {marketing_contact: …}}` en crmsync.yml muestra el importe."}
-- needs: [marketing.marketable, contact.first_name, contact.last_name, contact.phone]
-- eligible: SELECT count(*) FROM marketing WHERE entity = 'contact' AND marketable
-- minutes: 3
-- profile: all
-- params: {price: 0.0}

-- Sure copies only: one name and one phone, or an address that the other record has as its second. A family shares
-- the phone and not the name; father and son of one name have two birthdays. The first record made is the one to keep.
WITH paid AS (
  SELECT c.system, c.object, c.id, c.created_at, c.email, c.phone,
         -- The second of each is a field that a workspace need not map: NULL where it does not.
         list_value(*COLUMNS(lambda n: n IN ('id', 'other_emails_raw'))) AS others,
         list_value(*COLUMNS(lambda n: n IN ('id', 'birthdate_raw'))) AS birthdate, c.first_name, c.last_name
  FROM contact c SEMI JOIN (SELECT * FROM marketing WHERE entity = 'contact' AND marketable) m USING (system, object, id)),
called AS (
  SELECT *, name_norm(first_name || ' ' || last_name) AS name
  FROM paid SEMI JOIN (SELECT system, phone FROM paid WHERE phone IS NOT NULL GROUP BY ALL HAVING count(*) > 1)
    USING (system, phone)
  WHERE first_name IS NOT NULL AND last_name IS NOT NULL),
alike AS (
  SELECT system, object, id FROM called
  QUALIFY row_number() OVER (PARTITION BY system, phone, name ORDER BY created_at, id) > 1
      AND count(DISTINCT birthdate[2]) OVER (PARTITION BY system, phone, name) < 2),
second AS (
  SELECT system, id, trim(lower(unnest(string_split(others[2], ';')))) AS email FROM paid),
named AS (
  SELECT p.system, p.object, p.id FROM paid p JOIN second s ON s.system = p.system AND s.email = p.email AND s.id <> p.id)
SELECT system, object, id, 'marketing_contact' AS field, nullif($price, 0) AS amount
FROM (SELECT * FROM alike UNION SELECT * FROM named)
