-- id: C16
-- severity: warning
-- entity: contact
-- category: validity
-- summary: {en: "Countries written in a way that says no country", es: "Países escritos de forma que no se reconocen"}
-- why: {en: "Segments, territories and consent rules by country pass these people by.", es: "Los segmentos, los territorios y las reglas de consentimiento por país dejan fuera a estas personas."}
-- remedy: {en: "Write the country by its name or code; a region or a city belongs in its own field.", es: "Escriba el país por su nombre o código; una región o ciudad va en su campo."}
-- needs: [contact.country]
-- eligible: SELECT count(country) FROM contact
-- minutes: 1
-- profile: all

-- Names in six languages and ISO codes are known. States are left alone: no list of them is complete.
SELECT c.system, c.object, c.id, 'country' AS field, c.country AS detail
FROM contact c JOIN country k ON k.name = c.country
WHERE k.code IS NULL
