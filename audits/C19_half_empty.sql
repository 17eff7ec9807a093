-- id: C19
-- severity: warning
-- entity: contact
-- category: completeness
-- summary: {en: "Contacts of whom too little is known", es: "Contactos de los que se sabe demasiado poco"}
-- why: {en: "They cannot be segmented, scored or handed over to sales.", es: "No se pueden segmentar, puntuar ni pasar a ventas."}
-- remedy: {en: "Ask for what is missing in the next form or call; the detail names it.", es: "Pida lo que falta en el próximo formulario o llamada; el detalle dice qué es."}
-- needs: [contact.email]
-- eligible: SELECT count(*) FROM contact
-- minutes: 2
-- profile: all
-- params: {fields: [first_name, last_name, email, phone, job_title, company, country], share: 0.5}

-- Of the fields asked for, those that the record's own system and object have: a Lead is not asked for what only
-- contacts know, and a mailbox of a team is no person.
WITH asked AS (
  SELECT system, object, count(DISTINCT field) AS fields, list_sort(list(DISTINCT field)) AS names
  FROM field WHERE entity = 'contact' AND list_contains($fields, field) GROUP BY ALL),
held AS (
  SELECT system, object, id, email,
         list_value(*COLUMNS(lambda name: suffix(name, '_raw') AND list_contains($fields, name[:-5]))) AS cells,
         struct_keys(struct_pack(*COLUMNS(lambda name: suffix(name, '_raw') AND list_contains($fields, name[:-5])))) AS keys
  FROM contact),
poor AS (
  SELECT h.*, a.names FROM held h JOIN asked a USING (system, object)
  WHERE list_count(h.cells) < $share * a.fields AND NOT coalesce(is_team_mailbox(h.email), false))
SELECT system, object, id,
       array_to_string(list_filter(names, lambda name: cells[list_position(keys, name || '_raw')] IS NULL), ', ') AS detail
FROM poor
