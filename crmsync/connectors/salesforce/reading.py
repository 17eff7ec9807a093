"""Every live record of an object, complete or an error.

A query's answer can end early, lose its locator, or break off. It is complete if as many records
came as the query counted, and as many as COUNT() did; in doubt they are counted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from crmsync.connectors.base import CREATED_AT, ID, MODIFIED_AT
from crmsync.connectors.columns import own_names, text_array, text_batch
from crmsync.connectors.salesforce.api import Api, select
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.values import converter
from crmsync.errors import AnswerBroken, Refused

SYSTEM_FIELDS = {ID: "Id", CREATED_AT: "CreatedDate", MODIFIED_AT: "SystemModstamp"}
MASTER = "MasterRecordId"
RESTARTS = 1
PAGE_ROWS = (
    2_000  # of a query, at most: developer.salesforce.com, Query Options Header (read 2026-11)
)
Rows = list[dict[str, Any]]
Page = dict[str, Any]


def selected(fields: Sequence[str]) -> list[str]:
    """Fields of a SELECT, the system's first and none twice: Salesforce refuses a repeated one."""
    return list(dict.fromkeys((*SYSTEM_FIELDS.values(), *fields)))


@dataclass(slots=True)
class Progress:
    """How far a read is: ids that came, and how many records there should be."""

    told: int
    seen: set[str] = field(default_factory=set)


def read_pages(
    api: Api, object_: str, fields: Sequence[str], progress: Progress | None = None
) -> Iterator[Rows]:
    """Records with these fields, page by page and none twice; AnswerBroken if some are missing.

    Where others came before, by another way, only those not seen yet.
    """
    progress = progress or Progress(api.count(object_))
    soql = select(fields, object_)
    for rows, total in _with_restart(api, lambda: api.query(soql), progress.seen):
        progress.told = max(progress.told, total)
        if rows:
            yield rows
    demand_all(api, object_, progress)


def demand_all(api: Api, object_: str, progress: Progress) -> None:
    """AnswerBroken if fewer records came than there should be, and than there are."""
    read, told = len(progress.seen), progress.told
    if read < told and read < api.count(object_):
        raise AnswerBroken(f"{read} records came of {told}", where=object_)


def read_merged(api: Api, object_: str) -> Iterator[Rows]:
    """Deleted records that name the one they were merged into; AnswerBroken if some are missing.

    Only queryAll finds them: developer.salesforce.com, QueryAll (read 2026-11).
    """
    soql = select(["Id", MASTER], object_, f" WHERE IsDeleted = true AND {MASTER} != null")
    seen: set[str] = set()
    told = 0
    for rows, total in _with_restart(api, lambda: api.query_all(soql), seen):
        told = max(told, total)
        if rows:
            yield rows
    read = len(seen)
    if read < told:
        raise AnswerBroken(f"{read} merged records came of {told}", where=object_)


def read_found(
    api: Api, object_: str, fields: Sequence[str], where: str, *, archived: bool = False
) -> Iterator[Rows]:
    """Records that meet a condition, page by page and none twice; AnswerBroken if some are missing.

    Without `archived`, neither deleted nor archived ones are found, whatever the condition says.
    """
    soql = select(fields, object_, f" WHERE {where}" if where else "")
    first = api.query_all if archived else api.query
    seen: set[str] = set()
    told = 0
    for rows, total in _with_restart(api, lambda: first(soql), seen):
        told = max(told, total)
        if rows:
            yield rows
    read = len(seen)
    if read < told:
        raise AnswerBroken(f"{read} records came of {told}", where=object_)


def _with_restart(
    api: Api, first: Callable[[], Page], seen: set[str]
) -> Iterator[tuple[Rows, int]]:
    """Pages of records that were not seen yet, with the query's own count. A lost locator starts again, once.

    A locator can be gone at any page (idle, or the user's oldest of ten): developer.salesforce.com,
    QueryLocator (read 2026-11).
    """
    for restart in range(RESTARTS + 1):
        try:
            for rows, total in _pages(api, first):
                yield _unseen(rows, seen), total
        except Refused as refusal:
            if "INVALID_QUERY_LOCATOR" not in refusal.message:
                raise
            if restart == RESTARTS:
                raise AnswerBroken(
                    "the query's locator was lost twice", where=refusal.where, status=refusal.status
                ) from None
        else:
            return


def _unseen(rows: Rows, seen: set[str]) -> Rows:
    """The records of a page whose ids were not seen before; they are from now on."""
    fresh = {row["Id"]: row for row in rows if row["Id"] not in seen}
    seen.update(fresh)
    return list(fresh.values())


def _pages(api: Api, first: Callable[[], Page]) -> Iterator[tuple[Rows, int]]:
    page = first()
    while True:
        yield page["records"], int(page["totalSize"])
        if page["done"]:
            return
        page = api.more(page["nextRecordsUrl"])


def batch_maker(
    fields: Sequence[str],
    types: Mapping[str, str],
    ties: Mapping[str, Callable[[str], str | None]],
) -> Callable[[Rows | pa.RecordBatch], pa.RecordBatch]:
    """A function from the records of a page to a batch: system columns, then the fields asked for.

    A page is rows of REST, or columns by native name in wire-normal text. `ties` are functions from a
    record's id to the text of a field that is a tie.
    """
    names = {**SYSTEM_FIELDS, **{name: name for name in fields}}
    plan = [
        (column, name, converter(types[name])) for column, name in names.items() if name in types
    ]
    absent = [one for one, name in names.items() if name not in types and name not in ties]

    def batch(rows: Rows | pa.RecordBatch) -> pa.RecordBatch:
        if isinstance(rows, pa.RecordBatch):
            return _renamed(rows, names, ties)
        own = own_names([name for _, name, _ in plan], rows)
        columns = {
            column: convert([row[name] for row in rows])
            for name, (column, _, convert) in zip(own, plan, strict=True)
        }
        columns |= {name: [tie(id18(row["Id"])) for row in rows] for name, tie in ties.items()}
        columns |= {column: [None] * len(rows) for column in absent}
        return text_batch({column: columns[column] for column in names})

    return batch


def _renamed(
    page: pa.RecordBatch,
    names: Mapping[str, str],
    ties: Mapping[str, Callable[[str], str | None]],
) -> pa.RecordBatch:
    """Columns under the names of a batch, those that are ties or absent added."""

    def column(name: str) -> pa.Array:
        if name in page.schema.names:
            return page.column(name)
        if name in ties:
            return text_array([ties[name](id_) for id_ in page.column("Id").to_pylist()])
        return pa.nulls(page.num_rows, pa.string())

    return pa.RecordBatch.from_arrays([column(name) for name in names.values()], names=list(names))
