"""How rare each value is among the other records: a record does not count for its own."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.subject import Namesakes, Subject

if TYPE_CHECKING:
    import duckdb

_SIDED = re.compile(r"\b(\w+)_[lr]\b")


def weighing(subject: Subject, names: Sequence[str]) -> list[str]:
    """The columns whose rare values say more, of these comparisons."""
    levels = (level for name in names for level in subject.comparisons[name].levels)
    return sorted({level.weighs for level in levels if level.weighs})


def count_frequencies(
    db: duckdb.DuckDBPyConnection, subject: Subject, names: Sequence[str]
) -> None:
    """Builds `dup_rare_<column>` (text, rare) of every column that weighs; one in 2 to the `rare` has it."""
    for column in _counted(subject, names):
        db.execute(f"CREATE OR REPLACE TABLE dup_rare_{column} AS {_rare(subject, column)}")
    columns = weighing(subject, names)
    for column in columns:
        twin, more = _twin(subject, column, columns)
        if twin != column:
            told = f"SELECT text, rare + {more!r} AS rare FROM dup_rare_{twin}"
            db.execute(f"CREATE OR REPLACE VIEW dup_rare_{column} AS {told}")


def recount_frequencies(
    db: duckdb.DuckDBPyConnection, subject: Subject, names: Sequence[str], of: str
) -> None:
    """Brings `dup_rare_<column>` up to date for the values of the records of a table of `rid`s."""
    for column in _counted(subject, names):
        source, _ = subject.frequency.get(column, (column, 1.0))
        db.execute(
            f"CREATE OR REPLACE TEMP TABLE dup_told AS SELECT DISTINCT {source} AS text FROM dup_record "
            f"WHERE rid IN (FROM {of})"
        )
        told = f"{source} IN (SELECT text FROM dup_told)"
        db.execute(f"DELETE FROM dup_rare_{column} WHERE text IN (SELECT text FROM dup_told)")
        db.execute(f"INSERT INTO dup_rare_{column} {_rare(subject, column, told)}")
    db.execute("DROP TABLE IF EXISTS dup_told")


def _counted(subject: Subject, names: Sequence[str]) -> list[str]:
    """The columns that are counted: of several over the same one, the first."""
    columns = weighing(subject, names)
    return sorted({_twin(subject, column, columns)[0] for column in columns})


def _twin(subject: Subject, column: str, columns: Sequence[str]) -> tuple[str, float]:
    """The first column that is counted over the same one, and how much rarer this one is."""
    source, share = subject.frequency.get(column, (column, 1.0))
    of = {each: subject.frequency.get(each, (each, 1.0)) for each in columns}
    twin = next((each for each in columns if of[each][0] == source), column)
    return twin, math.log2(of[twin][1] / share)


_ALL = "(SELECT count(*) FROM dup_record)"


def _rare(subject: Subject, column: str, only: str = "true") -> str:
    counted = _frequency(subject, column, only)
    return f"SELECT {column} AS text, -log2(often) AS rare FROM ({counted})"


def _frequency(subject: Subject, column: str, only: str) -> str:
    source, share = subject.frequency.get(column, (column, 1.0))
    own = f"greatest(count(*) - 1, 0.5) / {_ALL} * {share}"
    parts = subject.made_of.get(column)
    if not parts:
        told = f"{source} AS {column}, {own} AS often"
        return f"SELECT {told} FROM dup_record WHERE {source} IS NOT NULL AND {only} GROUP BY 1"
    often = _of_others(subject.namesakes, own, _by_chance(parts))
    counted = " ".join(
        f"LEFT JOIN (SELECT {part} AS text, count(*) / {_ALL} AS often FROM dup_record GROUP BY 1) {part}_ "
        f"ON {part}_.text = d.{part}"
        for part in parts
    )
    return (
        f"SELECT {column}, {often} AS often FROM dup_record d {counted} "
        f"WHERE {column} IS NOT NULL AND {only} GROUP BY 1"
    )


def _by_chance(parts: Sequence[str]) -> str:
    return " * ".join(f"min(coalesce({part}_.often, 1))" for part in parts)


def _of_others(namesakes: Namesakes | None, own: str, chance: str) -> str:
    """How often a whole is somebody else's: what chance makes, and of those who have it besides two the part that is
    not the same record again. The more namesakes chance makes, the more of them are others.
    """
    if namesakes is None:
        return f"greatest({own}, {chance})"
    expected = f"({namesakes.together!r} * {chance})"
    others = f"({expected} * {_ALL}) / ({expected} * {_ALL} + {namesakes.again!r})"
    return f"{expected} + greatest(count(*) - 2, 0) / {_ALL} * {others}"


def sided(conditions: Iterable[str]) -> set[str]:
    """The columns that conditions over two records read."""
    return {name for each in conditions for name in _SIDED.findall(each)}


def lay_sides(
    db: duckdb.DuckDBPyConnection, subject: Subject, names: Sequence[str], *, of: str = ""
) -> None:
    """Builds `dup_side`: of each record what its pairs are judged by, and how rare it is (`rare_<column>`).

    `of` is a table of `rid`s: then only their rows are replaced.
    """
    read = sided(_conditions(subject, names))
    columns = [row[0] for row in db.execute("DESCRIBE dup_record").fetchall()]
    kept = ["d.rid", *(f"d.{each}" for each in columns if each in read and each != "rid")]
    weighs = weighing(subject, names)
    twins = {each: _twin(subject, each, weighs) for each in weighs}
    kept += [f"{twin}_.rare + {more!r} AS rare_{each}" for each, (twin, more) in twins.items()]
    rare = " ".join(
        f"LEFT JOIN dup_rare_{each} {each}_ ON {each}_.text = d.{each}"
        for each in sorted({twin for twin, _ in twins.values()})
    )
    query = f"SELECT {', '.join(kept)} FROM dup_record d {rare}"
    if not of:
        db.execute(f"CREATE OR REPLACE TABLE dup_side AS {query}")
        return
    db.execute(f"DELETE FROM dup_side WHERE rid IN (SELECT rid FROM {of})")
    db.execute(f"INSERT INTO dup_side {query} WHERE d.rid IN (SELECT rid FROM {of})")


def _conditions(subject: Subject, names: Sequence[str]) -> list[str]:
    comparisons = [subject.comparisons[name] for name in names]
    holds = [level.holds for each in comparisons for level in each.levels]
    return [*holds, *(each.unknown for each in comparisons), *(g.only for g in subject.guards)]
