-- id: C20
-- severity: warning
-- entity: contact
-- category: validity
-- summary: {en: "Values that nobody can read: no such date, number, phone, address or option", es: "Valores que nadie puede leer: fecha, número, teléfono, dirección u opción que no existen"}
-- why: {en: "A value that cannot be read is not compared, counted or carried over, and it looks filled in.", es: "Un valor ilegible no se compara, no se cuenta y no se traslada, y sin embargo parece rellenado."}
-- remedy: {en: "Correct it in the CRM. An option that is right belongs under `values` of the field in the mapping: that settles all of them.", es: "Corríjalo en el CRM. Si la opción es correcta, añádala en `values` del campo en el mapeo: eso las resuelve todas."}
-- needs: [unreadable]
-- eligible: SELECT coalesce(sum(filled), 0) FROM field
-- minutes: 1

SELECT entity, system, object, id, field, raw AS detail FROM unreadable
-- A queue owns leads rightly, and is nobody. Its ids begin with 00G: developer.salesforce.com, Group (read 2026-11).
WHERE NOT regexp_full_match(raw, '00G[0-9A-Za-z]{12}([0-9A-Za-z]{3})?')
