-- id: S06
-- severity: info
-- entity: contact
-- category: fields
-- summary: {en: "Outcomes of calls that nobody can count", es: "Resultados de llamada que no se pueden contar"}
-- why: {en: "Whether anybody was reached cannot be told from them, so these calls count as attempts only.", es: "No se sabe si se habló con alguien, así que estas llamadas solo cuentan como intentos."}
-- remedy: {en: "Say what they mean under `agreement: {outcomes: ...}` in crmsync.yml, or rename them in the CRM.", es: "Indique qué significan en `agreement: {outcomes: ...}` de crmsync.yml, o cámbieles el nombre en el CRM."}
-- needs: [activity.outcome]
-- eligible: SELECT count(DISTINCT (system, word)) FROM meaning
-- minutes: 3
-- profile: all

-- One finding a word and system: the last call that has it, and how many there are.
WITH said AS (
  SELECT m.system, m.object, m.id, m.word, coalesce(a.happened_at, a.created_at) AS moment FROM meaning m
  JOIN activity a ON a.system = m.system AND a.object = m.object AND a.id = m.id
  WHERE m.means IS NULL AND a.kind = 'call')
SELECT system, arg_max(object, coalesce(moment, TIMESTAMP '1970-01-01')) AS object,
  arg_max(id, coalesce(moment, TIMESTAMP '1970-01-01')) AS id, 'outcome' AS field,
  left(word, 80) || ' (' || count(*) || ')' AS detail
FROM said GROUP BY system, lower(trim(word)), left(word, 80)
