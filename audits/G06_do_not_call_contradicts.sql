-- id: G06
-- severity: error
-- entity: contact
-- category: consent
-- summary: {en: "People who must not be called, of whom the other system does not know it", es: "Personas que pidieron no recibir llamadas, sin que el otro sistema lo sepa"}
-- why: {en: "Whoever works in the other system calls them all the same.", es: "Quien trabaja en el otro sistema las llamará igualmente."}
-- remedy: {en: "Carry it over: map the field in both systems, and a plan brings it to the other side.", es: "Trasládelo: mapee el campo en ambos sistemas y el plan lo llevará al otro lado."}
-- needs: [pair, contact.do_not_call]
-- eligible: SELECT count(*) FROM contact_pair
-- minutes: 1
-- profile: all

-- A system that has no such field cannot know it.
WITH asked AS (SELECT DISTINCT system FROM field WHERE entity = 'contact' AND field = 'do_not_call')
SELECT b.system, b.object, b.id, 'do_not_call' AS field, min(a.system) AS detail
FROM contact a JOIN contact b ON b.key = a.key AND b.system <> a.system
JOIN asked ON asked.system = b.system
WHERE a.do_not_call AND b.do_not_call IS NOT TRUE
GROUP BY b.system, b.object, b.id
