-- id: C20
-- severity: warning
-- entity: contact
-- category: validity
-- summary: {en: "Values that nobody can read: no such date, number, phone, address or option", es: "Valores que nadie puede leer: fecha, número, teléfono, dirección u opción que no existen"}
-- why: {en: "A value that cannot be read is not compared, counted or carried over, and it looks filled in.", es: "Un valor ilegible no se compara, no se cuenta y no se traslada, y sin embargo parece rellenado."}
-- remedy: {en: "Correct it in the CRM. An option that is right belongs under `values` of the field in the mapping.", es: "Corríjalo en el CRM. Si la opción es correcta, añádala en `values` del campo en el mapeo."}
-- needs: [unreadable]
-- eligible: SELECT coalesce(sum(filled), 0) FROM field
-- minutes: 1
-- params: {usual: 3, percent: 10}

-- An option that several records have, and a field of which the mapping does not know a good part, are no slips of
-- one person: F09 tells them once. What an export says of a stage is read as won and closed, too: one cell, told once.
WITH counted AS (
  SELECT u.*, u.type IN ('choice', 'choices') AS listed, f.filled,
    count(*) OVER (PARTITION BY u.entity, u.system, u.object, u.field, u.raw) AS alike,
    count(*) OVER (PARTITION BY u.entity, u.system, u.object, u.field) AS unknown,
    row_number() OVER (PARTITION BY u.entity, u.system, u.object, u.id, coalesce(f.native, u.field), u.raw
                       ORDER BY u.type = 'flag', u.field) AS nth
  FROM unreadable u LEFT JOIN field f USING (entity, system, object, field))
SELECT entity, system, object, id, field, raw AS detail FROM counted
WHERE nth = 1 AND NOT (listed AND (alike >= $usual OR (unknown >= $usual AND unknown * 100 >= filled * $percent)))
  -- A queue owns leads rightly, and is nobody. Its ids begin with 00G: developer.salesforce.com, Group (read 2026-11).
  AND NOT regexp_full_match(raw, '00G[0-9A-Za-z]{12}([0-9A-Za-z]{3})?')
  -- An address that is none is C02's, and a word in its place C12's.
  AND NOT (entity = 'contact' AND field = 'email')
