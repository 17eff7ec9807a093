-- id: X01
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "Customers in both systems without a link between their records", es: "Clientes en ambos sistemas sin enlace entre sus registros"}
-- why: {en: "Whoever keeps the systems in step passes them by: the next edit stays on one side, and a second copy may be created.", es: "Quien sincroniza los sistemas no los ve: el próximo cambio se queda en un lado y puede crearse una copia."}
-- remedy: {en: "Link them: crmsync plan proposes it by the rules of the mapping; or let the native connector sync them.", es: "Enlácelos: crmsync plan lo propone según las reglas del mapeo; o deje que el conector nativo los sincronice."}
-- needs: [pair]
-- eligible: SELECT count(*) FROM (SELECT key FROM link GROUP BY entity, key HAVING count(DISTINCT system) > 1)
-- minutes: 2
-- profile: essential

-- Who never connected the two systems has no links to miss: only where an entity has any, by whomever they were made.
WITH paired AS (
  SELECT entity, key, min(system) AS first,
         coalesce(min(system) FILTER (linked) <> max(system) FILTER (linked), false) AS ours
  FROM link GROUP BY entity, key HAVING min(system) <> max(system)),
theirs AS (SELECT DISTINCT entity, key FROM native_link WHERE state = 'linked'),
connected AS (SELECT entity FROM theirs UNION SELECT entity FROM paired WHERE ours),
alone AS (
  SELECT b.entity, b.key, b.first FROM paired b JOIN connected USING (entity)
  ANTI JOIN theirs USING (entity, key) WHERE NOT b.ours)
SELECT l.entity, l.system, l.object, l.id FROM link l
JOIN alone a ON a.entity = l.entity AND a.key = l.key AND a.first = l.system
QUALIFY row_number() OVER (PARTITION BY l.entity, l.key ORDER BY l.object, l.id) = 1
