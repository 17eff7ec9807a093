"""Which of two equally probable pairs comes first is not a matter of when a record came."""

from __future__ import annotations

import random

import duckdb
import pytest

from crmsync.core.duplicates import DuplicateModel
from crmsync.warehouse.duplicates.joining import join_by_id

NAMES = "abcdefghij"
MODEL = DuplicateModel({"given_name": ""}, "person", largest=3)


def grouped(order: list[str], pairs: list[tuple[str, str]], apart: list[tuple[str, str]]) -> object:
    """The groups by id, of records that came in that order."""
    rids = {name: at for at, name in enumerate(order, 1)}
    db = duckdb.connect()
    db.execute("CREATE TABLE dup_id (rid INTEGER, system VARCHAR, id VARCHAR)")
    db.executemany("INSERT INTO dup_id VALUES (?, 'crm', ?)", [[rids[n], n] for n in order])
    numbered = [(*sorted((rids[one], rids[other])), 0.9) for one, other in pairs]
    vetoed = {(rids[one], rids[other]) for one, other in apart}
    found = join_by_id(db, MODEL, [(a, b, p) for a, b, p in numbered], vetoed, {})
    return sorted(sorted(order[rid - 1] for rid in each) for each in found)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_pairs_are_the_same_groups_whenever_their_records_came(seed: int) -> None:
    chance = random.Random(seed)
    pairs = [tuple(sorted(chance.sample(NAMES, 2))) for _ in range(12)]
    apart = [(one, other) for one, other in [chance.sample(NAMES, 2) for _ in range(3)]]
    known = [(one, other) for one, other in pairs if (one, other) not in apart]
    first = grouped(list(NAMES), known, apart)
    for _ in range(4):
        assert grouped(chance.sample(NAMES, len(NAMES)), known, apart) == first
