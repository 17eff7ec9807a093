-- id: L11
-- severity: error
-- entity: contact
-- category: lifecycle
-- summary: {en: "Contacts on a won deal who are not customers", es: "Contactos de una oportunidad ganada que no figuran como clientes"}
-- why: {en: "Marketing still treats buyers as leads, and customer numbers of the two teams never agree.", es: "Marketing sigue tratando como leads a quienes ya compraron, y las cifras de clientes de ambos equipos nunca cuadran."}
-- remedy: {en: "Move them to Customer, or take them off the deal if they had no part in it.", es: "Páselos a Cliente o quítelos de la oportunidad si no participaron en él."}
-- needs: [contact.lifecycle_stage, deal.is_won]
-- eligible: SELECT count(*) FROM contact WHERE system = 'hubspot'
-- minutes: 2

-- Who has no record in the system that keeps the stage is not judged.
WITH buyer AS (
  SELECT DISTINCT c.key FROM deal d
  JOIN association a ON a.system = d.system AND a.from_object = d.object AND a.from_id = d.id
  JOIN contact c ON c.system = a.system AND c.id = a.to_id
    AND a.to_object IN ('Contact', 'contacts') AND c.object = a.to_object
  WHERE d.is_won
)
SELECT c.system, c.object, c.id, 'lifecycle_stage' AS field, c.lifecycle_stage AS detail
FROM contact c JOIN buyer USING (key)
WHERE c.system = 'hubspot'
  AND coalesce(c.lifecycle_stage, '') NOT IN ('customer', 'evangelist')
