-- id: X04
-- severity: error
-- entity: contact
-- category: consistency
-- summary: {en: "Native links that contradict what else is known", es: "Enlaces nativos que contradicen lo demás que se sabe"}
-- why: {en: "One customer is written over another: the link leads to one record, the e-mail or our own link to another.", es: "Un cliente se escribe encima de otro: el enlace lleva a un registro, y el correo o nuestro propio enlace a otro."}
-- remedy: {en: "Compare the records side by side and correct the link or the e-mail; until then crmsync links none of them.", es: "Compare los registros y corrija el enlace o el correo; mientras tanto, crmsync no une ninguno."}
-- needs: [native_link]
-- eligible: SELECT count(*) FROM native_link
-- minutes: 6

SELECT key, system, object, id, field, to_system || ' ' || to_object || ' ' || to_id AS detail
FROM native_link WHERE state = 'crossed'
