-- id: C06
-- severity: warning
-- entity: contact
-- category: duplicates
-- summary: {en: "Records of one system that are probably one, by the search for duplicates", es: "Registros de un mismo sistema que probablemente son uno solo, según la búsqueda de duplicados"}
-- why: {en: "They share no e-mail, domain or name letter by letter, so no CRM tells them, and their history stays split.", es: "No comparten correo, dominio ni nombre letra por letra, así que ningún CRM los señala y su historial sigue partido."}
-- remedy: {en: "Read them with crmsync fix duplicates, which has the reasons and lists of merges, and decide: crmsync fix decide.", es: "Léalos con crmsync fix duplicates, que da las razones y listas de fusiones, y decida: crmsync fix decide."}
-- needs: [probable_duplicate]
-- eligible: SELECT coalesce(sum(records), 0)::BIGINT FROM duplicate_search
-- minutes: 4
-- profile: all
-- params: {least: 0.5}

-- Of pairs between systems other audits tell, and of a lead beside its contact; who was decided to be two is in no pair.
WITH pair AS (
  SELECT entity, system, object, id, other_id, probability, decided FROM probable_duplicate
  WHERE system = other_system AND object = other_object),
both_ways AS (
  SELECT * FROM pair UNION ALL SELECT entity, system, object, other_id, id, probability, decided FROM pair)
SELECT entity, system, object, id,
       string_agg(other_id || CASE decided WHEN 'yes' THEN '' ELSE ' (' || floor(100 * probability)::INTEGER || ' %)' END,
                  ', ' ORDER BY probability DESC, other_id) AS detail
FROM both_ways WHERE probability >= $least OR decided = 'yes'
GROUP BY entity, system, object, id
