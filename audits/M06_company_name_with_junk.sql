-- id: M06
-- severity: warning
-- entity: company
-- category: validity
-- summary: {en: "Company names with an address, a mark such as (duplicate), or made for a trial", es: "Nombres de empresa con una dirección web, una marca como (duplicado) o hechos de prueba"}
-- why: {en: "The name goes onto offers and invoices as it stands, and duplicates are not recognised.", es: "El nombre pasa tal cual a ofertas y facturas, y los duplicados no se reconocen."}
-- remedy: {en: "Write the name as the company does; merge or archive what is a copy or a trial.", es: "Escriba el nombre como lo hace la empresa; fusione o archive las copias y pruebas."}
-- needs: [company.name]
-- eligible: SELECT count(name) FROM company
-- minutes: 2
-- profile: all

-- Booking.com, 3M, Yahoo!, Demo Design, Prueba y Ensayo and Duplicados García are names.
SELECT system, object, id, 'name' AS field, name AS detail
FROM company
WHERE has_junk(name) OR is_placeholder(name) OR regexp_matches(name, '[,;:_|/\\-]$')
