-- id: D21
-- severity: info
-- entity: deal
-- category: roles
-- summary: {en: "Won deals whose contacts were only added after the close", es: "Oportunidades ganadas cuyos contactos se añadieron después del cierre"}
-- why: {en: "Nobody was on them while they were sold: who had a part in it was put together afterwards, and so was what it is credited to.", es: "Nadie figuraba en ellas mientras se vendían: quién participó se reconstruyó después, y con ello a qué se atribuye."}
-- remedy: {en: "Add contacts while the deal is open: the stage before the last can ask for one.", es: "Añada los contactos mientras esté abierta: puede exigirse uno antes de la última etapa."}
-- needs: [association.created_at, association.deal.contact, deal.close_date, deal.is_won, deal.amount]
-- eligible: SELECT count(DISTINCT (d.system, d.object, d.id)) FROM deal d JOIN association a ON a.system = d.system AND a.from_object = d.object AND a.from_id = d.id WHERE d.is_won AND a.created_at IS NOT NULL
-- params: {days: 7}
-- minutes: 2
-- profile: all

-- One who was there in time is enough. Of a deal that was entered after its close no role can be older.
WITH told AS (SELECT * FROM tied WHERE from_entity = 'deal' AND to_entity = 'contact'),
added AS (
  SELECT a.system, a.from_object AS object, a.from_id AS id, min(a.created_at) AS first
  FROM association a
  JOIN told t ON t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object
  GROUP BY ALL HAVING count(*) = count(a.created_at))
SELECT d.system, d.object, d.id, d.amount,
       strftime(d.close_date, '%Y-%m-%d') || ' < ' || strftime(r.first, '%Y-%m-%d') AS detail
FROM deal d JOIN added r USING (system, object, id)
WHERE d.is_won AND r.first::DATE > greatest(d.close_date, d.created_at::DATE) + $days::INTEGER
