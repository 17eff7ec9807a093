-- id: C05
-- severity: error
-- entity: contact
-- category: duplicates
-- summary: {en: "Several contacts of one system share an e-mail address", es: "Varios contactos de un mismo sistema comparten correo"}
-- why: {en: "Campaigns reach the person twice, history is split, and no sync can tell which record is meant.", es: "Las campañas llegan dos veces, el historial queda partido y ninguna sincronización sabe a qué registro se refiere."}
-- remedy: {en: "Merge them in the CRM, keeping the record with the most activity; shared mailboxes are left out on purpose.", es: "Fusiónelos en el CRM y conserve el registro con más actividad; los buzones compartidos se excluyen a propósito."}
-- needs: [contact.email]
-- eligible: SELECT count(email) FROM contact
-- minutes: 4

WITH addressed AS (
  SELECT system, object, id, email,
         count(*) OVER (PARTITION BY system, object, email) AS holders
  FROM contact
  WHERE email IS NOT NULL
    -- A mailbox of a team is no person: revops practice, English, Spanish and Portuguese words.
    AND split_part(email, '@', 1) NOT IN (
      'info', 'sales', 'support', 'admin', 'contact', 'hello', 'office', 'billing', 'marketing', 'hr',
      'contacto', 'ventas', 'soporte', 'administracion', 'facturacion', 'hola', 'rrhh', 'atencion',
      'compras', 'contato', 'vendas')
)
SELECT system, object, id, 'email' AS field, email AS detail FROM addressed WHERE holders > 1
