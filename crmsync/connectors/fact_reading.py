"""One source of facts, read or told why not: the same for every system.

| what happens | the fact is |
|---|---|
| the object is not there, or this credential may not read it or what it rests on | not read, and says why |
| the system does not answer, the day's calls are used up, rows are missing | incomplete, and says why |
| the credential itself is not accepted | AccessDenied, as everywhere |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from crmsync.connectors.facts import Fact
from crmsync.connectors.shapes import understood
from crmsync.errors import AccessDenied, AnswerBroken, Refused, TryLater, Unavailable

if TYPE_CHECKING:
    import pyarrow as pa

Columns: TypeAlias = tuple[str, ...]
Refusal: TypeAlias = Refused | AccessDenied


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source of facts is kept, and how it is called in errors; `columns` are all it can have."""

    table: str
    columns: Columns
    where: str
    since: str = ""


def left_out(place: Place, why: str) -> Fact:
    """The fact of a source that was not asked for, or may not be read."""
    return Fact(place.table, place.columns, iter(()), unread=why)


def read_fact(
    place: Place,
    read: Callable[[], tuple[Columns, Iterator[pa.RecordBatch]]],
    reason: Callable[[Refusal], str] = lambda refusal: refusal.message,
) -> Fact:
    """The fact of one source; its first batch is read.

    `read` gives the columns there are and the batches; `reason` says in words for people why it may not be
    read, and raises for what is no gap but an error.
    """
    try:
        with understood(place.where):
            columns, batches = read()
            first = next(batches, None)
            opened = batches if first is None else chain([first], batches)
        return Fact(place.table, columns, _to_the_end(opened, place.where), place.since)
    except (Refused, AccessDenied) as refusal:
        if _is_credential(refusal):
            raise
        return left_out(place, reason(refusal))
    except (AnswerBroken, Unavailable, TryLater) as problem:
        batches = _breaks(problem.message, place.where)
        return Fact(place.table, place.columns, batches, place.since)


def _is_credential(refusal: Refusal) -> bool:
    """True if nothing at all may be read: any other 401 would have been renewed."""
    return isinstance(refusal, AccessDenied) and "(403)" not in refusal.message


def _to_the_end(batches: Iterator[pa.RecordBatch], where: str) -> Iterator[pa.RecordBatch]:
    """The batches; whatever ends them early is AnswerBroken, so that what came is kept as incomplete."""
    try:
        with understood(where):
            yield from batches
    except (Refused, AccessDenied, Unavailable, TryLater) as problem:
        if isinstance(problem, AccessDenied) and _is_credential(problem):
            raise
        raise AnswerBroken(problem.message, where=where) from problem


def _breaks(message: str, where: str) -> Iterator[pa.RecordBatch]:
    """No batch, and the error in the place where batches are taken."""
    yield from ()
    raise AnswerBroken(message, where=where)
