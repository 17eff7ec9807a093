-- id: M07
-- severity: error
-- entity: company
-- category: consistency
-- summary: {en: "Companies that are their own parent, by themselves or round a circle", es: "Empresas que son su propia matriz, directamente o en círculo"}
-- why: {en: "Sums over a group never end or count twice, and branches cannot be told from duplicates.", es: "Las sumas por grupo no acaban o cuentan dos veces, y no se distinguen sucursales de duplicados."}
-- remedy: {en: "Take the parent off one company of the circle: the one at the top.", es: "Quite la matriz a una empresa del círculo: la que está arriba."}
-- needs: [company.parent]
-- eligible: SELECT count(parent_raw) FROM company
-- minutes: 3
-- profile: all

-- Only who stands in the circle: a branch that hangs on it is innocent. Twenty steps: no group is that deep.
WITH RECURSIVE up AS (
  SELECT system, object, id, parent_raw AS above, 1 AS steps FROM company WHERE parent_raw IS NOT NULL
  UNION ALL
  SELECT u.system, u.object, u.id, c.parent_raw, u.steps + 1
  FROM up u JOIN company c ON c.system = u.system AND c.id = u.above
  WHERE u.above <> u.id AND c.parent_raw IS NOT NULL AND u.steps < 20)
SELECT DISTINCT system, object, id, 'parent' AS field, above AS detail FROM up WHERE above = id
