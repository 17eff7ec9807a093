-- id: L08
-- severity: error
-- entity: contact
-- category: lifecycle
-- summary: {en: "Converted leads whose contact or opportunity is gone", es: "Leads convertidos cuyo contacto u oportunidad ya no existe"}
-- why: {en: "Where the customer came from is lost with the lead: no campaign can be credited with the sale.", es: "Con el lead se pierde de dónde vino el cliente: ninguna campaña puede llevarse el mérito de la venta."}
-- remedy: {en: "Restore the record from the recycle bin, or merge instead of deleting. If it was erased on request, erase the lead, too.", es: "Recupere el registro de la papelera, o fusione en lugar de borrar. Si se borró a petición, borre también el lead."}
-- needs: [conversion, deal.is_closed]
-- eligible: SELECT count(*) FROM conversion
-- minutes: 10

-- A contact that was merged into another is there. Converting without an opportunity is legal.
SELECT v.system, v.object, v.id, 'ConvertedContactId' AS field, v.contact_id AS detail
FROM conversion v WHERE v.key IS NULL
UNION ALL
SELECT v.system, v.object, v.id, 'ConvertedOpportunityId' AS field, v.deal_id AS detail
FROM conversion v
WHERE v.key IS NOT NULL AND v.deal_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.system = v.system AND d.id = v.deal_id)
