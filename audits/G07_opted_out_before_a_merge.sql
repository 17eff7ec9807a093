-- id: G07
-- severity: error
-- entity: contact
-- category: consent
-- summary: {en: "People who opted out, and whose record was merged into one that can be mailed", es: "Personas dadas de baja cuyo registro se fusionó con otro al que aún se puede escribir"}
-- why: {en: "After the merge nobody carries the opt-out: two records of one system belong to one of the other, and a person has to say how.", es: "Tras la fusión nadie lleva la baja: dos registros de un sistema corresponden a uno del otro, y una persona tiene que decidir cómo."}
-- remedy: {en: "Opt the merged record out as well, and merge the records of the other system, too.", es: "Dé de baja también el registro fusionado y fusione asimismo los registros del otro sistema."}
-- needs: [contact.opted_out]
-- eligible: SELECT count(*) FROM gone WHERE entity = 'contact' AND why = 'merged'
-- minutes: 5
-- profile: essential

SELECT n.system, n.object, n.id, 'opted_out' AS field, 'opted out in ' || c.system || ': ' || c.id AS detail
FROM gone g
JOIN contact c ON c.key = g.key AND c.system <> g.system AND c.opted_out
JOIN contact n ON n.system = g.system AND n.id = g.into_id AND n.opted_out IS NOT TRUE
WHERE g.entity = 'contact' AND g.why = 'merged'
