"""Many rows at a time, the same on both databases.

SQLite is fastest with one statement run per row, PostgreSQL with one statement over a JSON list (arrays
took three times as long: the driver escapes each text).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, TypeAlias, TypeVar

import pyarrow as pa
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    bindparam,
    cast,
    collate,
    column,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

Rows: TypeAlias = Sequence[Mapping[str, Any]]
Clash: TypeAlias = Literal["fail", "keep", "replace"]
"""What becomes of a row whose primary key is taken: an error, the old row, or the new one."""

CHUNK = 500
"""Keys per query: far below the 32,766 variables of SQLite (sqlite.org/limits.html, read 2026-11)."""
_BATCH = 50_000
_Item = TypeVar("_Item")


def chunks(items: Iterable[_Item], size: int = CHUNK) -> Iterator[list[_Item]]:
    """The items in lists of at most `size`, in order."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def put(connection: Connection, table: Table, rows: Rows, clash: Clash = "fail") -> int:
    """Writes rows with equal columns and different primary keys; how many were written."""
    if not rows:
        return 0
    return _PUTS[connection.dialect.name](connection, table, rows, clash)


def batches(connection: Connection, query: Select[Any]) -> Generator[pa.RecordBatch, None, None]:
    """The rows of a query whose columns are all text, a part at a time, in no order."""
    names = [each.name for each in query.selected_columns]
    with connection.execute(query, execution_options={"yield_per": _BATCH}) as result:
        for rows in result.partitions():
            texts = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
            yield pa.record_batch(texts, names=names)


def by_bytes(connection: Connection, text: ColumnElement[str]) -> ColumnElement[str]:
    """The column as something to order by that does not depend on the server's language."""
    return collate(text, "C") if connection.dialect.name == "postgresql" else text


def _put_sqlite(connection: Connection, table: Table, rows: Rows, clash: Clash) -> int:
    insert = sqlite.insert(table)
    if clash == "keep":
        insert = insert.on_conflict_do_nothing()
    if clash == "replace":
        set_ = {name: insert.excluded[name] for name in _beside_key(table, rows[0])}
        insert = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=set_)
    options = {"preserve_rowcount": True}
    return connection.execute(insert, list(rows), execution_options=options).rowcount


def _put_postgresql(connection: Connection, table: Table, rows: Rows, clash: Clash) -> int:
    names = list(rows[0])
    columns = [column(name, table.c[name].type) for name in names]
    text = bindparam("rows", _as_json(connection, table, rows), String)
    given = func.json_to_recordset(cast(text, JSON)).table_valued(*columns)
    given = given.render_derived(name="given", with_types=True)
    insert = postgresql.insert(table).from_select(names, select(*(given.c[n] for n in names)))
    if clash == "keep":
        insert = insert.on_conflict_do_nothing()
    if clash == "replace":
        set_ = {name: insert.excluded[name] for name in _beside_key(table, rows[0])}
        insert = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=set_)
    return connection.execute(insert, execution_options={"preserve_rowcount": True}).rowcount


def _as_json(connection: Connection, table: Table, rows: Rows) -> str:
    """The rows as one JSON text, each value as its column's type would bind it."""
    found = ((name, table.c[name].type.bind_processor(connection.dialect)) for name in rows[0])
    binds = {name: bind for name, bind in found if bind is not None}
    return json.dumps([{**row, **{n: bind(row[n]) for n, bind in binds.items()}} for row in rows])


def _beside_key(table: Table, row: Mapping[str, Any]) -> list[str]:
    return [name for name in row if name not in table.primary_key.columns]


_PUTS: dict[str, Callable[[Connection, Table, Rows, Clash], int]] = {
    "sqlite": _put_sqlite,
    "postgresql": _put_postgresql,
}
