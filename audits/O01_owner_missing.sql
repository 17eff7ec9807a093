-- id: O01
-- severity: warning
-- entity: contact
-- category: ownership
-- summary: {en: "Open deals, companies and qualified contacts that belong to nobody", es: "Oportunidades abiertas, empresas y contactos cualificados que no son de nadie"}
-- why: {en: "Nobody calls back, and no report of a team counts them.", es: "Nadie les devuelve la llamada y no cuentan en los informes de ningún equipo."}
-- remedy: {en: "Give each of them an owner; a rule of assignment keeps it from happening again.", es: "Asigne un propietario a cada uno; una regla de asignación evita que vuelva a pasar."}
-- needs: [owned]
-- eligible: SELECT count(*) FROM owned
-- minutes: 1
-- profile: all
-- params: {stages: [salesqualifiedlead, opportunity, customer]}

SELECT system, object, id, entity, field FROM owned
WHERE owner_id IS NULL AND is_closed IS NOT TRUE
  -- Whom marketing still writes to needs no seller yet: HubSpot leaves new contacts to nobody, and rightly.
  AND (entity <> 'contact' OR coalesce(lifecycle_stage, 'lead') IN (SELECT unnest($stages)))
