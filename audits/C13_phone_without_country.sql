-- id: C13
-- severity: warning
-- entity: contact
-- category: validity
-- summary: {en: "Phone numbers that their country does not have: the prefix is missing, or a digit is wrong", es: "Teléfonos que no existen en su país: falta el prefijo o hay un dígito mal"}
-- why: {en: "Without its country a number cannot be dialled by a machine, texted or compared.", es: "Sin el país, un marcador no puede llamar ni enviar un SMS, y el número no se puede comparar con otros."}
-- remedy: {en: "Write it with + and the country code, or fill in the country so that it can be worked out.", es: "Escríbalo con + y el prefijo del país, o rellene el país para que se pueda deducir."}
-- needs: [contact.phone]
-- eligible: SELECT count(phone) FROM contact
-- minutes: 1
-- profile: all

-- Numbers of which no region says how they begin. What is no number at all is C20's.
SELECT system, object, id, 'phone' AS field, phone_raw AS detail
FROM contact WHERE phone IS NOT NULL AND NOT starts_with(phone, '+')
