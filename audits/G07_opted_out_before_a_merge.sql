-- id: G07
-- severity: error
-- entity: contact
-- category: consent
-- summary: {en: "People who opted out in one system and can be mailed in the other, since records were merged", es: "Personas dadas de baja en un sistema a las que se puede escribir en el otro, desde que se fusionaron registros"}
-- why: {en: "After the merge nobody carries the opt-out: two records of one system belong to one of the other, and a person has to say how.", es: "Tras la fusión nadie lleva la baja: dos registros de un sistema corresponden a uno del otro, y una persona tiene que decidir cómo."}
-- remedy: {en: "Opt out the record of the finding as well, and merge the records of the other system, too.", es: "Dé de baja también el registro señalado y fusione asimismo los registros del otro sistema."}
-- needs: [contact.opted_out]
-- eligible: SELECT count(*) FROM gone WHERE entity = 'contact' AND why = 'merged'
-- minutes: 5
-- profile: essential

WITH apart AS (
    SELECT n.system, n.object, n.id, n.opted_out,
           c.system AS its_system, c.object AS its_object, c.id AS its_id, c.opted_out AS its_opted_out
    FROM gone g
    JOIN contact c ON c.key = g.key AND c.system <> g.system
    JOIN contact n ON n.system = g.system AND n.id = g.into_id AND n.key IS DISTINCT FROM c.key
    WHERE g.entity = 'contact' AND g.why = 'merged'
)
SELECT system, object, id, 'opted_out' AS field, 'opted out in ' || its_system || ': ' || its_id AS detail
FROM apart WHERE its_opted_out AND opted_out IS NOT TRUE
UNION
SELECT its_system, its_object, its_id, 'opted_out', 'opted out in ' || system || ': ' || id
FROM apart WHERE opted_out AND its_opted_out IS NOT TRUE
