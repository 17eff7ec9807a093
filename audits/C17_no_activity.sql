-- id: C17
-- severity: info
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts nobody has dealt with for a long time", es: "Contactos sin actividad desde hace mucho"}
-- why: {en: "They cost licences and mailings, they age, and keeping them needs a reason.", es: "Cuestan licencias y envíos, envejecen, y conservarlos necesita un motivo."}
-- remedy: {en: "Win them back in a campaign, or archive them.", es: "Recupérelos con una campaña o archívelos."}
-- needs: [activity, contact.email]
-- eligible: SELECT count(*) FROM contact WHERE system IN (SELECT system FROM fact WHERE fact = 'activity')
-- minutes: 1
-- profile: all
-- params: {days: 365}

-- Only where activities of all these days were read; in what is still to be done somebody deals with the person.
-- A day that is yet to come says nothing of what was done: then it counts from when it was written down.
WITH read AS (
  SELECT system FROM fact WHERE fact = 'activity'
  GROUP BY system HAVING max(since) <= $as_of - to_days($days)),
lately AS (
  SELECT DISTINCT t.key FROM activity_about t
  JOIN activity a ON a.system = t.system AND a.object = t.activity_object AND a.id = t.activity_id
  WHERE t.entity = 'contact'
    AND (a.state = 'open' OR
      CASE WHEN coalesce(a.happened_at, a.day, a.created_at) > $as_of THEN a.created_at
      ELSE coalesce(a.happened_at, a.day, a.created_at) END BETWEEN $as_of - to_days($days) AND $as_of))
SELECT c.system, c.object, c.id, strftime(c.modified_at, '%Y-%m-%d') AS detail
FROM contact c
WHERE c.system IN (SELECT system FROM read)
  AND greatest(c.created_at, c.modified_at) < $as_of - to_days($days)
  AND NOT EXISTS (SELECT 1 FROM lately WHERE lately.key = c.key)
