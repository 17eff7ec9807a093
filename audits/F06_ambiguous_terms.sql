-- id: F06
-- severity: warning
-- entity: field
-- category: fields
-- summary: {en: "Lists with two words for one thing, or with words that a machine translated", es: "Listas con dos palabras para lo mismo, o con palabras traducidas por una máquina"}
-- why: {en: "Two people choose two words for one stage, and no funnel counts both.", es: "Dos personas eligen palabras distintas para la misma etapa, y ningún embudo cuenta ambas."}
-- remedy: {en: "Agree on one word, rename the option, and merge what was filed under the other.", es: "Acuerden una palabra, cambie el nombre de la opción y una lo que se guardó con la otra."}
-- needs: [property]
-- eligible: SELECT count(*) FROM property p SEMI JOIN (SELECT system, object FROM property WHERE total > 0) r ON r.system = p.system AND r.object = p.object
-- minutes: 10
-- profile: all

WITH live AS (SELECT DISTINCT system, object FROM property WHERE total > 0),
said AS (
  SELECT p.system, p.object, p.native, unnest(p.options) AS word FROM property p JOIN live USING (system, object)
  UNION ALL
  SELECT p.system, p.object, p.native, p.label FROM property p JOIN live USING (system, object)
  UNION
  SELECT u.system, u.object, u.native, u.value FROM field_use u WHERE u.type = 'choice'),
plain AS (
  SELECT system, object, native, word,
    trim(regexp_replace(strip_accents(lower(word)), '[^a-z0-9]+', ' ', 'g')) AS folded FROM said),
meant AS (SELECT p.*, t.term, t.kind FROM plain p JOIN term t ON t.word = p.folded),
found AS (
  SELECT system, object, native, string_agg(DISTINCT word, ' / ' ORDER BY word) AS detail FROM meant
  -- A word and its internal name (salesqualifiedlead, SQL) are one; a CRM's word beside an alias are two.
  GROUP BY system, object, native, term HAVING bool_or(kind = 'alias') AND count(DISTINCT folded) > 1
  UNION
  SELECT system, object, native, word FROM meant WHERE kind = 'mistranslated')
SELECT system, object, native AS id, native AS field, string_agg(DISTINCT detail, ', ' ORDER BY detail) AS detail
FROM found GROUP BY system, object, native
