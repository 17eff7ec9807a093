"""Where one person works and lives according to different records. Reads `seen`, `persons`, `firms`, `lands`,
`titles`."""

from __future__ import annotations

from dataclasses import asdict

import duckdb

from benchmarks.duplicates.rates import Rates
from benchmarks.duplicates.written_firms import WRITTEN

_WORK = """
CREATE TABLE written_work AS
WITH chosen AS (SELECT r, f.name, f.domain, f.other_domain, office.forms[1 + f.form] AS forms, t.words,
    home.names, home.code, home.cities,
    CASE WHEN chance(r, 500, {moved}) THEN 1 + floor(roll(r, 501) * len(home.cities))::INTEGER ELSE 1 + p.city END
      AS town,
    DATE '2017-01-01' + floor(roll(r, 502) * 3200)::INTEGER + CASE WHEN job THEN 200 ELSE 0 END AS created
  FROM seen JOIN persons AS p USING (person) JOIN lands AS home ON home.country = p.country
  JOIN titles AS t ON t.title = (CASE WHEN job THEN (p.title + 1 + p.person % 5) % 22 ELSE p.title END)
  LEFT JOIN firms AS f ON f.firm = CASE WHEN job THEN p.next_firm ELSE p.firm END
  LEFT JOIN lands AS office ON office.country = f.country),
said AS ({written}),
towns AS (SELECT *, cities[1 + (town - 1) % len(cities)] AS spelt FROM said)
SELECT r,
  CASE WHEN NOT chance(r, 510, {blank_company}) THEN name END AS company,
  CASE WHEN NOT chance(r, 511, {blank_domain}) THEN CASE
    WHEN other_domain <> '' AND chance(r, 512, 0.25) THEN other_domain
    WHEN chance(r, 513, 0.2) THEN 'www.' || domain ELSE domain END END AS domain,
  CASE WHEN NOT chance(r, 514, {blank_title})
    THEN CASE WHEN chance(r, 515, {words_translated}) THEN pick(words, r, 516) ELSE words[1] END END AS title,
  CASE WHEN NOT chance(r, 517, {blank_city})
    THEN CASE WHEN chance(r, 518, {words_translated}) THEN pick(spelt, r, 519) ELSE spelt[1] END END AS city,
  CASE WHEN NOT chance(r, 520, {blank_country})
    THEN CASE WHEN chance(r, 521, {words_translated}) THEN pick(names, r, 522) ELSE names[1] END END AS country,
  created
FROM towns
"""


def write_work(db: duckdb.DuckDBPyConnection, rates: Rates) -> None:
    """Makes `written_work` (r, company, domain, title, city, country, created)."""
    shares = asdict(rates)
    written = WRITTEN.format(name="name", row="r", source="chosen").format(**shares)
    db.execute(_WORK.format(written=written, **shares))
