-- id: X09
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "Values that the other system has no room or no option for", es: "Valores que no caben en el otro sistema o para los que no hay opción"}
-- why: {en: "A sync refuses them or cuts them, and the other side keeps what is old.", es: "Una sincronización los rechaza o los recorta, y el otro lado se queda con lo antiguo."}
-- remedy: {en: "Shorten the value, add the option there, or say under `values` of the mapping what it is called there.", es: "Acorte el valor, añada allí la opción o indique en `values` del mapeo cómo se llama allí."}
-- needs: [pair, property]
-- eligible: SELECT coalesce(sum(held), 0)::BIGINT FROM compared
-- minutes: 3
-- profile: all

SELECT entity, system, object, id, field,
  coalesce(to_system || ' ' || to_object || ': ' || why || ': ' || left(value, 60), why) AS detail
FROM misfit
