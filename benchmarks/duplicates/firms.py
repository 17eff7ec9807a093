"""Companies of two CRMs, with the truth of which are one: renamed, shortened, under another domain, or only alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.duplicates.drawing import stream
from benchmarks.duplicates.employers import Firms, brands, make_firms
from benchmarks.duplicates.numbers import DIRECT, numbers
from benchmarks.duplicates.people import Crowd, firms_planted, seen_records
from benchmarks.duplicates.rates import Rates
from benchmarks.duplicates.slips import open_session
from benchmarks.duplicates.tax import tax_ids
from benchmarks.duplicates.written_firms import WRITTEN, write_firms

COLUMNS = (
    "id",
    "system",
    "name",
    "domain",
    "phone",
    "city",
    "country",
    "tax_id",
    "parent",
    "created",
)
_REBRANDED, _NO_TAX_ID, _SECOND_SITE = 0.04, 0.6, 0.4
"""Of firms with a second record; of records; of records of a firm with two domains."""

_CHOSEN = """
CREATE TABLE chosen AS
SELECT s.r, s.person AS firm, s.system, s.place, f.parent, x.tax_id, f.domain, f.other_domain, x.second_number,
  f.switchboard,
  CASE WHEN nth > 0 AND chance(f.firm, 710, {rebranded} * 2) AND chance(r, 711, 0.5) THEN x.new_name ELSE f.name END
    AS name,
  CASE WHEN nth > 0 AND chance(f.firm, 710, {rebranded} * 2) AND chance(r, 711, 0.5) AND chance(r, 709, 0.5)
    THEN x.new_domain END AS new_domain,
  l.forms[1 + f.form] AS forms, l.names, l.dial, l.trunk, l.cities[1 + f.city % len(l.cities)] AS spelt,
  l.cities[1 + floor(roll(r, 713) * len(l.cities))::INTEGER] AS elsewhere
FROM seen AS s JOIN firms AS f ON f.firm = s.person JOIN more AS x ON x.firm = s.person JOIN lands AS l USING (country)
"""
_WRITTEN = """
CREATE TABLE written AS
WITH named AS ({written}),
told AS (SELECT *, CASE WHEN chance(r, 720, {other_number}) THEN second_number ELSE switchboard END AS number,
  coalesce(new_domain, CASE WHEN other_domain <> '' AND chance(r, 721, {second_site}) THEN other_domain
    ELSE domain END) AS host,
  CASE WHEN chance(r, 722, {moved}) THEN elsewhere ELSE spelt END AS towns FROM named),
slipped AS (SELECT * REPLACE (
  CASE WHEN chance(r, 723, {number_slip}) THEN other_digit(number, r, 724) ELSE number END AS number,
  CASE WHEN chance(r, 726, {address_slip}) THEN slip(host, r, 727) ELSE host END AS host) FROM told)
SELECT r, firm, parent, system, system || '-' || lpad(place::VARCHAR, 7, '0') AS id, name,
  CASE WHEN NOT chance(r, 730, {blank_domain} * 0.7) THEN
    CASE WHEN chance(r, 731, 0.15) THEN 'www.' || host WHEN chance(r, 732, 0.15) THEN 'https://' || host || '/'
      ELSE host END
    END AS domain,
  CASE WHEN NOT chance(r, 733, {blank_phone}) THEN dialled(dial, trunk, number, r, 734) END AS phone,
  CASE WHEN NOT chance(r, 745, {blank_city}) THEN CASE WHEN chance(r, 746, {words_translated}) THEN pick(towns, r, 747)
    ELSE towns[1] END END AS city,
  CASE WHEN NOT chance(r, 748, {blank_country}) THEN CASE WHEN chance(r, 749, {words_translated}) THEN pick(names, r,
    750)
    ELSE names[1] END END AS country,
  CASE WHEN NOT chance(r, 751, {no_tax_id}) THEN CASE WHEN chance(r, 752, 0.15) THEN regexp_replace(tax_id,
    '[^0-9A-Za-z]', '', 'g')
    WHEN chance(r, 753, 0.01) THEN other_digit(tax_id, r, 754) ELSE tax_id END END AS tax_id,
  DATE '2016-01-01' + floor(roll(r, 756) * 3500)::INTEGER AS created FROM slipped
"""
_ALL = """
WITH heads AS (SELECT firm, system, min(id) AS head FROM written GROUP BY ALL)
SELECT s.system || '-' || lpad(s.place::VARCHAR, 7, '0') AS id, s.system, w.name, w.domain, w.phone, w.city,
  w.country, w.tax_id,
  CASE WHEN chance(s.r, 760, 0.6) THEN h.head END AS parent, w.created, w.firm
FROM seen AS s JOIN written AS w ON w.r = s.origin
LEFT JOIN heads AS h ON h.firm = w.parent AND h.system = s.system ORDER BY s.place
"""


def make_companies(rows: int, seed: int, rates: Rates | None = None) -> Crowd:
    """`rows` companies; the same seed and rates give the same ones. `parent` is the id of a record of that system."""
    rates = rates or Rates()
    seen = seen_records(rows, seed, rates)
    count = int(seen["person"].to_numpy().max()) + 1
    firms = make_firms(count, seed)
    with open_session(seed) as db:
        for name, table in (("seen", seen), ("more", _more(firms, seed))):
            db.register(f"{name}_given", table)
            db.execute(f"CREATE TABLE {name} AS FROM {name}_given")
        write_firms(db, firms)
        table = _written(db, rates)
    truth = dict(zip(table["id"].to_pylist(), table["firm"].to_pylist(), strict=True))
    return Crowd(table.select(list(COLUMNS)), truth, firms_planted(firms))


def _more(firms: Firms, seed: int) -> pa.Table:
    """What a firm has beside what its people show: a tax id, a second number, the name it might take."""
    random = stream(seed, "companies")
    new = brands(random, len(firms))
    return pa.table(
        {
            "firm": np.arange(len(firms)),
            "tax_id": tax_ids(random, firms.country),
            "second_number": numbers(random, firms.country, DIRECT),
            "new_name": new,
            "new_domain": [f"{name.lower()}{place}.com" for place, name in enumerate(new)],
        }
    )


def _written(db: duckdb.DuckDBPyConnection, rates: Rates) -> pa.Table:
    shares: Mapping[str, float] = {
        **asdict(rates), "rebranded": _REBRANDED, "no_tax_id": _NO_TAX_ID, "second_site": _SECOND_SITE,
    }  # fmt: skip
    db.execute(_CHOSEN.format(**shares))
    written = WRITTEN.format(name="name", row="r", source="chosen").format(**shares)
    db.execute(_WRITTEN.format(written=written, **shares))
    return db.sql(_ALL).to_arrow_table()
