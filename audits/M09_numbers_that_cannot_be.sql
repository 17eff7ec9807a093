-- id: M09
-- severity: info
-- entity: company
-- category: validity
-- summary: {en: "Company sizes, revenues and years that cannot be", es: "Tamaños, facturaciones y años de fundación imposibles"}
-- why: {en: "Scores, territories and segments by size are wrong for these companies.", es: "Las puntuaciones, territorios y segmentos por tamaño fallan en estas empresas."}
-- remedy: {en: "Correct the number, or empty the field if nobody knows it.", es: "Corrija el número o vacíe el campo si nadie lo sabe."}
-- needs: [company.employees]
-- eligible: SELECT count(*) FROM company
-- minutes: 1
-- profile: all
-- params: {employees: 3000000}

-- No employer has more people than the greatest one. Industries and sizes outside their list are C20's.
WITH told AS (
  -- The second of each is a field that a workspace need not map: NULL where it does not.
  SELECT system, object, id, employees,
         list_value(*COLUMNS(lambda n: n IN ('id', 'annual_revenue_raw'))) AS revenue,
         list_value(*COLUMNS(lambda n: n IN ('id', 'founded_year_raw'))) AS founded
  FROM company),
judged AS (
  SELECT *, employees < 0 OR employees > $employees AS no_size, try_cast(revenue[2] AS DOUBLE) < 0 AS no_revenue,
         try_cast(founded[2] AS INTEGER) NOT BETWEEN 500 AND year($as_of) AS no_year
  FROM told)
SELECT system, object, id,
       CASE WHEN no_size THEN 'employees' WHEN no_revenue THEN 'annual_revenue' ELSE 'founded_year' END AS field,
       CASE WHEN no_size THEN employees::VARCHAR WHEN no_revenue THEN revenue[2] ELSE founded[2] END AS detail
FROM judged WHERE no_size OR no_revenue OR no_year
