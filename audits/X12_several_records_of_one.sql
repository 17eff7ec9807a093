-- id: X12
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "Customers with several records in one system, where the other has one", es: "Clientes con varios registros en un sistema y uno solo en el otro"}
-- why: {en: "Nobody can tell which of them is meant, so none of them is linked or kept in step.", es: "No se puede saber cuál es el bueno, así que ninguno se enlaza ni se sincroniza."}
-- remedy: {en: "Merge them in the system that has several; branches need a domain or tax id of their own.", es: "Fusiónelos en el sistema que tiene varios; las sucursales necesitan un dominio o una identificación fiscal propios."}
-- needs: [pair]
-- eligible: SELECT count(*) FROM link
-- minutes: 6
-- profile: all

WITH several AS (
  SELECT l.* FROM link l
  SEMI JOIN (SELECT entity, key FROM link GROUP BY ALL HAVING count(*) > 2 AND min(system) <> max(system)) both_ USING (entity, key)),
crowded AS (
  SELECT entity, system, object, id, key AS mark FROM several
  -- A person may sit on a lead and on a contact; the check of leads and contacts tells that.
  QUALIFY count(*) OVER (PARTITION BY entity, key, system, object) > 1),
doubtful AS (
  SELECT entity, system, object, id, how || ' ' || mark AS mark FROM ambiguous a
  -- Two with one address or domain are told as duplicates (C05, M01), deals of one name by D17: fees of every month
  -- have it. A family shares a phone, and branches the tax id of their parent.
  WHERE entity <> 'deal' AND how NOT LIKE '%phone%' AND NOT starts_with(how, 'email') AND NOT starts_with(how, 'domain')
    AND NOT EXISTS (
      SELECT 1 FROM ambiguous p
      WHERE p.entity = a.entity AND p.how = a.how AND p.mark = a.mark AND p.system = a.system AND p.id = a.parent)
  QUALIFY count(*) OVER (PARTITION BY entity, how, mark, system, object) > 1)
SELECT entity, system, object, id, min(mark) AS detail
FROM (SELECT * FROM crowded UNION ALL SELECT * FROM doubtful) GROUP BY entity, system, object, id
