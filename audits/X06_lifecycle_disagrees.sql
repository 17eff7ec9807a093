-- id: X06
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "Customers whose stage differs between the systems", es: "Clientes cuya etapa difiere entre los sistemas"}
-- why: {en: "Marketing and sales count different people as qualified: the two funnels can never agree.", es: "Marketing y ventas cuentan como cualificadas a personas distintas: los dos embudos nunca cuadrarán."}
-- remedy: {en: "Look at the evidence (crmsync explain KEY). Who owns the stage is right; the other system has to follow.", es: "Mire las pruebas (crmsync explain CLAVE). Tiene razón quien decide sobre la etapa; el otro sistema debe seguirlo."}
-- needs: [hubspot:standing, salesforce:standing]
-- eligible: SELECT count(*) FROM standing_in a JOIN standing_in b ON b.entity = a.entity AND b.key = a.key WHERE a.entity = 'contact' AND a.system = 'hubspot' AND b.system = 'salesforce' AND a.rank IS NOT NULL AND b.rank IS NOT NULL
-- minutes: 5

-- Compared in stages that both can say, and a stage that HubSpot merely remembers contradicts nobody. What L06 and L11
-- say already is not said twice, and a customer by a deal of HubSpot itself is one.
SELECT c.system, c.object, c.id, t.key, 'lifecycle_stage' AS field,
       h.system || ' ' || h.current || ' / ' || s.system || ' ' || s.current AS detail
FROM standing t
JOIN standing_in h ON h.entity = 'contact' AND h.key = t.key AND h.system = 'hubspot'
JOIN standing_in s ON s.entity = 'contact' AND s.key = t.key AND s.system = 'salesforce'
JOIN contact c ON c.key = t.key AND c.system = 'hubspot'
WHERE t.entity = 'contact' AND NOT t.agrees
  AND NOT (s.current = 'customer' AND h.rank < s.rank)
  AND NOT (h.current = 'opportunity' AND s.rank < h.rank)
  AND NOT EXISTS (SELECT 1 FROM buyer b WHERE b.entity = 'contact' AND b.key = t.key AND b.system = 'hubspot')
