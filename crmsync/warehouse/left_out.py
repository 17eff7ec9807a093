"""What is left for an audit to look at, where a workspace leaves records out of it.

The records are a table of system, object, id, key, and `whole`: nothing is left of that customer. An `eligible` query
is asked again over tables without them: without a record in those of records, without a pair of which one is left
out in those of pairs, without a customer of whom nothing is left in those of customers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from crmsync.core.auditing import Audit
from crmsync.warehouse.engine import literal, quoted

_TABLE = "left_out"
_RECORD = ("system", "object", "id")


def remaining(db: Any, audit: Audit, out: Any, eligible: int, count: Callable[[], int]) -> int:
    """How many of `eligible` are left; `count` asks again. 0 where nothing of the audit's entity is left.

    What no table of records or customers says goes down with the share of the entity that is left.
    """
    with _without(db, out, audit.eligible) as is_asked_of_records:
        share = _share(db, audit.entity)
        if share == 0:
            return 0
        return count() if is_asked_of_records else round(eligible * share)


def _share(db: Any, entity: str) -> float:
    """How much of an entity is left, 0 to 1; all of what the face does not have."""
    if not set(_RECORD) <= _tables(db).get(entity, set()):
        return 1.0
    name = f"{_database(db)}.{quoted(entity)}"
    [(all_, left)] = db.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {_kept_record()}) FROM {name} t"
    ).fetchall()
    return left / all_ if all_ else 1.0


@contextmanager
def _without(db: Any, out: Any, query: str) -> Iterator[bool]:
    """The face without what is left out, in every table that a query names; True if there is one."""
    shadowed = {
        name: kept
        for name, columns in _tables(db).items()
        if re.search(rf"\b{re.escape(name)}\b", query) and (kept := _kept(columns))
    }
    db.register("left_out_rows", out)
    db.execute(f"CREATE TEMP TABLE {_TABLE} AS SELECT * FROM left_out_rows")
    try:
        for name, kept in shadowed.items():
            db.execute(
                f"CREATE TEMP VIEW {quoted(name)} AS "
                f"SELECT t.* FROM {_database(db)}.{quoted(name)} t WHERE {kept}"
            )
        yield bool(shadowed)
    finally:
        for name in shadowed:
            db.execute(f"DROP VIEW IF EXISTS temp.{quoted(name)}")
        db.execute(f"DROP TABLE temp.{_TABLE}")
        db.unregister("left_out_rows")


def _database(db: Any) -> str:
    [(name,)] = db.execute("SELECT current_database()").fetchall()
    return f"{quoted(name)}.main"


def _tables(db: Any) -> Mapping[str, set[str]]:
    """Columns of every table of the face."""
    rows = db.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal GROUP BY 1"
    ).fetchall()
    return {name: set(columns) for name, columns in rows}


def _kept(columns: set[str]) -> str:
    """The condition of a row that is not left out; "" of a table that says nothing of records or customers."""
    if set(_RECORD) <= columns:
        return _kept_record()
    if not columns & {"key"}:
        return ""
    sides = sorted(each.removesuffix("_object") for each in columns if each.endswith("_object"))
    pairs = [_kept_side(side) for side in sides if f"{side}_id" in columns]
    return " AND ".join([*pairs, f"NOT EXISTS (FROM {_TABLE} o WHERE o.key = t.key AND o.whole)"])


def _kept_record() -> str:
    return (
        f"NOT EXISTS (FROM {_TABLE} o WHERE o.system = t.system AND o.object = t.object "
        "AND o.id = t.id)"
    )


def _kept_side(side: str) -> str:
    return (
        f"NOT EXISTS (FROM {_TABLE} o WHERE o.system = {literal(side)} "
        f"AND o.object = t.{quoted(side + '_object')} AND o.id = t.{quoted(side + '_id')})"
    )
