"""Records of an object: every live one by list pages, or some by id.

List pages name properties in the URL, which may have about 8 KB; what does not fit is read by id
for each page, where names travel in the body: developers.hubspot.com, Error handling, 414
(read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import pyarrow as pa

from crmsync.connectors.ahead import ahead
from crmsync.connectors.base import ASSOCIATION_PREFIX, CREATED_AT, ID, MODIFIED_AT, Cells
from crmsync.connectors.batches import chunks
from crmsync.connectors.columns import own_names, text_batch
from crmsync.connectors.hubspot.accounted import (
    all_accounted,
    checked_results,
    missing,
    says_gone,
    unseen,
)
from crmsync.connectors.hubspot.api import BATCH_SIZE, Api
from crmsync.connectors.hubspot.doubts import Doubts, swallowed
from crmsync.connectors.hubspot.schemas import ID_PROPERTY, MERGEABLE, MERGED_PROPERTY
from crmsync.connectors.hubspot.searching import Lately
from crmsync.connectors.hubspot.tie_pages import read_ties
from crmsync.connectors.hubspot.ties import tie_cells, ties_of
from crmsync.connectors.hubspot.values import CONVERTERS, converter, instants
from crmsync.errors import Refused

LONGEST_NAMES = 6000
_PAGES_A_TIE_READ = 10
Record = dict[str, Any]


def split_names(names: Sequence[str], longest: int = LONGEST_NAMES) -> tuple[list[str], list[str]]:
    """Names that fit into a URL, and the rest."""
    used, at = 0, 0
    while at < len(names) and used + len(names[at]) + 1 <= longest:
        used += len(names[at]) + 1  # and a comma
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
    told = [MERGED_PROPERTY] if object_ in MERGEABLE and not id_property else []
    wanted = list(dict.fromkeys([*names, id_property or ID_PROPERTY, *told]))

    def ask(part: Sequence[str]) -> tuple[list[Record], Collection[str] | None]:
        return _asked(api, object_, part, wanted, id_property)

    for found in all_accounted(ids, str, ask):
        yield from unseen(found, seen)


def _asked(
    api: Api, object_: str, ids: Sequence[str], names: Sequence[str], id_property: str
) -> tuple[list[Record], Collection[str] | None]:
    """Records that one call finds, and whom its answer is about.

    If all are gone it is 207 (recorded 2024) or 404 (reported), which is asked for twice: it names nobody.
    A record that answers under an id nobody asked for was merged, and tells whom it swallowed; if it does not,
    nobody can say for whom it answers.
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
    absent, spoken = missing(answer), _spoken_of(results, ids, id_property)
    return results, None if absent is None or spoken is None else {*spoken, *absent}


def _spoken_of(
    results: Sequence[Record], ids: Sequence[str], id_property: str
) -> Collection[str] | None:
    """Those of some ids that these records answer for: their own, and whom they swallowed. None if one does not say."""
    wanted, found = {one.lower() for one in ids}, set[str]()
    for record in results:
        names = {_asked_id(record, id_property), *(() if id_property else swallowed(record))}
        if not names & wanted:
            return None
        found |= names
    return found


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

    However many fields there are, ties to one object are read once: a call for 1,000 records. Records with more than
    500 are read until two reads say the same, at least twice, with a call for each further 500 ties of the record that
    has most.
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
    # Of all other columns `text_batch` sees to blanks, and to what is no text.
    plan = {name: convert for name in fields if (convert := CONVERTERS.get(types[name]))}
    plain = [name for name in fields if not name.startswith(ASSOCIATION_PREFIX)]

    def batch(records: Sequence[Record], ties: Mapping[str, list[str | None]]) -> pa.RecordBatch:
        columns: dict[str, list[str | None]] = {
            ID: [str(record["id"]) for record in records],
            CREATED_AT: instants([record.get("createdAt") for record in records]),
            MODIFIED_AT: instants([record.get("updatedAt") for record in records]),
        }
        told = _columns([record["properties"] for record in records], plain)
        for name in fields:
            columns[name] = ties[name] if name in ties else told[name]
        columns |= {name: convert(told[name]) for name, convert in plan.items() if name in told}
        return text_batch(columns, empty_too=True)

    return batch


def _columns(cells: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    """The values of these properties by name; None where a record has none of that name."""
    if len(names) > 1:
        try:
            rows = map(itemgetter(*own_names(names, cells)), cells)
            return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        except KeyError:
            pass
    return {name: [one.get(name) for one in cells] for name in names}


def read_batches(
    api: Api, object_: str, fields: Sequence[str], types: Mapping[str, str], doubts: Doubts
) -> Iterator[pa.RecordBatch]:
    """Every live record once, a batch a page; AnswerBroken if records or properties are missing in the end.

    Ties are asked for ten pages at a time, 1,000 records. All calls are made some pages ahead. `doubts` know in the
    end which of the records given went meanwhile.
    """
    batch = batch_maker(fields, types)
    for page, ties in ahead(_tied_pages(api, object_, fields, doubts), _PAGES_AHEAD):
        yield batch(page, ties)


_PAGES_AHEAD = 16
"""A page of 100 records takes a millisecond or two, and the snapshot stops now and then for fifty to write many."""
Tied = tuple[list[Record], dict[str, list[str | None]]]
"""Records, and the columns of them that are ties."""


def _tied_pages(api: Api, object_: str, fields: Sequence[str], doubts: Doubts) -> Iterator[Tied]:
    """Pages of records, none twice, and the columns that are ties.

    Ties are asked for later than values, and who was merged in between has none any more: so the survivors of
    that time are asked for at the end.
    """
    ties = ties_of(object_, fields)
    pages = doubts.fresh(read_pages(api, object_, doubts.asked))
    for group in _groups(pages, _PAGES_A_TIE_READ if ties else 1):
        yield from _with_ties(api, object_, fields, group)

    def by_id(ids: Sequence[str]) -> Mapping[str, Record]:
        return records_by_id(api, object_, ids, doubts.asked)

    late = doubts.fresh([list(by_id(doubts.survivors()).values())] if ties else [])
    yield from _with_ties(api, object_, fields, list(late))
    doubts.demand_names()
    for page in doubts.settle(by_id):
        yield from _with_ties(api, object_, fields, [page])


def _with_ties(
    api: Api, object_: str, fields: Sequence[str], group: Sequence[list[Record]]
) -> Iterator[Tied]:
    has_ties = bool(ties_of(object_, fields))
    ids = [str(one["id"]) for page in group for one in page] if has_ties else []
    columns = tie_columns(api, object_, ids, fields)
    start = 0
    for page in group:
        end = start + len(page)
        yield page, {name: column[start:end] for name, column in columns.items()}
        start = end


def doubts_of(
    api: Api, object_: str, fields: Sequence[str], types: Mapping[str, str], lately: Lately
) -> Doubts:
    """What a read that begins now has to be sure of. Whom a record swallowed is asked for in any case."""
    ties = ties_of(object_, fields)
    names = [name for name in fields if name not in ties]
    merged = [MERGED_PROPERTY] if MERGED_PROPERTY in types else []
    asked = list(dict.fromkeys([*names, *merged]))
    return Doubts(api, object_, asked, api.calls.clock(), lately)


def _groups(pages: Iterator[list[Record]], size: int) -> Iterator[list[list[Record]]]:
    group: list[list[Record]] = []
    for page in pages:
        group.append(page)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
