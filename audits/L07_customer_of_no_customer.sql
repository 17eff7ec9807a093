-- id: L07
-- severity: warning
-- entity: contact
-- category: lifecycle
-- summary: {en: "Customers whose company is no customer", es: "Clientes cuya empresa no figura como cliente"}
-- why: {en: "Lists by company leave them out, and whoever sells to the company does not see that it buys already.", es: "Las listas por empresa los dejan fuera, y quien vende a la empresa no ve que ya compra."}
-- remedy: {en: "Move the company to Customer, or correct which company the contact belongs to.", es: "Pase la empresa a Cliente o corrija a qué empresa pertenece el contacto."}
-- needs: [hubspot:contact.lifecycle_stage, hubspot:contact.company, hubspot:company.lifecycle_stage, standing]
-- eligible: SELECT count(*) FROM standing_in WHERE entity = 'contact' AND system = 'hubspot' AND rank >= (SELECT rank FROM ladder WHERE stage = 'customer')
-- minutes: 3
-- profile: all

-- The company counts as customer by any system's word, and so does one that was a customer.
SELECT c.system, c.object, c.id, 'lifecycle_stage' AS field,
       coalesce(of_company.stage_text, '-') AS detail
FROM contact c
JOIN standing_in mine ON mine.entity = 'contact' AND mine.key = c.key AND mine.system = c.system
JOIN standing_in of_company ON of_company.entity = 'company' AND of_company.key = c.company AND of_company.system = c.system
JOIN standing firm ON firm.entity = 'company' AND firm.key = c.company
CROSS JOIN (SELECT rank FROM ladder WHERE stage = 'customer') customer
WHERE c.system = 'hubspot' AND mine.rank >= customer.rank AND NOT mine.former
  AND coalesce(firm.peak_rank, 0) < customer.rank AND coalesce(of_company.peak_rank, 0) < customer.rank
