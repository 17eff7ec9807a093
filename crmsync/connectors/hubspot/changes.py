"""What changed in an object since a cursor, by the portal's own clock.

| asked | tells |
|---|---|
| search by the modified date, from an hour before the cursor | whose values may have changed |
| batch read of those | their values now, those that are not there any more, and into which one others were merged |
| the list of archived records | what was archived in the last 90 days |
| ties of the last read's records, where a property mirrors them | whose property changed without a stamp |

Values come from batch read, which sees every write: search may tell older ones, and its body has no room for many
names. What was erased for good is told nowhere, and what was restored bears no new stamp: of both only the number
of records speaks, and then everything is read.

The cursor is the portal's clock when the read began. Whoever reads twice within seconds may find that search counts
other records than there are: of those that are known to have come or gone lately it is asked which it knows, and
a second look waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pyarrow as pa

from crmsync.connectors.abilities import GONE_COLUMNS, Changes, Gone, Known, OnlyWhole
from crmsync.connectors.base import ID
from crmsync.connectors.batches import chunks
from crmsync.connectors.columns import rows_batch, text_array
from crmsync.connectors.hubspot.api import BATCH_SIZE, TIES_SIZE, Api
from crmsync.connectors.hubspot.doubts import Doubts
from crmsync.connectors.hubspot.reading import Record, batch_maker, records_by_id
from crmsync.connectors.hubspot.schemas import ID_PROPERTY, MERGED_PROPERTY
from crmsync.connectors.hubspot.searching import (
    MOST,
    OVERLAP,
    Lately,
    changed_ids,
    count_of,
    modified_since,
)
from crmsync.connectors.hubspot.tie_pages import read_ties
from crmsync.connectors.hubspot.ties import holder
from crmsync.connectors.hubspot.unstamped import MIRRORS
from crmsync.connectors.hubspot.values import instant
from crmsync.connectors.shapes import each_understood
from crmsync.language import _

# Archived records are told for 90 days: developers.hubspot.com, objects (read 2026-11). A day less, since nobody
# says by whose midnight.
_TOLD = timedelta(days=89)
# `id:epoch ms` of the last merge, not of all: fivetran/dbt_hubspot issue 168 (read 2026-11)
_MERGED_AT = "hs_calculated_merged_vids"


GoneRow: TypeAlias = tuple[str, str | None, str, str | None]
"""One row of GONE_COLUMNS."""


def gone_since(api: Api, object_: str, since: str) -> tuple[Lately, Gone]:
    """What the list of archived records tells: a call for 100 of the last 90 days."""
    rows = list(_archived(api, object_, since))
    lately = Lately(gone=_of_late(api, rows))
    return lately, Gone(rows_batch(GONE_COLUMNS, rows), cursor_of(api), lost(api, since))


def _of_late(api: Api, rows: Iterable[GoneRow]) -> list[str]:
    """Ids of those whose end is not an hour ago: search may count them still."""
    since = _text(api.calls.clock() - OVERLAP)
    return [row[0] for row in rows if (row[1] or "") >= since]


def cursor_of(api: Api) -> str:
    """This moment by the portal's clock. Whoever takes it begins an hour before."""
    return _text(api.calls.clock())


def lost(api: Api, since: str) -> str:
    """Why there may be archived records that nobody tells of any more; empty if there are none."""
    if since and _moment(since) < api.calls.clock() - _TOLD:
        return _("the last read is longer ago than archived records are told")
    return ""


def changes_since(
    api: Api,
    object_: str,
    fields: Sequence[str],
    types: Mapping[str, str],
    since: str,
    known: Known | None,
) -> tuple[Reading, Changes] | OnlyWhole:
    """Everything that differs from a read that ended with this cursor, or why only a full read tells.

    A search and two batch reads for 200 records, and the archive. A full read is asked for, too, if that takes
    fewer calls.
    """
    cursor, begin = cursor_of(api), _moment(since) - OVERLAP
    if why := lost(api, since):
        return OnlyWhole(why)
    changed = count_of(api, object_, modified_since(object_, begin))
    if changed > MOST and 3 * changed > 2 * count_of(api, object_):
        return OnlyWhole(
            _("{changed} records changed, and reading all takes fewer calls").format(
                changed=changed
            )
        )
    reading = _reading(api, object_, fields, types, since, known)
    live = each_understood(reading.live(), object_)
    return reading, Changes(live, reading.gone, cursor)


def _reading(
    api: Api,
    object_: str,
    fields: Sequence[str],
    types: Mapping[str, str],
    since: str,
    known: Known | None,
) -> Reading:
    names = [name for name in dict.fromkeys(fields) if name in types]
    extra = [name for name in (MERGED_PROPERTY, _MERGED_AT) if name in types]
    return Reading(api, object_, names, list(dict.fromkeys((*names, *extra))), types, since, known)


@dataclass(slots=True)
class Reading:
    """Reads what changed, and knows by then who came and who went.

    `fields` are what a batch has, `asked` what a record is read with.
    """

    api: Api
    object: str
    fields: Sequence[str]
    asked: Sequence[str]
    types: Mapping[str, str]
    since: str
    known: Known | None
    lately: Lately = field(default_factory=Lately)
    alive: dict[str, None] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    merged: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    went: set[str] = field(default_factory=set)

    def live(self) -> Iterator[pa.RecordBatch]:
        """The records that changed and are there, a batch for 100, as they are this moment."""
        make = batch_maker(self.fields, self.types)
        doubts = Doubts(self.api, self.object, self.asked, self.api.calls.clock())
        for ids in self._ids():
            for part in chunks(ids, BATCH_SIZE):
                found = records_by_id(self.api, self.object, part, self.asked)
                self._note(part, found)
                if found:
                    doubts.note(list(found.values()))
                    yield make(list(found.values()), {})
        doubts.demand_names()

    def _ids(self) -> Iterator[list[str]]:
        """Ids by search, and of those whose property mirrors a tie that is another one than it was."""
        seen: set[str] = set()
        for ids in changed_ids(self.api, self.object, _moment(self.since) - OVERLAP):
            seen.update(ids)
            yield ids
        for name in self.fields:
            if self.known is not None and (self.object, name) in MIRRORS:
                for ids in _moved(self.api, self.object, name, self.known):
                    fresh = [one for one in ids if one not in seen]
                    seen.update(fresh)
                    yield fresh

    def _note(self, asked: Sequence[str], found: Mapping[str, Record]) -> None:
        """Who is there, who is not, and who took whose place. A merged record answers under another id."""
        wanted = set(asked)
        self.missing |= wanted - found.keys()
        self.lately.come += [one for one in found if one not in wanted and one not in self.alive]
        self.alive.update(dict.fromkeys(found))
        for one, record in found.items():
            self.merged |= _merged_into(one, record["properties"])

    def gone(self) -> pa.RecordBatch:
        """GONE_COLUMNS of what was archived, merged or erased; the last word is that of the archive."""
        lost = sorted(self.missing - self.alive.keys())
        rows: dict[str, GoneRow] = {one: (one, None, "deleted", None) for one in lost}
        rows |= {one[0]: one for one in _archived(self.api, self.object, self.since)}
        for old, (new, at) in self.merged.items():
            at = at or rows.get(old, (old, None))[1]
            rows[old] = (old, at, "merged", new)
        self.went = set(rows)
        found = [one for one in rows if one in self.missing]
        self.lately.gone = list(dict.fromkeys([*found, *_of_late(self.api, rows.values())]))
        return rows_batch(GONE_COLUMNS, list(rows.values()))

    def ids(self) -> Iterator[pa.Array]:
        """Ids of all records there are now; those of the last read have to be known."""
        assert self.known is not None
        known: set[str] = set()
        for batch in self.known([ID]):
            told = batch.column(ID).to_pylist()
            known.update(one for one in told if one in self.alive)
            yield text_array([one for one in told if one not in self.went])
        yield text_array([one for one in self.alive if one not in known | self.went])


def _archived(api: Api, object_: str, since: str) -> Iterator[GoneRow]:
    """GONE_COLUMNS of what was archived since; of all that is told without a cursor."""
    begin = _text(_moment(since) - OVERLAP) if since else ""
    for page in each_understood(api.pages(object_, [ID_PROPERTY], archived=True), object_):
        for record in page:
            at = instant(record.get("archivedAt"))
            if at is None or at >= begin:
                yield str(record["id"]), at, "deleted", None


def _merged_into(
    survivor: str, properties: Mapping[str, str | None]
) -> dict[str, tuple[str, str | None]]:
    """(id of the survivor, when) by id of every record that went into it; when is known of the last merge at most."""
    olds = [one.strip() for one in (properties.get(MERGED_PROPERTY) or "").split(";")]
    told = [one.partition(":") for one in (properties.get(_MERGED_AT) or "").split(";")]
    when = {one.strip(): instant(at.strip()) for one, _colon, at in told}
    return {old: (survivor, when.get(old)) for old in olds if old and old != survivor}


def _moved(api: Api, object_: str, name: str, known: Known) -> Iterator[list[str]]:
    """Ids of known records of which a property that mirrors a tie names another one than is tied now."""
    to_object, type_id = MIRRORS[object_, name]
    for batch in known([ID, name]):
        ids, told = batch.column(ID).to_pylist(), batch.column(name).to_pylist()
        for part in chunks(list(zip(ids, told, strict=True)), TIES_SIZE):
            tied = holder(read_ties(api, object_, to_object, [one for one, _ in part]), type_id)
            yield [one for one, before in part if tied.get(one) != before]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
