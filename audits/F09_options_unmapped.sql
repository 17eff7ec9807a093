-- id: F09
-- severity: warning
-- entity: field
-- category: fields
-- summary: {en: "Options in use that the mapping does not know", es: "Opciones en uso que el mapeo no conoce"}
-- why: {en: "Records with such an option count as if the field were empty: nothing is compared, counted or carried over, and audits of open deals leave out a deal of such a stage.", es: "Los registros con esa opción cuentan como si el campo estuviera vacío: nada se compara, se cuenta ni se traslada, y las auditorías de oportunidades abiertas omiten las que están en una etapa así."}
-- remedy: {en: "Add those that are right to `values` of the field in the mapping; correct the others in the CRM.", es: "Añada las correctas a `values` del campo en el mapeo; corrija las demás en el CRM."}
-- needs: [unreadable]
-- eligible: SELECT count(*) FROM field WHERE filled > 0
-- minutes: 10
-- profile: essential
-- params: {usual: 3, percent: 10}

-- What several records say is no slip of one person and is told once for the field, and so is a field of which the
-- mapping does not know a good part. What else few records say is C20's.
WITH said AS (
  SELECT entity, system, object, field, raw, count(*) AS records
  FROM unreadable WHERE type IN ('choice', 'choices') GROUP BY ALL),
common AS (
  SELECT s.* FROM said s JOIN field f USING (entity, system, object, field)
  QUALIFY records >= $usual OR (
    sum(records) OVER (PARTITION BY system, object, field) >= $usual
    AND sum(records) OVER (PARTITION BY system, object, field) * 100 >= f.filled * $percent)),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY system, object, field ORDER BY records DESC, raw) AS place FROM common)
SELECT f.system, f.object, f.native AS id, f.native AS field,
  concat_ws(', ', string_agg(r.raw || ' (' || r.records || ')', ', ' ORDER BY r.place) FILTER (r.place <= 5),
    '+' || nullif(greatest(max(r.place) - 5, 0), 0)) AS detail
FROM ranked r JOIN field f USING (entity, system, object, field)
GROUP BY f.system, f.object, f.native
