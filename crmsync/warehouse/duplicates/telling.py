"""What is told of the pairs that are shown, where it is more than their levels say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.frequencies import sided
from crmsync.warehouse.duplicates.subject import Subject, Telling
from crmsync.warehouse.engine import literal, quoted

if TYPE_CHECKING:
    import duckdb

Told = Mapping[tuple[int, int], Mapping[str, str]]
"""By pair of `rid`s and comparison, what is told in place of the level."""


def told_of(
    db: duckdb.DuckDBPyConnection, subject: Subject, names: Sequence[str], only: str = "true"
) -> Told:
    """What is told of the pairs of `dup_found` for which `only` holds; reads `dup_record`."""
    asked = {name: subject.tellings[name] for name in names if name in subject.tellings}
    if not asked:
        return {}
    cases = ", ".join(_case(name, tellings) for name, tellings in asked.items())
    rows = db.execute(
        f"WITH side AS ({_sides(asked, only)}) SELECT l, r, {cases} FROM side"
    ).fetchall()
    return {
        (one, other): {name: said for name, said in zip(asked, told, strict=True) if said}
        for one, other, *told in rows
    }


def _sides(asked: Mapping[str, Sequence[Telling]], only: str) -> str:
    """The pairs with their levels, and what both records hold of the columns that are read."""
    columns = sorted(sided(each.holds for tellings in asked.values() for each in tellings))
    both = ", ".join(f"{side}.{name} AS {name}_{side}" for side in "lr" for name in columns)
    levels = ", ".join(f"f.{quoted(name)} AS level_{name}" for name in asked)
    return (
        f"SELECT f.l, f.r, {levels}, {both} FROM dup_found f JOIN dup_record l ON l.rid = f.l "
        f"JOIN dup_record r ON r.rid = f.r WHERE {only}"
    )


def _case(name: str, tellings: Sequence[Telling]) -> str:
    cases = " ".join(f"WHEN {_of(name, each)} THEN {literal(each.name)}" for each in tellings)
    return f"CASE {cases} END"


def _of(name: str, telling: Telling) -> str:
    """The level is one of the telling's, and it holds; looked at only where the level is."""
    known = ", ".join(literal(level) for level in telling.of if level is not None)
    parts = [f"level_{name} IN ({known})"] if known else []
    parts += [f"level_{name} IS NULL"] if None in telling.of else []
    return f"(CASE WHEN {' OR '.join(parts)} THEN ({telling.holds}) ELSE false END)"
