"""What people said of pairs, by the numbers that a search gives their records, and what it saw of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crmsync.core.duplicate_labels import DecidedPair
from crmsync.core.duplicates import DuplicateModel
from crmsync.core.pair_decisions import Pair as Refs
from crmsync.core.pair_decisions import Same
from crmsync.core.records import Ref
from crmsync.warehouse.duplicates.asked import GIVEN
from crmsync.warehouse.duplicates.subjects import SUBJECTS
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    import duckdb

Decided = Mapping[Refs, Same]
"""What people said of pairs of records."""


def rids_decided(db: duckdb.DuckDBPyConnection, decided: Decided) -> dict[tuple[int, int], Same]:
    """The same by the numbers of the records, the smaller first; who was not read is left out."""
    asked = sorted({ref for pair in decided for ref in pair})
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_asked (system VARCHAR, object VARCHAR, id VARCHAR)"
    )
    if asked:
        rows = [(ref.system, ref.object, ref.id) for ref in asked]
        db.executemany("INSERT INTO dup_asked VALUES (?, ?, ?)", rows)
    found = db.execute(
        f"SELECT a.system, a.object, a.id, i.rid FROM dup_asked a JOIN {GIVEN} g ON g.system = a.system "
        "AND g.object = a.object AND g.native_id = a.id JOIN dup_id i ON i.system = g.system AND i.id = g.id"
    ).fetchall()
    rids = {Ref(system, object_, id_): rid for system, object_, id_, rid in found}
    numbered = [
        (tuple(sorted(rids[ref] for ref in pair)), word)
        for pair, word in decided.items()
        if pair <= {*rids}
    ]
    return {(pair[0], pair[1]): word for pair, word in numbered}


def pairs_decided(
    db: duckdb.DuckDBPyConnection, model: DuplicateModel, decided: Decided
) -> list[DecidedPair]:
    """The pairs of `dup_found` that people said are one or two, with what was seen of them; nobody learns of doubts."""
    words = {pair: word for pair, word in rids_decided(db, decided).items() if word != "unsure"}
    names = SUBJECTS[model.subject].comparisons_of(model.parts)
    told = ", ".join(quoted(name) for name in names)
    rows = db.execute(
        f"SELECT l, r, {told} FROM dup_found WHERE l = ANY($1) ORDER BY l, r",
        [sorted({one for one, _ in words})],
    ).fetchall()
    return [
        DecidedPair(
            str(one), str(other), words[one, other] == "yes", dict(zip(names, seen, strict=True))
        )
        for one, other, *seen in rows
        if (one, other) in words
    ]
