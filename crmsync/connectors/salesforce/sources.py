"""Reads one source of facts: an object of the org whose rows are told in columns that are the same everywhere.

What may not be read says so, a field that is hidden takes the columns made of it along: `fact_reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from crmsync.connectors import fact_reading
from crmsync.connectors.columns import text_batch
from crmsync.connectors.facts import Fact
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.reading import read_found
from crmsync.errors import AccessDenied, Refused

Row = dict[str, Any]
Rows = list[Row]
Texts = list[str | None]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the names it is made of, and how; `make` takes a list of values for each of them."""

    name: str
    inputs: tuple[str, ...]
    make: Callable[..., Texts]


@dataclass(frozen=True, slots=True)
class Source:
    """An object whose rows fill a side table.

    `asks` are the fields asked for where this user sees them, `needs` those without which nothing can be said.
    `where` gives the condition for the fields there are. `unfold` makes rows of the table of the rows of a page.
    `archived` rows are asked for, too. An `optional` object that is not there is no fact at all.
    """

    table: str
    object: str
    columns: tuple[Column, ...]
    asks: tuple[str, ...]
    needs: tuple[str, ...]
    where: Callable[[frozenset[str]], str] = lambda _visible: ""
    since: str = ""
    archived: bool = False
    optional: bool = False
    unfold: Callable[[Rows], Rows] = field(default=lambda rows: rows)


@dataclass(frozen=True, slots=True)
class Org:
    """What a source is read from: calls, and what describe says of an object."""

    api: Api
    describe: Callable[[str], Mapping[str, Any]]


def left_out(source: Source, why: str) -> Fact:
    """The fact of a source that was not asked for."""
    return fact_reading.left_out(_place(source), why)


def read_source(org: Org, source: Source) -> Iterator[Fact]:
    """The fact of one source; none for an optional object that is not there. Its first page is read."""
    try:
        yield fact_reading.read_fact(_place(source), lambda: _opened(org, source), _reason(source))
    except _NotThere:
        return


class _NotThere(Exception):
    """An optional object is not there."""


def _place(source: Source) -> fact_reading.Place:
    names = tuple(column.name for column in source.columns)
    return fact_reading.Place(source.table, names, source.object, source.since)


def _reason(source: Source) -> Callable[[Refused | AccessDenied], str]:
    def reason(refusal: Refused | AccessDenied) -> str:
        if source.optional and _is_not_there(refusal):
            raise _NotThere from refusal
        return refusal.message

    return reason


def _is_not_there(refusal: Refused | AccessDenied) -> bool:
    return any(code in refusal.message for code in ("NOT_FOUND", "INVALID_TYPE"))


def _opened(org: Org, source: Source) -> tuple[tuple[str, ...], Iterator[pa.RecordBatch]]:
    visible = frozenset(one["name"] for one in org.describe(source.object)["fields"])
    hidden = [name for name in source.needs if name not in visible]
    if hidden:
        why = f"{source.object}: field-level security hides {', '.join(hidden)}"
        raise Refused(why, where=source.object)
    columns = tuple(each for each in source.columns if _is_shown(each, source, visible))
    names = tuple(each.name for each in columns)
    return names, _batches(org.api, source, columns, visible)


def _is_shown(column: Column, source: Source, visible: frozenset[str]) -> bool:
    """True unless a column is made of fields all of which are hidden."""
    asked = set(column.inputs) & set(source.asks)
    return not asked or bool(asked & visible)


def _batches(
    api: Api, source: Source, columns: tuple[Column, ...], visible: frozenset[str]
) -> Iterator[pa.RecordBatch]:
    asked = [name for name in source.asks if name in visible]
    where = source.where(visible)
    for page in read_found(api, source.object, asked, where, archived=source.archived):
        rows = source.unfold(page)
        if rows:
            yield _batch(columns, rows)


def _batch(columns: tuple[Column, ...], rows: Rows) -> pa.RecordBatch:
    names = {name for column in columns for name in column.inputs}
    cells = {name: [row.get(name) for row in rows] for name in names}
    return text_batch({each.name: each.make(*(cells[n] for n in each.inputs)) for each in columns})
