-- id: X08
-- severity: warning
-- entity: company
-- category: consistency
-- summary: {en: "Companies that belong to different groups in the two systems", es: "Empresas con distinta matriz en cada sistema"}
-- why: {en: "Revenue of a group is added up wrongly in one of them, and its owner differs by it.", es: "Los ingresos del grupo se suman mal en uno de ellos, y con ello cambia el responsable."}
-- remedy: {en: "Find out which parent is right, and correct the other one.", es: "Averigüe qué matriz es la correcta y corrija la otra."}
-- needs: [pair, company.parent]
-- eligible: SELECT count(*) FROM company_pair
-- minutes: 5
-- profile: all

-- A hierarchy that one system does not keep contradicts nothing: both have to name a parent, or each the other.
WITH named AS (
  SELECT key, parent, system, object, id FROM company WHERE parent IS NOT NULL AND parent <> key),
turned AS (
  SELECT a.system, a.object, a.id, 'parent and child change places' AS detail
  FROM named a JOIN named b ON b.key = a.parent AND b.parent = a.key AND a.system < b.system)
SELECT system, object, id, 'parent' AS field, other_system AS detail
FROM drift WHERE entity = 'company' AND field = 'parent'
UNION
SELECT system, object, id, 'parent', detail FROM turned
