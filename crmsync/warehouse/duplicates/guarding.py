"""What the guards say of the pairs that may be one: `dup_found`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.levels import Comparison
from crmsync.warehouse.duplicates.subject import Guard, Subject
from crmsync.warehouse.engine import literal

if TYPE_CHECKING:
    import duckdb

KEPT = 0.05
"""Pairs less probable than this are not looked at again."""
_BELOW = 0.001
"""How far below what is sure a pair stays that a guard keeps from it."""


def judge(
    db: duckdb.DuckDBPyConnection,
    subject: Subject,
    names: Sequence[str],
    prior: float,
    sure: float,
    table: str = "dup_found",
    least: float = KEPT,
) -> None:
    """Builds `dup_found` of `dup_weight`: l, r, p, vetoed, guard, and by comparison the level seen, NULL if unknown.

    Pairs below `least` are left out. `guard` is the one that lowered the probability, the strictest if several do.
    """
    seen = ", ".join(f"{_level(name, subject.comparisons[name])} AS {name}" for name in names)
    odds = f"pow(2, bits) * {prior / (1 - prior)!r}"
    fits = [(at, each) for at, each in enumerate(subject.guards) if set(each.seen) <= set(names)]
    fits.sort(key=lambda each: _most(each[1], sure))
    guard = " ".join(f"WHEN {_speaks(at, each)} THEN {literal(each.name)}" for at, each in fits)
    most = " ".join(f"WHEN {literal(each.name)} THEN {_most(each, sure)!r}" for _, each in fits)
    only = "".join(f", only_{at}" for at, _ in fits)
    proven = _proven(subject, names)
    db.execute(
        f"CREATE OR REPLACE TABLE {table} AS "
        f"WITH scored AS (SELECT *, ({odds}) / (1 + {odds}) AS likely FROM dup_weight), "
        f"seen AS (SELECT l, r, likely, {seen}{only} FROM scored), "
        f"named AS (SELECT * EXCLUDE (likely), greatest(likely, {proven}) AS p FROM seen "
        f"WHERE likely >= {least} OR {proven} > 0), "
        f"told AS (SELECT *, {f'CASE {guard} END' if guard else 'NULL::VARCHAR'} AS named_guard FROM named), "
        f"capped AS (SELECT *, {f'CASE named_guard {most} ELSE 1.0 END' if most else '1.0'} AS most FROM told) "
        f"SELECT l, r, least(p, most)::DOUBLE AS p, {', '.join(names)}, most = 0 AS vetoed, "
        "CASE WHEN most < p THEN named_guard END AS guard FROM capped"
    )


def _proven(subject: Subject, names: Sequence[str]) -> str:
    """The least probability of a pair, by the proofs that hold of it."""
    held = [each for each in subject.proofs if set(each.seen) <= set(names)]
    cases = " ".join(
        f"WHEN {' AND '.join(_is_one_of(*seen) for seen in each.seen.items())} THEN {each.least!r}"
        for each in held
    )
    return f"(CASE {cases} ELSE 0.0 END)" if cases else "0.0"


def _most(guard: Guard, sure: float) -> float:
    return min(guard.most, sure - _BELOW) if guard.never_sure else guard.most


def _level(name: str, comparison: Comparison) -> str:
    cases = " ".join(
        f"WHEN {at} THEN {literal(level.name)}" for at, level in enumerate(comparison.levels)
    )
    return f"CASE at_{name} {cases} END"


def _speaks(at: int, guard: Guard) -> str:
    seen = [_is_one_of(*each) for each in guard.seen.items()]
    return " AND ".join([f"only_{at}", *seen])


def _is_one_of(name: str, levels: Sequence[str | None]) -> str:
    known = ", ".join(literal(level) for level in levels if level is not None)
    parts = [f"{name} IN ({known})"] if known else []
    parts += [f"{name} IS NULL"] if None in levels else []
    return f"coalesce({' OR '.join(parts)}, false)"
