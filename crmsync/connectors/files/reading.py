"""Batches of wire-normal text out of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pyarrow as pa

from crmsync.connectors.base import ASSOCIATION_COLUMNS, SYSTEM_COLUMNS
from crmsync.connectors.batches import batched
from crmsync.connectors.columns import rows_batch, text_batch
from crmsync.connectors.files.naming import TieColumn
from crmsync.connectors.files.records import Account, body, unique
from crmsync.connectors.files.sources import Row, file_problem
from crmsync.connectors.files.tables import Convert, FileTable, convert_of, split
from crmsync.errors import ConfigInvalid, Problem

Way: TypeAlias = tuple[int, Convert | None]
"""Where the cells of a field are, and what makes them wire-normal."""

BATCH_ROWS = 5_000
ROW_ID = "row-"
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")


def read_batches(
    table: FileTable, fields: Sequence[str], zone: ZoneInfo | None, account: Account
) -> Iterator[pa.RecordBatch]:
    """Every record once, in the order of the file; rows that are none are counted in `account`.

    ConfigInvalid if a field can be read in two ways, or could be one of two columns.
    """
    if problems := unclear(table, fields):
        raise ConfigInvalid(problems[:1])
    stamps = (table.created, table.modified)
    named = filter(None, (*stamps, *fields))
    ways = {name: (table.cells[name].column.index, convert_of(table, name, zone)) for name in named}
    for part in batched(records(table, zone, account), BATCH_ROWS):
        rows = [cells for _, (_, cells) in part]
        ids = [one for one, _ in part]
        times = [_times(ways.get(name), rows) for name in stamps]
        cells = [_column(ways[name], rows) for name in fields]
        yield text_batch(dict(zip((*SYSTEM_COLUMNS, *fields), (ids, *times, *cells), strict=True)))


def records(table: FileTable, zone: ZoneInfo | None, account: Account) -> Iterator[tuple[str, Row]]:
    """(id, row) of every record. Without an id column, ids are `row-` and the number of the row."""
    rows = body(table.source, table.header, account)
    if not table.id:
        return ((f"{ROW_ID}{row[0]}", row) for row in rows)
    return unique(_identified(table, rows, zone, account), account)


def _identified(
    table: FileTable, rows: Iterator[Row], zone: ZoneInfo | None, account: Account
) -> Iterator[tuple[str, Row]]:
    index, convert = table.cells[table.id].column.index, convert_of(table, table.id, zone)
    for row in rows:
        one = (row[1][index] or "").strip()
        if one:
            yield convert(one) if convert else one, row
        else:
            account.add("nameless", row[0])


def unclear(table: FileTable, fields: Sequence[str]) -> list[Problem]:
    """What is wrong with columns of these fields that can be read in two ways, or that could be one of two."""
    names = dict.fromkeys((table.id, table.modified, table.created, *fields))
    found = (_doubt(table, name) for name in names)
    return [problem for each in found if each is not None for problem in each.problems]


def _doubt(table: FileTable, name: str) -> ConfigInvalid | None:
    cell = table.cells.get(name)
    if cell is None:
        return None
    if cell.clash:
        message = f"{table.source.shown}: '{name}' may be {cell.clash}"
        remedy = f"say which one: `columns: {{{name}: ...}}` in {table.place}"
        return file_problem(message, remedy, table.place)
    if cell.reading.doubt:
        message = f"{table.source.shown}: column '{cell.column.header}': {cell.reading.doubt}"
        remedy = f"declare `dates:` (ymd, dmy, mdy) or `decimal:` ('.' or ',') in {table.place}"
        return file_problem(message, remedy, table.place)
    return None


def _column(way: Way, rows: Sequence[Sequence[str | None]]) -> list[str | None]:
    index, convert = way
    cells = [row[index] if index < len(row) else None for row in rows]
    return [cell and convert(cell) for cell in cells] if convert else cells


def _times(way: Way | None, rows: Sequence[Sequence[str | None]]) -> list[str | None]:
    """Instants; blank where a day or a time without a zone is all there is."""
    cells = _column(way, rows) if way else [None] * len(rows)
    return [cell if cell and _INSTANT.fullmatch(cell) else None for cell in cells]


def tie_batches(
    table: FileTable, to_object: str, zone: ZoneInfo | None, account: Account
) -> Iterator[pa.RecordBatch]:
    """Every tie to one object, ASSOCIATION_COLUMNS."""
    ties = [tie for tie in table.ties if tie.to_object == to_object]
    for part in batched(records(table, zone, account), BATCH_ROWS):
        rows = [tied for one, (_, cells) in part for tied in _ties_of(table, ties, one, cells)]
        if rows:
            yield rows_batch(ASSOCIATION_COLUMNS, rows)


def _ties_of(
    table: FileTable, ties: Sequence[TieColumn], one: str, cells: Sequence[str | None]
) -> list[tuple[str | None, ...]]:
    """A row for each other record; where two columns name it, it is primary if one of them says so."""
    found: dict[tuple[str, str], bool] = {}
    for tie in ties:
        index = tie.column.index
        others = split(cells[index] if index < len(cells) else None, tie.setting.separator)
        for at, other in enumerate(others):
            key = (other, tie.setting.label)
            found[key] = found.get(key, False) or _leads(tie, at, len(others), len(ties))
    return [
        (
            table.object,
            one,
            ties[0].to_object,
            other,
            label,
            None,
            "true" if first else "false",
            None,
        )
        for (other, label), first in found.items()
    ]


def _leads(tie: TieColumn, at: int, count: int, columns: int) -> bool:
    rule = tie.setting.primary
    if rule == "only":  # a second column says which one leads
        return count == 1 and columns == 1
    return rule == "all" or (rule == "first" and at == 0)
