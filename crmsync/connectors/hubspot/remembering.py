"""What one connector keeps from one verb for another: ids for ties, and what came and went lately for the count.

Ids are kept as columns of text, 16 bytes each: those of a million records are no matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from crmsync.connectors.abilities import Changes, Gone, Known, OnlyWhole
from crmsync.connectors.columns import text_array
from crmsync.connectors.hubspot import changes
from crmsync.connectors.hubspot.api import PAGE_SIZE, Api
from crmsync.connectors.hubspot.reading import read_pages
from crmsync.connectors.hubspot.schemas import ID_PROPERTY
from crmsync.connectors.hubspot.searching import CATCH_UP_S, Lately, count_now
from crmsync.connectors.hubspot.unstamped import why_whole
from crmsync.language import _

# 100 calls in ten seconds: the least that a portal allows, HubSpot usage guidelines (read 2026-11)
_CALLS_A_SECOND = 10
Ids = Callable[[], Iterable[pa.Array]]


@dataclass(slots=True)
class Memory:
    """One portal's objects, as far as this connector has read them."""

    api: Api
    known: dict[str, Known] = field(default_factory=dict)
    went: dict[str, frozenset[str]] = field(default_factory=dict)
    _ids: dict[str, Ids] = field(default_factory=dict)
    _lately: dict[str, Lately] = field(default_factory=dict)
    _counted: dict[str, int] = field(default_factory=dict)
    _asked: set[tuple[str, str]] = field(default_factory=set)

    def keep_ids(self, object_: str, ids: Sequence[pa.Array]) -> None:
        """These are the ids of every record of an object, from a read that ended; not of those who went meanwhile."""
        went = self.went.get(object_)
        self._ids[object_] = lambda: (without(each, went) for each in ids) if went else ids

    def ids(self, object_: str) -> Iterator[pa.Array]:
        """Ids of every record, of the last read; listed, 100 a call, if there was none."""
        if object_ in self._ids:
            yield from self._ids[object_]()
            return
        for page in read_pages(self.api, object_, [ID_PROPERTY]):
            yield text_array([str(record["id"]) for record in page])

    def lately(self, object_: str) -> Lately:
        """Who went and came lately, as far as this connector has heard."""
        return self._lately.get(object_, Lately())

    def gone(self, object_: str, since: str) -> Gone:
        """What was archived since a cursor."""
        self._lately[object_], told = changes.gone_since(self.api, object_, since)
        return told

    def count(self, object_: str) -> int:
        """How many live records there are, by a search; one more for 120 that came or went lately."""
        self._counted[object_] = count_now(self.api, object_, self.lately(object_))
        return self._counted[object_]

    def changes(
        self,
        object_: str,
        fields: Sequence[str],
        types: Mapping[str, str],
        since: str,
        worked_out: frozenset[str],
    ) -> Changes | OnlyWhole:
        """What changed since a cursor; who asks again for the same may wait until search has caught up."""
        known = self.known.get(object_)
        why = why_whole(object_, fields, worked_out, ties_known=known is not None)
        if why:
            return OnlyWhole(why)
        self._wait_for_search(object_, since)
        found = changes.changes_since(self.api, object_, fields, types, since, known)
        if isinstance(found, OnlyWhole):
            return found
        reading, told = found
        self._lately[object_] = reading.lately
        if known is not None:
            self._ids[object_] = reading.ids
        return told

    def _wait_for_search(self, object_: str, since: str) -> None:
        """Waits before a second look, unless listing all records takes no longer."""
        takes_s = pages_of(self._counted.get(object_, 0)) / _CALLS_A_SECOND
        if (object_, since) in self._asked and takes_s > CATCH_UP_S:
            self.api.calls.wait(CATCH_UP_S, _("search to find what was just written"))
        self._asked.add((object_, since))


def without(ids: pa.Array, went: frozenset[str]) -> pa.Array:
    """A column of ids without these."""
    return text_array([one for one in ids.to_pylist() if one not in went])


def in_parts(ids: Iterable[pa.Array], size: int) -> Iterator[list[str]]:
    """The ids in pieces of `size`, however long the columns are that they come in."""
    waiting: list[str] = []
    for column in ids:
        waiting += column.to_pylist()
        while len(waiting) >= size:
            yield waiting[:size]
            waiting = waiting[size:]
    if waiting:
        yield waiting


def pages_of(rows: int) -> int:
    """How many calls it takes to list so many records."""
    return max(-(-rows // PAGE_SIZE), 1)
