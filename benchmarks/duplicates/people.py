"""Contacts of two CRMs, with the truth of who is who: invented, seeded, and as dirty as a rate says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.duplicates.drawing import Ints, draw, stream
from benchmarks.duplicates.employers import RELATIONS, Firms, make_firms
from benchmarks.duplicates.lookalikes import plant
from benchmarks.duplicates.persons import make_persons
from benchmarks.duplicates.rates import Rates
from benchmarks.duplicates.slips import open_session
from benchmarks.duplicates.written_firms import write_firms
from benchmarks.duplicates.written_names import write_names
from benchmarks.duplicates.written_reach import write_reach
from benchmarks.duplicates.written_work import write_work

COLUMNS = (
    "id", "system", "first_name", "last_name", "email", "phone", "mobile", "company", "domain", "title", "city",
    "country", "created",
)  # fmt: skip
PEOPLE_TO_A_FIRM = 4
_FURTHER = (0.68, 0.2, 0.08, 0.04)
"""Of those who have further records: how many have one, two, three, four."""

_SEEN_AFTER = 0.7
"""Of the further records of somebody who changed jobs: how many are from after that."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Invented records and the truth about them.

    records: one row a record, in no meaningful order; `id` is unique, `system` is sf or hs.
    truth: the entity of every id, in the order of the records. planted: how many people or firms there are of
    every kind of lookalikes; none of them is a duplicate of the other.
    """

    records: pa.Table
    truth: Mapping[str, int]
    planted: Mapping[str, int]


def make_people(rows: int, seed: int, rates: Rates | None = None) -> Crowd:
    """`rows` contacts; the same seed and rates give the same ones."""
    rates = rates or Rates()
    seen = seen_records(rows, seed, rates)
    count = int(seen["person"].to_numpy().max()) + 1
    firms = make_firms(max(30, count // PEOPLE_TO_A_FIRM), seed)
    persons = make_persons(count, firms, seed)
    planted = plant(persons, seed)
    with open_session(seed) as db:
        db.register("seen_given", seen)
        db.execute("CREATE TABLE seen AS FROM seen_given")
        db.register("persons_given", persons.table(firms, seed))
        db.execute("CREATE TABLE persons AS FROM persons_given")
        db.unregister("persons_given")
        write_firms(db, firms)
        del persons
        records, truth = _written(db, rates)
    told = {name: int(people.size) for name, people in planted.items()}
    return Crowd(records, truth, {**told, **firms_planted(firms)})


def firms_planted(firms: Firms) -> dict[str, int]:
    """How many firms are related to another that they are not."""
    return {name: int((firms.relation == at).sum()) for at, (name, _) in enumerate(RELATIONS)}


def sizes(random: np.random.Generator, rows: int, duplicates: float) -> Ints:
    """How many records each entity has: 1 to 5, `rows` in all, `duplicates` of them further ones."""
    more = duplicates / (1 - duplicates) / (np.array(_FURTHER) @ [1, 2, 3, 4])
    shares = [1 - more, *(more * share for share in _FURTHER)]
    drawn = 1 + draw(random, shares, rows)
    ends = np.cumsum(drawn)
    kept = drawn[: int(np.searchsorted(ends, rows)) + 1]
    kept[-1] -= int(kept.sum()) - rows
    return kept


def seen_records(rows: int, seed: int, rates: Rates) -> pa.Table:
    """One row a record: whose it is, the how manieth, after a change of jobs?, and from which one it was copied."""
    random = stream(seed, "records")
    counts = sizes(random, rows, rates.duplicates)
    person = np.repeat(np.arange(len(counts)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    nth = np.arange(rows) - first
    changes = random.random(len(counts)) < rates.new_job / _SEEN_AFTER
    job = changes[person] & (nth > 0) & (random.random(rows) < _SEEN_AFTER)
    copied = (nth > 0) & (random.random(rows) < rates.copies)
    origin = np.where(copied, first, np.arange(rows))
    return pa.table(
        {
            "r": np.arange(rows),
            "person": person,
            "nth": nth,
            "job": job & ~copied,
            "origin": origin,
            "place": random.permutation(rows),
            "system": np.where(random.random(rows) < 0.5, "sf", "hs"),
        }
    )


_ALL = """
SELECT s.system || '-' || lpad(s.place::VARCHAR, 7, '0') AS id, s.system, n.first_name, n.last_name,
  CASE WHEN s.origin <> s.r AND chance(s.r, 600, {blank_email} * 2) THEN NULL ELSE a.email END AS email,
  t.phone, t.mobile, w.company, w.domain,
  CASE WHEN s.origin <> s.r AND chance(s.r, 601, {blank_title}) THEN NULL ELSE w.title END AS title,
  w.city, w.country, w.created + (s.r - s.origin)::INTEGER * 37 AS created, s.person
FROM seen AS s JOIN written_names AS n ON n.r = s.origin JOIN written_addresses AS a ON a.r = s.origin
JOIN written_numbers AS t ON t.r = s.origin JOIN written_work AS w ON w.r = s.origin
ORDER BY s.place
"""


def _written(db: duckdb.DuckDBPyConnection, rates: Rates) -> tuple[pa.Table, dict[str, int]]:
    write_names(db, rates)
    write_reach(db, rates)
    write_work(db, rates)
    table = db.sql(_ALL.format(**asdict(rates))).to_arrow_table()
    truth = dict(zip(table["id"].to_pylist(), table["person"].to_pylist(), strict=True))
    return table.select(list(COLUMNS)), truth
