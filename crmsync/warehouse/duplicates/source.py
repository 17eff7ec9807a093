"""Records from any table, laid out by part for the search: `dup_source`, and the macros that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.subject import Subject
from crmsync.warehouse.engine import quoted
from crmsync.warehouse.wording_macros import macros_here

if TYPE_CHECKING:
    import duckdb

_MACROS = frozenset(
    (
        "name_norm",
        "company_norm",
        "is_placeholder",
        "is_no_address",
        "is_team_mailbox",
        "is_free_mail",
        "is_shared_site",
    )
)


def lay_out(
    db: duckdb.DuckDBPyConnection, subject: Subject, table: str, columns: Mapping[str, str]
) -> int:
    """Builds `dup_source` from a table with `system` and `id`, and `dup_id` (rid, system, id) beside it.

    `columns` gives for a column of the source the table's own; the others are blank. A text of blanks is blank. A
    record that stands there several times is laid out once; gives how many rows were left out for that.
    """
    macros_here(db, _MACROS)
    rows, distinct = _sizes(db, table)
    db.execute(
        "CREATE OR REPLACE TABLE dup_id AS SELECT row_number() OVER (ORDER BY system, id)::INTEGER AS rid, system, id "
        f"FROM (SELECT {'DISTINCT' if distinct < rows else ''} system, id FROM {quoted(table)})"
    )
    laid = _laid(subject, table, columns, once=distinct < rows)
    db.execute(f"CREATE OR REPLACE TABLE dup_source AS {laid}")
    return rows - distinct


def lay_out_changed(
    db: duckdb.DuckDBPyConnection, subject: Subject, table: str, columns: Mapping[str, str]
) -> list[int]:
    """Replaces in `dup_source` the records of a table that holds only changed and new ones; gives their `rid`s.

    Records keep the `rid` that they have; new ones get the next.
    """
    macros_here(db, _MACROS)
    _number(db, table)
    there = f"SELECT DISTINCT system, id FROM {quoted(table)}"
    ours = f"SELECT i.rid FROM dup_id i JOIN ({there}) t ON t.system = i.system AND t.id = i.id"
    rids = [int(rid) for (rid,) in db.execute(f"{ours} ORDER BY 1").fetchall()]
    db.execute(f"DELETE FROM dup_source WHERE rid IN ({ours})")
    db.execute(f"INSERT INTO dup_source {_laid(subject, table, columns, once=True)}")
    return rids


def lay_out_again(
    db: duckdb.DuckDBPyConnection, subject: Subject, table: str, columns: Mapping[str, str]
) -> list[int]:
    """Brings `dup_source` up to date with a table that holds all records.

    Gives the `rid`s of those that are new, read otherwise than before, or gone; the others keep theirs.
    """
    macros_here(db, _MACROS)
    _number(db, table)
    rows, distinct = _sizes(db, table)
    laid = _laid(subject, table, columns, once=distinct < rows)
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_fresh AS {laid}")
    differs = " OR ".join(f"s.{each} IS DISTINCT FROM f.{each}" for each in subject.source)
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_moved AS SELECT coalesce(f.rid, s.rid) AS rid "
        f"FROM dup_source s FULL JOIN dup_fresh f ON f.rid = s.rid WHERE s.rid IS NULL OR f.rid IS NULL OR {differs}"
    )
    rids = [int(rid) for (rid,) in db.execute("SELECT rid FROM dup_moved ORDER BY 1").fetchall()]
    db.execute("DELETE FROM dup_source WHERE rid IN (FROM dup_moved)")
    db.execute("INSERT INTO dup_source FROM dup_fresh WHERE rid IN (FROM dup_moved)")
    db.execute("DROP TABLE dup_moved")
    db.execute("DROP TABLE dup_fresh")
    return rids


def _number(db: duckdb.DuckDBPyConnection, table: str) -> None:
    """Gives the records of a table that have no `rid` the next ones."""
    db.execute(
        "INSERT INTO dup_id SELECT (SELECT coalesce(max(rid), 0) FROM dup_id) "
        "+ row_number() OVER (ORDER BY system, id), system, id "
        f"FROM (SELECT DISTINCT system, id FROM {quoted(table)}) t "
        "WHERE NOT EXISTS (FROM dup_id i WHERE i.system = t.system AND i.id = t.id)"
    )


def _sizes(db: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int]:
    ((rows, distinct),) = db.execute(
        f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT system, id FROM {quoted(table)})) "
        f"FROM {quoted(table)}"
    ).fetchall()
    return int(rows), int(distinct)


def _laid(subject: Subject, table: str, columns: Mapping[str, str], *, once: bool) -> str:
    """The query of `dup_source`; `once`: of a record that stands there several times, the first in order."""
    texts = ", ".join(
        f"nullif(trim(t.{quoted(columns[name])}::VARCHAR), '') AS {quoted(name)}"
        if name in columns
        else f"NULL::VARCHAR AS {quoted(name)}"
        for name in subject.source
    )
    laid = (
        f"SELECT i.rid, i.system, {texts} FROM dup_id i "
        f"JOIN {quoted(table)} t ON t.system = i.system AND t.id = i.id"
    )
    return f"SELECT DISTINCT ON (rid) * FROM ({laid}) ORDER BY ALL" if once else laid
