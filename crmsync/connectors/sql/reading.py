"""Rows of a table as batches of wire-normal text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import select

from crmsync.connectors.base import ASSOCIATION_COLUMNS, SYSTEM_COLUMNS, Cells
from crmsync.connectors.batches import batched, chunks
from crmsync.connectors.columns import rows_batch, text_batch
from crmsync.connectors.files.records import Account, unique
from crmsync.connectors.sql.database import Database
from crmsync.connectors.sql.settings import TableObject
from crmsync.connectors.sql.tables import SqlColumn, SqlTable
from crmsync.connectors.sql.values import Unfit, cell_text, stored
from crmsync.connectors.wire import NoText
from crmsync.errors import AnswerBroken

PAGE_ROWS = 1_000
# Below the 999 parameters a statement that older builds of SQLite allow.
KEYS_AT_ONCE = 500
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")

Texts = list[str | None]


def read_batches(
    database: Database,
    table: SqlTable,
    fields: Sequence[str],
    zone: ZoneInfo | None,
    account: Account,
) -> Iterator[pa.RecordBatch]:
    """Every row once, 1,000 a batch, streamed. Rows without an id, or with one seen before, are counted."""
    times = [table.created, table.modified]
    columns = [
        table.id,
        *(each for each in times if each),
        *(table.fields[name] for name in fields),
    ]
    names = (*SYSTEM_COLUMNS, *fields)
    for part in batched(_rows(database, table, columns, zone, account), PAGE_ROWS):
        cells = iter([list(each) for each in zip(*part, strict=True)])
        ids = next(cells)
        instants = [_instants(next(cells)) if each else [None] * len(ids) for each in times]
        yield text_batch(dict(zip(names, (ids, *instants, *cells), strict=True)))


def _instants(cells: Texts) -> Texts:
    """Instants; blank where a day or a time without a zone is all there is."""
    return [cell if cell and _INSTANT.fullmatch(cell) else None for cell in cells]


def _rows(
    database: Database,
    table: SqlTable,
    columns: Sequence[SqlColumn],
    zone: ZoneInfo | None,
    account: Account,
) -> Iterator[Texts]:
    rows = _identified(_stored_rows(database, table, columns), table, columns, zone, account)
    if table.id.native.unique:
        return rows
    pairs = ((str(row[0]), (number, row)) for number, row in enumerate(rows, 1))
    return (row for _, (_, row) in unique(pairs, account))


def _stored_rows(
    database: Database, table: SqlTable, columns: Sequence[SqlColumn]
) -> Iterator[Sequence[Any]]:
    statement = select(*(each.clause for each in columns)).select_from(table.clause)
    with database.reading(f"SELECT {table.object}") as connection:
        streamed = connection.execution_options(yield_per=PAGE_ROWS)
        with streamed.execute(statement) as result:  # closed, too, if nobody reads to the end
            for page in result.partitions():
                yield from page


def _identified(
    rows: Iterator[Sequence[Any]],
    table: SqlTable,
    columns: Sequence[SqlColumn],
    zone: ZoneInfo | None,
    account: Account,
) -> Iterator[Texts]:
    for number, row in enumerate(rows, 1):
        if row[0] is None or row[0] == "":
            account.add("nameless", number)
        else:
            yield _texts(table, columns, row, zone)


def _texts(
    table: SqlTable, columns: Sequence[SqlColumn], row: Sequence[Any], zone: ZoneInfo | None
) -> Texts:
    try:
        return [cell_text(value, each, zone) for value, each in zip(row, columns, strict=True)]
    except NoText as error:
        remedy = "Store text there, or leave the field out of the mapping."
        place = f"{table.clause.name}, id {row[0]}"
        raise AnswerBroken("a cell holds bytes", where=place, remedy=remedy) from error


def get_cells(
    database: Database,
    table: SqlTable,
    ids: Sequence[str],
    fields: Sequence[str],
    zone: ZoneInfo | None,
) -> dict[str, Cells]:
    """Some rows by the id asked for; those that are gone are left out."""
    columns = [table.id, *(table.fields[name] for name in fields)]
    found = {}
    for row in _among(database, table, table.id, ids, columns, zone):
        found[str(row[0])] = dict(zip(fields, row[1:], strict=True))
    return {one: found[one] for one in dict.fromkeys(ids) if one in found}


def find_ids(
    database: Database, table: SqlTable, keys: Sequence[str], zone: ZoneInfo | None
) -> dict[str, str]:
    """Ids by our key; keys that are not there are left out."""
    key = key_column(table)
    rows = _among(database, table, key, keys, [key, table.id], zone)
    found = {str(row[0]): str(row[1]) for row in rows}
    return {one: found[one] for one in keys if one in found}


def key_column(table: SqlTable) -> SqlColumn:
    """The column of our key."""
    return next(each for each in table.fields.values() if each.name == table.key)


def _among(
    database: Database,
    table: SqlTable,
    column: SqlColumn,
    texts: Sequence[str],
    columns: Sequence[SqlColumn],
    zone: ZoneInfo | None,
) -> Iterator[Texts]:
    """Rows in which a column holds one of some texts."""
    values = [
        value for text in dict.fromkeys(texts) for value in _able(text, column, zone, database)
    ]
    for part in chunks(values, KEYS_AT_ONCE):
        statement = (
            select(*(each.clause for each in columns))
            .select_from(table.clause)
            .where(column.clause.in_(list(part)))
        )
        with database.reading(f"SELECT {table.object} by {column.name}") as connection:
            rows = connection.execute(statement).all()
        yield from (_texts(table, columns, row, zone) for row in rows)


def _able(
    text: str, column: SqlColumn, zone: ZoneInfo | None, database: Database
) -> Iterator[object]:
    """The value behind a text, none if the column cannot hold it and so has no such row."""
    try:
        yield stored(text, column, zone, database.dialect)
    except Unfit:
        return


def tie_batches(
    database: Database,
    table: SqlTable,
    settings: TableObject,
    to_object: str,
    zone: ZoneInfo | None,
) -> Iterator[pa.RecordBatch]:
    """Every tie to one object that the column of the tie names, ASSOCIATION_COLUMNS."""
    tie, columns = settings.ties[to_object], [table.id, table.ties[to_object]]
    for part in batched(_rows(database, table, columns, zone, Account()), PAGE_ROWS):
        rows: list[Sequence[str | None]] = []
        for one, text in part:
            others = [other.strip() for other in (text or "").split(tie.separator) if other.strip()]
            for at, other in enumerate(others):
                primary = {"first": at == 0, "only": len(others) == 1, "all": True}.get(tie.primary)
                flag = "true" if primary else "false"
                rows.append((table.object, one, to_object, other, tie.label, None, flag, None))
        if rows:
            yield rows_batch(ASSOCIATION_COLUMNS, rows)
