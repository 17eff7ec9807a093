-- id: C12
-- severity: warning
-- entity: contact
-- category: validity
-- summary: {en: "Trials and words that stand for nothing: test, prueba, no tiene", es: "Pruebas y palabras que no dicen nada: prueba, test, no tiene"}
-- why: {en: "They are counted, mailed and synced as people, and hide that the value is missing.", es: "Se cuentan, reciben correos y se sincronizan como personas, y ocultan que falta el dato."}
-- remedy: {en: "Archive records of trials; empty the fields that only say that nothing is known.", es: "Archive los registros de prueba y vacíe los campos que solo dicen que no se sabe."}
-- needs: [contact.email, contact.first_name, contact.last_name]
-- eligible: SELECT count(*) FROM contact
-- minutes: 1
-- profile: essential

-- Whole values only: Esteve, Roberto, Ana Prueba and Zack Test are people. So is whoever is called as the address is.
WITH judged AS (
  SELECT system, object, id, first_name, last_name, email, email_raw, concat_ws(' ', first_name, last_name) AS whole,
         coalesce(is_placeholder(whole), false) AS no_name,
         coalesce(is_blank_word(first_name), false) AS no_first,
         coalesce(is_blank_word(last_name), false) AS no_last,
         CASE WHEN is_no_address(email) THEN NOT contains(name_norm(whole), regexp_extract(lower(email), '^[a-z]+'))
              ELSE is_throwaway_mail(email) END
           OR CASE WHEN email IS NULL THEN coalesce(is_placeholder(email_raw), false) ELSE false END AS no_mail
  FROM contact)
SELECT system, object, id,
       CASE WHEN no_last OR (no_name AND last_name IS NOT NULL) THEN 'last_name'
            WHEN no_name OR no_first THEN 'first_name' ELSE 'email' END AS field,
       CASE WHEN no_name OR no_first OR no_last THEN whole ELSE email_raw END AS detail
FROM judged
WHERE no_name OR no_first OR no_last OR coalesce(no_mail, false)
