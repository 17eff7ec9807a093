"""What records are compared by, brought up to date for those that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.staging import (
    RECORD,
    SHARED,
    drafted,
    forget,
    gather_roots,
    shared,
)
from crmsync.warehouse.duplicates.subject import Subject

if TYPE_CHECKING:
    import duckdb


def restage(db: duckdb.DuckDBPyConnection) -> None:
    """Brings `dup_record` up to date for the records of `dup_changed` (rid), and adds to it whom they concern.

    Those are the others of a mailbox or phone that became one of several people, or ceased to be.
    """
    gather_roots(db)
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_some AS FROM dup_source WHERE rid IN (FROM dup_changed)"
    )
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_drafted AS {drafted(db, 'dup_some')}")
    forget(db)
    for table, columns in SHARED.items():
        _touch(db, table, columns)
    db.execute("DELETE FROM dup_draft WHERE rid IN (FROM dup_changed)")
    db.execute("INSERT INTO dup_draft FROM dup_drafted")
    for table, columns in SHARED.items():
        _recount(db, table, columns)
    db.execute("DELETE FROM dup_record WHERE rid IN (FROM dup_changed)")
    db.execute(f"INSERT INTO dup_record {RECORD} WHERE rid IN (FROM dup_changed)")
    for table in ("dup_some", "dup_drafted", *(f"{each}_touched" for each in SHARED)):
        db.execute(f"DROP TABLE {table}")


def stage_again(db: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Stages all records, and adds to `dup_changed` those that are compared by something else than before."""
    db.execute("CREATE OR REPLACE TEMP TABLE dup_was AS FROM dup_record")
    subject.stage(db)
    turned = "(FROM dup_record EXCEPT FROM dup_was) UNION (FROM dup_was EXCEPT FROM dup_record)"
    db.execute(
        f"INSERT INTO dup_changed SELECT DISTINCT rid FROM ({turned}) WHERE rid NOT IN (FROM dup_changed)"
    )
    db.execute("DROP TABLE dup_was")


def _touch(db: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
    """What the changed records had, and what they have."""
    texts = " UNION ".join(
        [
            f"SELECT {each} AS text FROM dup_draft WHERE rid IN (FROM dup_changed)"
            for each in columns
        ]
        + [f"SELECT {each} FROM dup_drafted" for each in columns]
    )
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE {table}_touched AS "
        f"SELECT text FROM ({texts}) WHERE text IS NOT NULL"
    )


def _recount(db: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
    touched = f"text IN (FROM {table}_touched)"
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_now AS FROM ({shared(columns, touched)})")
    was = f"SELECT text, public FROM {table} WHERE {touched}"
    turned = (
        f"SELECT text FROM ((({was}) EXCEPT FROM dup_now) UNION ((FROM dup_now) EXCEPT ({was})))"
    )
    concerned = " OR ".join(f"{each} IN (FROM dup_turned)" for each in columns)
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_turned AS {turned}")
    db.execute(
        f"INSERT INTO dup_changed SELECT rid FROM dup_draft WHERE ({concerned}) "
        "AND rid NOT IN (FROM dup_changed)"
    )
    db.execute(f"DELETE FROM {table} WHERE {touched}")
    db.execute(f"INSERT INTO {table} FROM dup_now")
    db.execute("DROP TABLE dup_now")
    db.execute("DROP TABLE dup_turned")
