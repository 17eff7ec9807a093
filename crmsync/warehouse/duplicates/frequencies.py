"""How rare each value is among the other records: a record does not count for its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.subject import Subject

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
    for column in weighing(subject, names):
        db.execute(f"CREATE OR REPLACE TABLE dup_rare_{column} AS {_counted(subject, column)}")


def recount_frequencies(
    db: duckdb.DuckDBPyConnection, subject: Subject, names: Sequence[str], of: str
) -> None:
    """Brings `dup_rare_<column>` up to date for the values of the records of a table of `rid`s."""
    for column in weighing(subject, names):
        source, _ = subject.frequency.get(column, (column, 1.0))
        db.execute(
            f"CREATE OR REPLACE TEMP TABLE dup_told AS SELECT DISTINCT {source} AS text FROM dup_record "
            f"WHERE rid IN (FROM {of})"
        )
        told = f"{source} IN (SELECT text FROM dup_told)"
        db.execute(f"DELETE FROM dup_rare_{column} WHERE text IN (SELECT text FROM dup_told)")
        db.execute(f"INSERT INTO dup_rare_{column} {_counted(subject, column, told)}")
    db.execute("DROP TABLE IF EXISTS dup_told")


def _counted(subject: Subject, column: str, only: str = "true") -> str:
    counted = _frequency(subject, column, only)
    return f"SELECT {column} AS text, -log2(often) AS rare FROM ({counted})"


def _frequency(subject: Subject, column: str, only: str) -> str:
    source, share = subject.frequency.get(column, (column, 1.0))
    all_ = "(SELECT count(*) FROM dup_record)"
    own = f"greatest(count(*) - 1, 0.5) / {all_} * {share}"
    if column not in subject.made_of:
        told = f"{source} AS {column}, {own} AS often"
        return f"SELECT {told} FROM dup_record WHERE {source} IS NOT NULL AND {only} GROUP BY 1"
    parts = [
        f"(SELECT {part} AS text, count(*) / {all_} AS often FROM dup_record GROUP BY 1)"
        for part in subject.made_of[column]
    ]
    one, other = subject.made_of[column]
    return (
        f"SELECT {column}, greatest({own}, min(a.often) * min(b.often)) AS often FROM dup_record d "
        f"JOIN {parts[0]} a ON a.text = d.{one} JOIN {parts[1]} b ON b.text = d.{other} "
        f"WHERE {column} IS NOT NULL AND {only} GROUP BY 1"
    )


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
    kept += [f"{each}_.rare AS rare_{each}" for each in weighs]
    rare = " ".join(
        f"LEFT JOIN dup_rare_{each} {each}_ ON {each}_.text = d.{each}" for each in weighs
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
