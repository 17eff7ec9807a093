-- id: D07
-- severity: warning
-- entity: deal
-- category: roles
-- summary: {en: "Deals with contacts and no main one, or several", es: "Oportunidades con contactos pero sin uno principal, o con varios"}
-- why: {en: "Campaign influence and whatever is sent to the main contact go to nobody, or to two people at once.", es: "La influencia de campañas y lo que se envía al contacto principal no llega a nadie, o llega a dos personas."}
-- remedy: {en: "Mark the one who decides as primary.", es: "Marque como principal a quien decide."}
-- needs: [association.deal.contact, deal.is_closed, deal.is_won]
-- eligible: SELECT count(*) FROM deal SEMI JOIN tied t ON t.from_entity = 'deal' AND t.to_entity = 'contact' AND t.system = deal.system WHERE is_won OR is_closed IS FALSE
-- minutes: 1
-- profile: all

-- HubSpot knows no main contact of a deal: a system is only asked if somebody is marked there, or labelled so.
WITH told AS (SELECT * FROM tied WHERE from_entity = 'deal' AND to_entity = 'contact'),
tie AS (
  SELECT a.system, a.from_object AS object, a.from_id AS id, a.to_id,
         bool_or(a.is_primary OR coalesce(regexp_matches(lower(a.label), '\b(primary|principal|main)\b'), false)) AS leads
  FROM association a
  JOIN told t ON t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object
  GROUP BY ALL),
led AS (SELECT system, object, id, count(*) FILTER (leads) AS leaders, count(*) AS people FROM tie GROUP BY ALL)
SELECT d.system, d.object, d.id, l.leaders || ' / ' || l.people AS detail
FROM deal d JOIN led l USING (system, object, id)
WHERE (d.is_won OR d.is_closed IS FALSE) AND l.leaders <> 1
  AND d.system IN (SELECT system FROM tie WHERE leads)
