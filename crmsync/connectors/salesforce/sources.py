"""Reads one source of facts: an object of the org whose rows are told in columns that are the same everywhere.

| what happens | the fact is |
|---|---|
| the object is not there, or this user may not read it or what it rests on | not read, and says why |
| a field is hidden | without the columns made of it |
| the org does not answer, the day's calls are used up, rows are missing | incomplete, and says why |
| the credential itself is not accepted | AccessDenied, as everywhere |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pyarrow as pa

from crmsync.connectors.columns import text_batch
from crmsync.connectors.facts import Fact
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.reading import read_found
from crmsync.connectors.shapes import understood
from crmsync.errors import AccessDenied, AnswerBroken, Refused, TryLater, Unavailable

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


def left_out(table: str, columns: tuple[Column, ...], why: str) -> Fact:
    """The fact of a source that was not asked for."""
    return Fact(table, tuple(column.name for column in columns), iter(()), unread=why)


def read_source(org: Org, source: Source) -> Iterator[Fact]:
    """The fact of one source; none for an optional object that is not there. Its first page is read."""
    try:
        with understood(source.object):
            yield _opened(org, source)
    except (Refused, AccessDenied) as refusal:
        if _is_credential(refusal):
            raise
        if not (source.optional and _is_not_there(refusal)):
            yield left_out(source.table, source.columns, refusal.message)
    except (AnswerBroken, Unavailable, TryLater) as problem:
        yield _fact(source, source.columns, _breaks(problem.message, source))


def _is_credential(refusal: Refused | AccessDenied) -> bool:
    """True if nothing at all may be read: any other 401 would have been renewed."""
    return isinstance(refusal, AccessDenied) and "(403)" not in refusal.message


def _is_not_there(refusal: Refused | AccessDenied) -> bool:
    return any(code in refusal.message for code in ("NOT_FOUND", "INVALID_TYPE"))


def _opened(org: Org, source: Source) -> Fact:
    visible = frozenset(one["name"] for one in org.describe(source.object)["fields"])
    hidden = [name for name in source.needs if name not in visible]
    if hidden:
        why = f"{source.object}: field-level security hides {', '.join(hidden)}"
        return left_out(source.table, source.columns, why)
    columns = tuple(each for each in source.columns if _is_shown(each, source, visible))
    batches = _batches(org.api, source, columns, visible)
    first = next(batches, None)
    opened = batches if first is None else chain([first], batches)
    return _fact(source, columns, _to_the_end(opened, source))


def _fact(source: Source, columns: tuple[Column, ...], batches: Iterator[pa.RecordBatch]) -> Fact:
    return Fact(source.table, tuple(each.name for each in columns), batches, source.since)


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


def _to_the_end(batches: Iterator[pa.RecordBatch], source: Source) -> Iterator[pa.RecordBatch]:
    """The batches; whatever ends them early is AnswerBroken, so that what came is kept as incomplete."""
    try:
        with understood(source.object):
            yield from batches
    except (Refused, Unavailable, TryLater) as problem:
        raise AnswerBroken(problem.message, where=source.object) from problem


def _breaks(message: str, source: Source) -> Iterator[pa.RecordBatch]:
    """No batch, and the error in the place where batches are taken."""
    yield from ()
    raise AnswerBroken(message, where=source.object)
