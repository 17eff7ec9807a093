"""One SELECT over a face, and nothing else: for audits in SQL and for what audits in Python ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.core.auditing import asked_for

_BATCH = 10_000
FINDING_TEXTS = ("entity", "system", "object", "id", "key", "field", "detail")
"""Columns of a finding that are texts."""


class NoSelect(ValueError):
    """A query that is more, or something else, than one SELECT."""


def selected(db: Any, query: str, given: Mapping[str, Any]) -> Any:
    """Batches of a query's rows, as Arrow reads them; NoSelect for anything but one SELECT."""
    _demand_select(db, query)
    return db.sql(query, params=_named(query, given)).to_arrow_reader(_BATCH)


def described(db: Any, query: str, given: Mapping[str, Any]) -> set[str]:
    """The columns that a query would give, without asking it; NoSelect for anything but one SELECT."""
    _demand_select(db, query)
    rows = db.execute(f"DESCRIBE {query}", _named(query, given)).fetchall()
    return {str(row[0]).lower() for row in rows}


def _demand_select(db: Any, query: str) -> None:
    import duckdb

    statements = db.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise NoSelect("an audit is exactly one SELECT")


def _named(query: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
    return {name: given[name] for name in asked_for(query) & set(given)} or None
