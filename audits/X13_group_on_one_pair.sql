-- id: X13
-- severity: warning
-- entity: contact
-- category: duplicates
-- summary: {en: "Groups of probable duplicates that hang together by one pair", es: "Grupos de posibles duplicados unidos por un solo par"}
-- why: {en: "If that one pair is wrong, two customers are merged into one, and no CRM takes them apart again.", es: "Si ese par es erróneo, dos clientes se fusionan en uno y ningún CRM los vuelve a separar."}
-- remedy: {en: "Look at this pair first, and decide it before anything of the group is merged: crmsync fix decide.", es: "Mire primero este par y decídalo antes de fusionar nada del grupo: crmsync fix decide."}
-- needs: [probable_duplicate]
-- eligible: SELECT coalesce(sum(records), 0)::BIGINT FROM duplicate_search
-- minutes: 5
-- profile: all
-- params: {more_than: 3, side: 1}

-- What a person has decided is no guess. `side` is how many records at least would go with the smaller part.
SELECT entity, system, object, id,
       string_agg(other_id || ' (' || size || ')', ', ' ORDER BY other_id) AS detail
FROM probable_duplicate
WHERE size > $more_than AND probable_duplicate.side >= greatest($side, 1) AND decided <> 'yes'
GROUP BY entity, system, object, id
