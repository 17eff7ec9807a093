-- id: G03
-- severity: warning
-- entity: contact
-- category: consent
-- summary: {en: "Consents of a day that cannot be: to come, or before the record was there", es: "Consentimientos con una fecha imposible: futura o anterior al registro"}
-- why: {en: "A date that cannot be true proves nothing when somebody asks for it.", es: "Una fecha que no puede ser cierta no demuestra nada cuando alguien la pide."}
-- remedy: {en: "Look up when and how it was given, and correct the date; a list that was bought has none.", es: "Averigüe cuándo y cómo se dio y corrija la fecha; una lista comprada no tiene ninguna."}
-- needs: [consent]
-- eligible: SELECT count(stated_at) FROM consent
-- minutes: 3
-- profile: all
-- params: {days: 365}

-- An import brings consents that are older than the record: only what is older by more than $days is doubted.
SELECT g.system, g.object, g.record_id AS id, 'consent' AS field, strftime(g.stated_at, '%Y-%m-%d') AS detail
FROM consent g JOIN contact c ON c.system = g.system AND c.object = g.object AND c.id = g.record_id
WHERE g.status = 'subscribed'
  AND (g.stated_at > $as_of + INTERVAL 1 DAY OR g.stated_at < c.created_at - to_days($days::INTEGER))
QUALIFY row_number() OVER (PARTITION BY g.system, g.object, g.record_id ORDER BY g.stated_at) = 1
