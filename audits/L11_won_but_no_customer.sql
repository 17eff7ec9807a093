-- id: L11
-- severity: error
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts on a won deal who are not customers", es: "Contactos de una oportunidad ganada que no figuran como clientes"}
-- why: {en: "Marketing still treats buyers as leads, and customer numbers of the two teams never agree.", es: "Marketing sigue tratando como leads a quienes ya compraron, y las cifras de clientes de ambos equipos nunca cuadran."}
-- remedy: {en: "Move them to Customer, or take them off the deal if they had no part in it.", es: "Páselos a Cliente o quítelos de la oportunidad si no participaron en ella."}
-- needs: [hubspot:contact.lifecycle_stage, standing, deal.is_won]
-- eligible: SELECT count(*) FROM contact WHERE system = 'hubspot'
-- minutes: 2

-- Who of a deal is a customer is the policy of mappings/lifecycle.yml. Who has no record in the system that keeps the
-- stage is not judged, nor who was a customer and has left.
WITH bought AS (SELECT DISTINCT key FROM buyer WHERE entity = 'contact')
SELECT c.system, c.object, c.id, 'lifecycle_stage' AS field, c.lifecycle_stage AS detail
FROM contact c JOIN bought USING (key)
JOIN standing_in s ON s.entity = 'contact' AND s.key = c.key AND s.system = c.system
WHERE c.system = 'hubspot' AND NOT s.former
  AND coalesce(c.lifecycle_stage, '') NOT IN ('customer', 'evangelist')
