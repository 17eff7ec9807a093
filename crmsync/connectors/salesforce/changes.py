"""What changed in an object since a cursor, by the org's own clock.

| asked | tells |
|---|---|
| getDeleted since the cursor | what went; the next cursor; whether deletions are lost |
| queryAll by SystemModstamp, from 15 minutes before | what was made, edited or undeleted; what is in the bin |

The cursor is getDeleted's `latestDateCovered`: never past a transaction that is still open, so what commits late
with an older stamp is read next time. Pages are not kept open: each is a query of its own that goes on after the
last (SystemModstamp, Id), so thousands of records of one stamp are neither lost nor read for ever, and a lost
locator is no matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa

from crmsync.connectors.abilities import GONE_COLUMNS, Changes, Gone, OnlyWhole
from crmsync.connectors.columns import rows_batch
from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.reading import (
    MASTER,
    PAGE_ROWS,
    SYSTEM_FIELDS,
    Page,
    Rows,
    batch_maker,
)
from crmsync.connectors.salesforce.values import instant
from crmsync.connectors.shapes import each_understood, understood
from crmsync.errors import AnswerBroken, Refused
from crmsync.language import N_, _

STAMP, DELETED = "SystemModstamp", "IsDeleted"
# What a long transaction wrote is seen late and stamped early: airbyte issue 27146 (read 2026-11). Our cursor
# stays behind what is open when it is taken; the overlap is for what that does not tell.
OVERLAP = timedelta(minutes=15)
# Deletions are told for 15 days, less if the bin was emptied: resources_getdeleted (read 2026-11). A day less, since
# nobody says by whose midnight.
_TOLD = timedelta(days=14)
_MINUTE = timedelta(minutes=1)
_PAGE_ATTEMPTS = 2
# The horizon of 30 days and the limit of 600,000 ids: getDeleted() in the SOAP guide (read 2026-11).
_LOST: Mapping[str, str] = {
    "INVALID_REPLICATION_DATE": N_("the last read is longer ago than deletions are told"),
    "EXCEEDED_ID_LIMIT": N_("more was deleted than is told at once"),
}


def gone_since(api: Api, object_: str, since: str) -> Gone:
    """What getDeleted tells since a cursor: one call, or two where that is too long ago or too much."""
    try:
        return _told(api, object_, since)
    except Refused as refusal:
        lost = _why_lost(refusal)
    try:
        return replace(_told(api, object_, moment_text(api.calls.clock() - OVERLAP)), lost=lost)
    except Refused as refusal:
        _why_lost(refusal)
    return Gone(rows_batch(GONE_COLUMNS, []), "", lost)


def _why_lost(refusal: Refused) -> str:
    """Why deletions cannot be told; any other refusal is raised again."""
    for code, why in _LOST.items():
        if code in refusal.message:
            return _(why)
    raise refusal


def _told(api: Api, object_: str, since: str) -> Gone:
    now = api.calls.clock()
    begin = _moment(since) if since else now - _TOLD
    stretch = {"start": moment_text(begin), "end": moment_text(max(now, begin + _MINUTE))}
    answer = api.get(f"sobjects/{object_}/deleted/?{urlencode(stretch)}", "sobjects/deleted")
    with understood(object_):
        rows = [
            (id18(each["id"]), instant(each["deletedDate"]), "deleted", None)
            for each in answer["deletedRecords"]
        ]
        known = _moment(instant(answer["earliestDateAvailable"]))
        cursor = moment_text(_moment(instant(answer["latestDateCovered"])))
    lost = _("deletions before {when} are not told any more").format(when=moment_text(known))
    return Gone(rows_batch(GONE_COLUMNS, rows), cursor, lost if since and known > begin else "")


def changes_since(
    api: Api, object_: str, fields: Sequence[str], types: Mapping[str, str], since: str
) -> Changes | OnlyWhole:
    """Everything that differs from a read that ended with this cursor: a call, and one for 2,000 records."""
    told = gone_since(api, object_, since)
    if told.lost or not told.cursor:
        return OnlyWhole(told.lost)
    known = [name for name in dict.fromkeys(fields) if name in types]
    reading = _Reading({row["id"]: row for row in told.rows.to_pylist()})
    extra = [name for name in (STAMP, DELETED, MASTER) if name in types]
    names = list(dict.fromkeys((*SYSTEM_FIELDS.values(), *extra, *known)))
    pages = _pages(api, object_, names, _moment(since) - OVERLAP)
    live = reading.live(each_understood(pages, object_), batch_maker(known, types, {}))
    return Changes(live, reading.gone, told.cursor)


@dataclass(slots=True)
class _Reading:
    """Tells the living from the gone, page by page."""

    told: dict[str, dict[str, Any]]
    alive: set[str] = field(default_factory=set)

    def live(
        self, pages: Iterator[Rows], batch: Callable[[Rows], pa.RecordBatch]
    ) -> Iterator[pa.RecordBatch]:
        """The living of every page. What is in the bin is noted, and what is alive again is struck off."""
        for rows in pages:
            for row in rows:
                self._note(row)
            living = [row for row in rows if not row.get(DELETED)]
            if living:
                yield batch(living)

    def _note(self, row: Mapping[str, Any]) -> None:
        id_ = id18(row["Id"])
        if not row.get(DELETED):
            self.alive.add(id_)
            return
        self.alive.discard(id_)
        into = row.get(MASTER)
        why = "merged" if into else "deleted"
        at = (self.told.get(id_) or {}).get("at") or instant(row[STAMP])
        self.told[id_] = {"id": id_, "at": at, "why": why, "into": id18(into) if into else None}

    def gone(self) -> pa.RecordBatch:
        """GONE_COLUMNS of everything that went and did not come back."""
        rows = [tuple(row.values()) for id_, row in self.told.items() if id_ not in self.alive]
        return rows_batch(GONE_COLUMNS, rows)


def _pages(api: Api, object_: str, names: Sequence[str], begin: datetime) -> Iterator[Rows]:
    """Records stamped since a moment, deleted ones too, in the order of (SystemModstamp, Id).

    A record that is saved meanwhile comes again behind the others.
    """
    where, last = f"{STAMP} >= {moment_text(begin)}", ""
    while True:
        soql = select(names, object_, f" WHERE {where} ORDER BY {STAMP}, Id LIMIT {PAGE_ROWS}")
        page = _whole_page(api, object_, soql)
        rows: Rows = page["records"]
        if rows:
            yield rows
        if page["done"] and len(rows) < PAGE_ROWS:
            return
        if rows[-1]["Id"] == last:
            raise AnswerBroken("the same page comes again and again", where=object_)
        stamp, last = moment_text(_moment(instant(rows[-1][STAMP]))), rows[-1]["Id"]
        where = f"({STAMP} = {stamp} AND Id > {quoted([last])}) OR {STAMP} > {stamp}"


def _whole_page(api: Api, object_: str, soql: str) -> Page:
    """A page with as many records as it tells of, in order; asked for once more if not, then AnswerBroken."""
    for _attempt in range(_PAGE_ATTEMPTS):
        page = api.query_all(soql)
        rows = page["records"]
        came, told = len({row["Id"] for row in rows}), int(page["totalSize"])
        stamps = [row[STAMP] for row in rows]
        is_whole = came == (told if page["done"] else len(rows)) and bool(rows or not told)
        if is_whole and stamps == sorted(stamps):
            return page
    raise AnswerBroken(f"{came} changed records came of {told}", where=object_)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def moment_text(moment: datetime) -> str:
    """A moment as queries and addresses have it: UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
