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
) -> None:
    """Builds `dup_source` from a table with `system` and `id`, and `dup_id` (rid, system, id) beside it.

    `columns` gives for a column of the source the table's own; the others are blank. A text of blanks is blank.
    """
    macros_here(db, _MACROS)
    db.execute(
        "CREATE OR REPLACE TABLE dup_id AS SELECT row_number() OVER (ORDER BY system, id)::INTEGER AS rid, system, id "
        f"FROM {quoted(table)}"
    )
    texts = ", ".join(
        f"nullif(trim(t.{quoted(columns[name])}::VARCHAR), '') AS {quoted(name)}"
        if name in columns
        else f"NULL::VARCHAR AS {quoted(name)}"
        for name in subject.source
    )
    db.execute(
        f"CREATE OR REPLACE TABLE dup_source AS SELECT i.rid, i.system, {texts} FROM dup_id i "
        f"JOIN {quoted(table)} t ON t.system = i.system AND t.id = i.id"
    )
