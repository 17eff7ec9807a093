-- id: X01
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "Customers in both systems without a link between their records", es: "Clientes en ambos sistemas sin enlace entre sus registros"}
-- why: {en: "Whoever keeps the systems in step passes them by: the next edit stays on one side, and a second copy may be created.", es: "Quien sincroniza los sistemas no los ve: el próximo cambio se queda en un lado y puede crearse una copia."}
-- remedy: {en: "Link them: crmsync plan proposes it by the rules of the mapping; or let the native connector sync them.", es: "Enlácelos: crmsync plan lo propone según las reglas del mapeo; o deje que el conector nativo los sincronice."}
-- needs: [pair, linked]
-- eligible: SELECT count(*) FROM (SELECT key FROM link GROUP BY entity, key HAVING min(system) <> max(system))
-- minutes: 2
-- profile: essential

-- Who never connected the two systems has no links to miss: only where an entity has any, by whomever they were made.
-- Whoever misses a link has a record without one: only these customers are looked at closer.
WITH loose AS (SELECT entity, key FROM link WHERE NOT linked),
paired AS (
  SELECT entity, key, min(system) AS first FROM link SEMI JOIN loose USING (entity, key) GROUP BY entity, key
  HAVING min(system) <> max(system) AND coalesce(min(system) FILTER (linked) = max(system) FILTER (linked), true)),
theirs AS (SELECT entity, key FROM native_link WHERE state = 'linked'),
ours AS (
  SELECT entity FROM link SEMI JOIN paired USING (entity)
  WHERE linked GROUP BY entity, key HAVING min(system) <> max(system)),
connected AS (SELECT entity FROM theirs UNION SELECT entity FROM ours),
alone AS (SELECT b.* FROM paired b SEMI JOIN connected USING (entity) ANTI JOIN theirs USING (entity, key))
SELECT l.entity, l.system, l.object, l.id FROM link l
JOIN alone a ON a.entity = l.entity AND a.key = l.key AND a.first = l.system
QUALIFY row_number() OVER (PARTITION BY l.entity, l.key ORDER BY l.object, l.id) = 1
