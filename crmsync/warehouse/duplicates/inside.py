"""Vetoes inside groups: who never shared a key was never compared, and may be two for certain all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from crmsync.core.clusters import Pair
from crmsync.core.duplicates import DuplicateModel
from crmsync.core.saved_duplicates import SavedModel
from crmsync.warehouse.duplicates.guarding import judge
from crmsync.warehouse.duplicates.scoring import weigh
from crmsync.warehouse.duplicates.subjects import SUBJECTS

if TYPE_CHECKING:
    import duckdb

_ROUNDS = 5
"""A group that falls apart may leave another one in which there is a veto; so often it is looked again."""


def grouped_whole(
    db: duckdb.DuckDBPyConnection,
    model: DuplicateModel,
    used: SavedModel,
    grouped: Callable[[], list[list[int]]],
) -> list[list[int]]:
    """The groups that `grouped` makes of `dup_found`, once it has the vetoes between members that never met."""
    asked: set[Pair] = set()
    groups = grouped()
    for _ in range(_ROUNDS):
        news = _unmet(db, groups) - asked
        if not news or not _vetoed(db, model, used, sorted(news)):
            break
        asked |= news
        groups = grouped()
    return groups


def _unmet(db: duckdb.DuckDBPyConnection, groups: Sequence[Sequence[int]]) -> set[Pair]:
    """Pairs of members of groups of three and more that are not in `dup_found`."""
    inside = {pair for each in groups if len(each) > 2 for pair in combinations(sorted(each), 2)}
    members = sorted({rid for pair in inside for rid in pair})
    found = db.execute("SELECT l, r FROM dup_found WHERE l = ANY($1)", [members]).fetchall()
    return inside - {(one, other) for one, other in found}


def _vetoed(
    db: duckdb.DuckDBPyConnection, model: DuplicateModel, used: SavedModel, pairs: Sequence[Pair]
) -> int:
    """Adds those of the pairs that a guard vetoes to `dup_found`; how many there are."""
    import pyarrow as pa

    subject = SUBJECTS[model.subject]
    names = subject.comparisons_of(model.parts)
    sides = {
        name: pa.array([pair[at] for pair in pairs], pa.int32()) for at, name in enumerate("lr")
    }
    db.register("dup_unmet", pa.table(sides))
    db.execute("CREATE OR REPLACE TABLE dup_pair AS SELECT * FROM dup_unmet")
    db.unregister("dup_unmet")
    weigh(db, subject, names, used.others, used.same)
    judge(db, subject, names, used.prior, model.sure, "dup_inside", least=0.0)
    db.execute("INSERT INTO dup_found FROM dup_inside WHERE vetoed")
    ((count,),) = db.execute("SELECT count(*) FROM dup_inside WHERE vetoed").fetchall()
    db.execute("DROP TABLE dup_inside")
    return int(count)
