-- id: C06
-- severity: warning
-- entity: contact
-- category: duplicates
-- summary: {en: "Records of one system that are probably one, by the search for duplicates", es: "Registros de un mismo sistema que probablemente son uno solo, según la búsqueda de duplicados"}
-- why: {en: "They share no e-mail or web domain of their own, which C05 and M01 tell; they are alike in other things, and their history stays split.", es: "No comparten correo ni dominio web propios, de lo que avisan C05 y M01; se parecen en lo demás y su historial sigue partido."}
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
-- What shares an e-mail or a web domain is told by C05 and M01; a mailbox of a team or a host of many is nobody's own.
mark AS (
  SELECT 'contact' AS entity, system, object, id, own[2] AS text
  FROM (SELECT system, object, id, list_value(*COLUMNS(lambda n: n IN ('id', 'email'))) AS own FROM contact)
  UNION ALL
  SELECT 'company', system, object, id, own[2]
  FROM (SELECT system, object, id, list_value(*COLUMNS(lambda n: n IN ('id', 'domain'))) AS own FROM company)),
same AS (
  SELECT p.entity, p.system, p.object, p.id, p.other_id FROM pair p
  JOIN mark a ON a.entity = p.entity AND a.system = p.system AND a.object = p.object AND a.id = p.id
  JOIN mark b ON b.entity = p.entity AND b.system = p.system AND b.object = p.object AND b.id = p.other_id
  WHERE a.text = b.text AND CASE p.entity
    WHEN 'contact' THEN NOT is_team_mailbox(a.text) AND NOT is_no_address(a.text) AND NOT is_throwaway_mail(a.text)
    ELSE NOT is_free_mail(a.text) AND NOT is_shared_site(a.text) AND NOT is_throwaway_mail('@' || a.text) END),
untold AS (SELECT * FROM pair ANTI JOIN same USING (entity, system, object, id, other_id)),
both_ways AS (
  SELECT * FROM untold UNION ALL SELECT entity, system, object, other_id, id, probability, decided FROM untold)
SELECT entity, system, object, id,
       string_agg(other_id || CASE decided WHEN 'yes' THEN '' ELSE ' (' || floor(100 * probability)::INTEGER || ' %)' END,
                  ', ' ORDER BY probability DESC, other_id) AS detail
FROM both_ways WHERE probability >= $least OR decided = 'yes'
GROUP BY entity, system, object, id
