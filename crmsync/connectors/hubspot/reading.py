"""Records of an object: every live one by list pages, or some by id.

List pages name properties in the URL, which may have about 8 KB; what does not fit is read by id
for each page, where names travel in the body: developers.hubspot.com, Error handling, 414
(read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

import pyarrow as pa

from crmsync.connectors.ahead import ahead
from crmsync.connectors.base import ASSOCIATION_PREFIX, CREATED_AT, ID, MODIFIED_AT, Cells
from crmsync.connectors.batches import chunks
from crmsync.connectors.columns import text_batch
from crmsync.connectors.hubspot.accounted import (
    all_accounted,
    checked_results,
    missing,
    says_gone,
    unseen,
)
from crmsync.connectors.hubspot.api import BATCH_SIZE, Api
from crmsync.connectors.hubspot.schemas import ID_PROPERTY
from crmsync.connectors.hubspot.searching import CATCH_UP_S, Lately, count_now, created_before
from crmsync.connectors.hubspot.ties import read_ties, tie_cells, ties_of
from crmsync.connectors.hubspot.values import converter, instants
from crmsync.errors import AnswerBroken, Refused
from crmsync.language import _

LONGEST_NAMES = 6000
_PAGES_A_TIE_READ = 10
Record = dict[str, Any]


def split_names(names: Sequence[str], longest: int = LONGEST_NAMES) -> tuple[list[str], list[str]]:
    """Names that fit into a URL, and the rest."""
    used, at = 0, 0
    while at < len(names) and used + len(names[at]) + 3 <= longest:
        used += len(names[at]) + 3  # a comma is three characters there
        at += 1
    return list(names[:at]), list(names[at:])


def read_pages(api: Api, object_: str, names: Sequence[str]) -> Iterator[list[Record]]:
    """Live records with these properties. A record that goes away in between is left out."""
    listed, rest = split_names(names)
    for page in api.pages(object_, listed or [ID_PROPERTY]):
        yield _joined(api, object_, page, rest) if rest else page


def _joined(api: Api, object_: str, page: list[Record], rest: Sequence[str]) -> list[Record]:
    more = records_by_id(api, object_, [record["id"] for record in page], rest)
    return [
        record | {"properties": more[record["id"]]["properties"] | record["properties"]}
        for record in page
        if record["id"] in more
    ]


def records_by_id(
    api: Api, object_: str, ids: Sequence[str], names: Sequence[str], id_property: str = ""
) -> dict[str, Record]:
    """Records by their own id, those that are gone left out. An id given twice is asked once,
    since HubSpot refuses a batch that repeats one."""
    found: dict[str, Record] = {}
    for part in chunks(list(dict.fromkeys(ids)), BATCH_SIZE):
        found |= {str(one["id"]): one for one in _batch(api, object_, part, names, id_property)}
    return found


def _batch(
    api: Api, object_: str, ids: Sequence[str], names: Sequence[str], id_property: str
) -> Iterator[Record]:
    """Records of one batch, none twice."""
    seen: set[str] = set()
    wanted = list(dict.fromkeys([*names, id_property or ID_PROPERTY]))

    def ask(part: Sequence[str]) -> tuple[list[Record], Collection[str] | None]:
        return _asked(api, object_, part, wanted, id_property)

    for found in all_accounted(ids, str, ask):
        yield from unseen(found, seen)


def _asked(
    api: Api, object_: str, ids: Sequence[str], names: Sequence[str], id_property: str
) -> tuple[list[Record], Collection[str] | None]:
    """Records that one call finds, and whom its answer is about.

    If all are gone it is 207 (recorded 2024) or 404 (reported), which is asked for twice: it names nobody.
    A record that answers under an id nobody asked for was merged, and does not say which of them it was.
    """
    for attempt in range(2):
        try:
            answer = api.batch_read(object_, ids, names, id_property)
            break
        except Refused as refusal:
            if not says_gone(refusal):
                raise
            if attempt:
                return [], None
    results = checked_results(answer, object_)
    found = {_asked_id(one, id_property) for one in results}
    absent = missing(answer)
    strange = not found <= {one.lower() for one in ids}
    return results, None if strange or absent is None else {*found, *absent}


def _asked_id(record: Record, id_property: str) -> str:
    """The id a record was asked for by."""
    one = record["properties"].get(id_property) if id_property else record["id"]
    return str(one).lower()


def get_cells(
    api: Api, object_: str, ids: Sequence[str], fields: Sequence[str], types: Mapping[str, str]
) -> dict[str, Cells]:
    """Cells by the id asked for. A merged record answers under another id, so it counts as gone."""
    ties = ties_of(object_, fields)
    names = [name for name in fields if name not in ties]
    found = records_by_id(api, object_, ids, names)
    live = [one for one in dict.fromkeys(ids) if one in found]
    columns = {
        name: converter(types[name])([found[one]["properties"].get(name) for one in live])
        for name in names
    }
    columns |= tie_columns(api, object_, live, fields)
    return {one: {name: columns[name][at] for name in fields} for at, one in enumerate(live)}


def tie_columns(
    api: Api, object_: str, ids: Sequence[str], fields: Sequence[str]
) -> dict[str, list[str | None]]:
    """Columns of the fields that are ties, for these records in their order.

    However many fields there are, ties to one object are read once: a call for 1,000 records, and
    one more for each further 500 ties of the record that has most.
    """
    ties = ties_of(object_, fields)
    columns: dict[str, list[str | None]] = {}
    for to_object in dict.fromkeys(tie.to_object for tie in ties.values()):
        held = list(read_ties(api, object_, to_object, ids))
        for name, tie in ties.items():
            if tie.to_object == to_object:
                cells = tie_cells(tie, held)
                columns[name] = [cells.get(one) for one in ids]
    return columns


def batch_maker(
    fields: Sequence[str], types: Mapping[str, str]
) -> Callable[[Sequence[Record], Mapping[str, list[str | None]]], pa.RecordBatch]:
    """A function from records and their ties to a batch: system columns, then the fields."""
    plan = {name: converter(types[name]) for name in fields}
    plain = [name for name in fields if not name.startswith(ASSOCIATION_PREFIX)]

    def batch(records: Sequence[Record], ties: Mapping[str, list[str | None]]) -> pa.RecordBatch:
        columns: dict[str, list[str | None]] = {
            ID: [str(record["id"]) for record in records],
            CREATED_AT: instants([record.get("createdAt") for record in records]),
            MODIFIED_AT: instants([record.get("updatedAt") for record in records]),
        }
        told = _columns([record["properties"] for record in records], plain)
        for name, convert in plan.items():
            columns[name] = ties[name] if name in ties else convert(told[name])
        return text_batch(columns)

    return batch


def _columns(cells: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    """The values of these properties by name; None where a record has none of that name."""
    if len(names) > 1:
        try:
            rows = map(itemgetter(*names), cells)
            return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        except KeyError:
            pass
    return {name: [one.get(name) for one in cells] for name in names}


def read_batches(
    api: Api, object_: str, fields: Sequence[str], types: Mapping[str, str], lately: Lately
) -> Iterator[pa.RecordBatch]:
    """Every live record once, a batch a page; AnswerBroken if records or properties are missing in the end.

    Ties are asked for ten pages at a time, 1,000 records. All calls are made a page ahead. Search may still count
    those who went `lately`.
    """
    batch = batch_maker(fields, types)
    for page, ties in ahead(_tied_pages(api, object_, fields, lately)):
        yield batch(page, ties)


def _tied_pages(
    api: Api, object_: str, fields: Sequence[str], lately: Lately
) -> Iterator[tuple[list[Record], dict[str, list[str | None]]]]:
    """Pages of records, none twice, and the columns that are ties."""
    ties = ties_of(object_, fields)
    names = [name for name in fields if name not in ties]
    doubts = Doubts(api, object_, names, api.calls.clock(), lately)
    pages = doubts.fresh(read_pages(api, object_, names))
    for group in _groups(pages, _PAGES_A_TIE_READ if ties else 1):
        columns = tie_columns(api, object_, [str(r["id"]) for page in group for r in page], fields)
        start = 0
        for page in group:
            end = start + len(page)
            yield page, {name: column[start:end] for name, column in columns.items()}
            start = end
    doubts.demand_names()
    doubts.demand_all()


@dataclass(slots=True)
class Doubts:
    """What speaks against a read: too few records, and properties that no record of a page had."""

    api: Api
    object: str
    names: Sequence[str]
    begun: datetime
    lately: Lately = field(default_factory=Lately)
    seen: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)

    def fresh(self, pages: Iterable[list[Record]]) -> Iterator[list[Record]]:
        """The pages without records that came before."""
        for page in pages:
            self.note(page)
            told = {str(record["id"]): record for record in page}
            fresh = [record for one, record in told.items() if one not in self.seen]
            self.seen.update(told)
            if fresh:
                yield fresh

    def note(self, page: Sequence[Record]) -> None:
        """Notes which properties no record of a page had, not even as a blank."""
        self.absent.update(
            name for name in self.names if all(name not in each["properties"] for each in page)
        )

    def demand_names(self) -> None:
        """AnswerBroken if a property was archived meanwhile: no value would look like a blank one.

        An empty property is null, one there is not is left out: measured on a portal, 2026-08.
        """
        if self.absent:
            there = {one["name"] for one in self.api.properties(self.object)}
            gone = ", ".join(sorted(self.absent - there))
            if gone:
                raise AnswerBroken(f"archived while it was read: {gone}", where=self.object)

    def demand_all(self) -> None:
        """AnswerBroken if fewer records came than search counts, of those made before it began.

        What was archived or merged a moment ago is counted still, so in doubt it is counted again later.
        """
        for waits in (True, False):
            before = created_before(self.object, self.begun)
            told = count_now(self.api, self.object, self.lately, before)
            if len(self.seen) >= told:
                return
            if waits:
                self.api.calls.wait(CATCH_UP_S, _("search to find what was just written"))
        raise AnswerBroken(f"{len(self.seen)} records came of {told}", where=self.object)


def _groups(pages: Iterator[list[Record]], size: int) -> Iterator[list[list[Record]]]:
    group: list[list[Record]] = []
    for page in pages:
        group.append(page)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
