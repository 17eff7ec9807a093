"""The whole search over `dup_source`: staged, blocked, scored, guarded, grouped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmsync.core.clusters import join_records
from crmsync.core.duplicates import Crowded, DuplicateModel
from crmsync.warehouse.duplicates.blocks import block
from crmsync.warehouse.duplicates.levels import Comparison
from crmsync.warehouse.duplicates.scoring import score
from crmsync.warehouse.duplicates.subject import Guard, Subject
from crmsync.warehouse.duplicates.subjects import SUBJECTS

if TYPE_CHECKING:
    import duckdb

KEPT = 0.05
"""Pairs less probable than this are not looked at again."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a search came to: groups of `rid`s, each sorted; pairs compared and vetoed; keys that were not used."""

    groups: list[list[int]]
    compared: int
    vetoed: int
    crowded: tuple[Crowded, ...]


def search(db: duckdb.DuckDBPyConnection, model: DuplicateModel) -> Search:
    """The groups of `dup_source` that are one with the model's `review` probability; `dup_found` holds the pairs.

    The same records give the same groups, in whatever order they come.
    """
    crowded, compared = find_pairs(db, model)
    ((vetoed,),) = db.execute("SELECT count(*) FROM dup_found WHERE vetoed").fetchall()
    return Search(group(db, model), compared, vetoed, crowded)


def find_pairs(
    db: duckdb.DuckDBPyConnection, model: DuplicateModel
) -> tuple[tuple[Crowded, ...], int]:
    """Builds `dup_found` (l, r, p, vetoed, and by comparison the level seen, NULL if unknown).

    The keys that were too crowded to be used, and how many pairs were compared. DuckDB must not conclude from the
    statistics of columns meanwhile (`engine.is_defect`): columns may be blank in every row.
    """
    db.execute("SET disabled_optimizers = 'statistics_propagation'")
    subject = SUBJECTS[model.subject]
    subject.stage(db)
    crowded = block(db, subject.keys, model.crowded)
    ((records, pairs),) = db.execute(
        "SELECT (SELECT count(*) FROM dup_record), (SELECT count(*) FROM dup_pair)"
    ).fetchall()
    names = subject.comparisons_of(model.parts)
    if pairs:
        score(db, subject, names, records)
    else:
        db.execute("CREATE OR REPLACE TABLE dup_scored AS SELECT l, r, 0.0 AS p FROM dup_pair")
    _look_again(db, subject, names)
    return crowded, pairs


def _look_again(db: duckdb.DuckDBPyConnection, subject: Subject, names: Sequence[str]) -> None:
    """What was seen of the pairs that may be one, and what the guards say of them."""
    columns = [row[0] for row in db.execute("DESCRIBE dup_record").fetchall()]
    sides = ", ".join(f"{side}.{name} AS {name}_{side}" for side in "lr" for name in columns)
    seen = ", ".join(f"{_seen(subject.comparisons[name])} AS {name}" for name in names)
    guards = [guard for guard in subject.guards if set(guard.seen) <= set(names)]
    only = "".join(f", {guard.only} AS only_{at}" for at, guard in enumerate(guards))
    most = ", ".join(_at_most(at, guard) for at, guard in enumerate(guards)) or "1.0"
    db.execute(
        "CREATE OR REPLACE TABLE dup_found AS "
        f"WITH side AS (SELECT s.l, s.r, s.p, {sides} FROM dup_scored s JOIN dup_record l ON l.rid = s.l "
        f"JOIN dup_record r ON r.rid = s.r WHERE s.p >= {KEPT}), "
        f"seen AS (SELECT l, r, p, {seen}{only} FROM side), "
        f"guarded AS (SELECT *, least({most}, 1.0) AS most FROM seen) "
        f"SELECT l, r, least(p, most) AS p, {', '.join(names)}, most = 0 AS vetoed FROM guarded"
    )


def _seen(comparison: Comparison) -> str:
    *levels, last = comparison.levels
    cases = " ".join(f"WHEN {level.holds} THEN '{level.name}'" for level in levels)
    return f"CASE WHEN {comparison.unknown} THEN NULL {cases} ELSE '{last.name}' END"


def _at_most(at: int, guard: Guard) -> str:
    seen = " AND ".join(_is_one_of(*each) for each in guard.seen.items())
    return f"CASE WHEN only_{at} AND {seen} THEN {guard.most} ELSE 1.0 END"


def _is_one_of(name: str, levels: Sequence[str | None]) -> str:
    known = ", ".join(f"'{level}'" for level in levels if level is not None)
    parts = [f"{name} IN ({known})"] if known else []
    parts += [f"{name} IS NULL"] if None in levels else []
    return f"coalesce({' OR '.join(parts)}, false)"


def group(db: duckdb.DuckDBPyConnection, model: DuplicateModel) -> list[list[int]]:
    """The groups of records in `dup_found` that are one with the model's `review` probability, each sorted."""
    pairs = db.execute("SELECT l, r, p FROM dup_found WHERE p >= $1", [model.review]).fetchall()
    vetoed = db.execute("SELECT l, r FROM dup_found WHERE vetoed").fetchall()
    clean: dict[int, str] = {}
    if model.clean:
        rows: list[Any] = db.execute(
            "SELECT rid, system FROM dup_record WHERE system = ANY($1)", [list(model.clean)]
        ).fetchall()
        clean = dict(rows)
    return join_records(pairs, vetoed, clean, largest=model.largest, sure=model.sure)
