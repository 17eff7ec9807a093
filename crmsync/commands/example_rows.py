"""Native rows of a few records as snapshots, as a pull would put them on disk, and the columns over them.

For the stories beside audits: what is not said of a record is blank, what is not said of a system is there and empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmsync.connectors.base import (
    ASSOCIATION_COLUMNS,
    OWNER_COLUMNS,
    STAGE_COLUMNS,
    SYSTEM_COLUMNS,
)
from crmsync.connectors.facts import (
    ACTIVITY_COLUMNS,
    ACTIVITY_PEOPLE_COLUMNS,
    CALENDAR_COLUMNS,
    CAMPAIGN_COLUMNS,
    HISTORY_COLUMNS,
    MEMBER_COLUMNS,
)
from crmsync.connectors.hubspot.companions import companions_named
from crmsync.core.mapping import Entity, Seat, WorkspaceMapping
from crmsync.core.records import Schema
from crmsync.warehouse.columns import Columns, build_columns
from crmsync.warehouse.engine import open_engine
from crmsync.warehouse.snapshots import Reading, Snapshot, write_snapshot

if TYPE_CHECKING:
    import pyarrow as pa

RUN = "20261120T073000000-0001"
TAKEN = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
BOTH = ("hubspot", "salesforce")
"""Systems, and the kinds that they are of where nobody says otherwise."""
LINEAGE = "shelf"
TIES = {
    "salesforce": (("Opportunity", "Contact"),),
    "hubspot": (
        ("companies", "companies"),
        ("contacts", "companies"),
        ("deals", "companies"),
        ("deals", "contacts"),
    ),
}
SINCE = "2025-10-16T00:00:00Z"
"""What is older was not asked for when facts were read."""
FACTS = {
    "_activities.Task": ACTIVITY_COLUMNS,
    "_activities.Event": ACTIVITY_COLUMNS,
    "_activity_people.Task": ACTIVITY_PEOPLE_COLUMNS,
    "_calendars.BusinessHours": CALENDAR_COLUMNS,
    "_calendars.Holiday": CALENDAR_COLUMNS,
    "_campaigns.Campaign": CAMPAIGN_COLUMNS,
    "_campaign_members.CampaignMember": MEMBER_COLUMNS,
    "_history.Account.AccountHistory": HISTORY_COLUMNS,
    "_history.Contact.ContactHistory": HISTORY_COLUMNS,
    "_history.Lead.LeadHistory": HISTORY_COLUMNS,
    "_history.Opportunity.OpportunityFieldHistory": HISTORY_COLUMNS,
    "_history.Opportunity.OpportunityHistory": HISTORY_COLUMNS,
}
HUBSPOT_FACTS = {
    f"_activities.{name}": ACTIVITY_COLUMNS
    for name in ("calls", "emails", "meetings", "notes", "tasks")
}
"""Told where a story has any of them."""
SIDE = {
    "_owners": OWNER_COLUMNS,
    "_stages": STAGE_COLUMNS,
    "_calendars.users": CALENDAR_COLUMNS,
}
"""Stored where a story has them."""
HUBSPOT_HISTORIES = {
    f"_history.{name}.{name}_history": HISTORY_COLUMNS
    for name in ("companies", "contacts", "deals")
}
CONVERTED = {
    "converted_flag": "IsConverted",
    "converted_into": {"Contact": "ConvertedContactId"},
    "companions": {"converted_on": "ConvertedDate", "converted_deal": "ConvertedOpportunityId"},
}
"""What the manifest of leads says of those that became contacts."""
TOLD_ALWAYS = frozenset(
    (
        "hs_marketable_status",
        "hs_email_hard_bounce_reason_enum",
        "hs_v2_date_entered_lead",
        "hs_legal_basis",
    )
)
LINK_NAMES = ("key", "system", "object", "native_id")

Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[str, Sequence[Row]]]
"""System -> object -> rows by native name; ties are rows of `from.to`, facts those of their side table."""
Links = Mapping[str, Sequence[tuple[str, str, str, str]]]
"""Entity -> (key, system, object, id)."""


def stored(
    root: Path,
    rows: Rows,
    mapping: WorkspaceMapping,
    systems: Iterable[str] = BOTH,
    kinds: Mapping[str, str] | None = None,
) -> dict[tuple[str, str], Snapshot]:
    """Snapshots of every mapped object and every kind of tie; those without rows are there, empty.

    `kinds` says what a system is where its name does not. NoSuchNative for a field that the mapping does not read.
    """
    found: dict[tuple[str, str], Snapshot] = {}
    for system in systems:
        kind = (kinds or {}).get(system, system)
        given = rows.get(system, {})
        for entity, seat in mapping.seats_of(system):
            found[system, seat.object] = _kept(root, entity, seat, kind, given.get(seat.object, ()))
        found |= _side(root, system, given)
        for one, other in dict.fromkeys((*TIES.get(kind, ()), *_ties_in(given))):
            ties = [_tie(one, other, row) for row in given.get(f"{one}.{other}", ())]
            place = (system, f"_associations.{one}.{other}")
            found[place] = keep(root, place, ASSOCIATION_COLUMNS, ties)
        found |= _facts_of(root, system, kind, given)
    return found


def _kept(root: Path, entity: Entity, seat: Seat, kind: str, given: Sequence[Row]) -> Snapshot:
    names = {name for row in given for name in row} | TOLD_ALWAYS
    told = companions_named(seat.object, names) if kind == "hubspot" else {}
    more: dict[str, Any] = {"companions": told}
    if (kind, seat.object) == ("salesforce", "Lead"):
        more = CONVERTED
    natives = {*_natives(entity, seat), *entity.native_links_in(seat.system)}
    natives |= {*more["companions"].values(), *more.get("converted_into", {}).values()}
    natives |= {more["converted_flag"]} if "converted_flag" in more else set()
    columns = [*SYSTEM_COLUMNS, *sorted(natives)]
    return keep(root, (seat.system, seat.object), columns, given, **more)


def _ties_in(given: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, str]]:
    for name in given:
        one, dot, other = name.partition(".")
        if dot and not name.startswith("_"):
            yield one, other


def _facts_of(
    root: Path, system: str, kind: str, given: Mapping[str, Sequence[Row]]
) -> dict[tuple[str, str], Snapshot]:
    """Side tables of a CRM; HubSpot's activities only where a story has any."""
    told: Mapping[str, tuple[str, ...]] = {}
    if kind == "salesforce":
        told = FACTS
    elif kind == "hubspot":
        told = HUBSPOT_HISTORIES
        if any(name in HUBSPOT_FACTS for name in given):
            told = {**told, **HUBSPOT_FACTS}
    return facts_stored(root, given, system, told)


def _side(
    root: Path, system: str, rows: Mapping[str, Sequence[Row]]
) -> dict[tuple[str, str], Snapshot]:
    return {
        (system, name): keep(root, (system, name), columns, rows[name])
        for name, columns in SIDE.items()
        if name in rows
    }


def facts_stored(
    root: Path,
    rows: Mapping[str, Sequence[Row]],
    system: str = "salesforce",
    facts: Mapping[str, tuple[str, ...]] = FACTS,
) -> dict[tuple[str, str], Snapshot]:
    """What a system tells beside its records; sources without rows are there, empty.

    A row of a history that says no more is a change at an instant.
    """
    places = {(system, table): columns for table, columns in facts.items()}
    return {
        place: keep(root, place, columns, _told(place[1], rows.get(place[1], ())), since=SINCE)
        for place, columns in places.items()
    }


def _told(table: str, rows: Sequence[Row]) -> Sequence[Row]:
    if not table.startswith("_history."):
        return rows
    said = {"told": "change", "precision": "instant"}
    return [{"id": str(number), **said, **row} for number, row in enumerate(rows)]


def _natives(entity: Entity, seat: Seat) -> list[str]:
    return sorted(n for n in entity.natives_of(seat) if not n.startswith("associations."))


def _tie(one: str, other: str, row: Row) -> dict[str, Any]:
    return {"from_object": one, "to_object": other, **row}


def keep(
    root: Path,
    place: tuple[str, str],
    columns: Sequence[str],
    rows: Sequence[Row],
    run: str = RUN,
    **more: Any,
) -> Snapshot:
    """One snapshot of one object."""
    reading = Reading(*place, run, TAKEN.isoformat(), tuple(columns), **more)
    return write_snapshot(root, reading, [batch_of(columns, rows)] if rows else [])


class NoSuchNative(ValueError):
    """Names in rows that are no native fields of their object; `known` are those that it has."""

    def __init__(self, names: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(f"no such native field: {', '.join(names)}")
        self.names = tuple(names)
        self.known = tuple(known)


def batch_of(columns: Sequence[str], rows: Sequence[Row]) -> pa.RecordBatch:
    """Rows as a connector gives them: all text. NoSuchNative for a name that is no column of the object."""
    import pyarrow as pa

    strange = sorted({name for row in rows for name in row} - set(columns))
    if strange:
        raise NoSuchNative(strange, columns)
    arrays = [pa.array([row.get(name) for row in rows], pa.string()) for name in columns]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


@contextmanager
def columns_over(
    snapshots: Mapping[tuple[str, str], Snapshot],
    mapping: WorkspaceMapping,
    links: Links | None = None,
    schemas: Mapping[tuple[str, str], Schema] | None = None,
) -> Iterator[Columns]:
    """The canonical columns over some snapshots, closed at the end."""
    db = open_engine()
    try:
        columns = Columns(db, mapping, snapshots, schemas or {}, LINEAGE, {})
        tables = {e.entity: _links((links or {}).get(e.entity, ())) for e in mapping.entities}
        yield build_columns(columns, tables.__getitem__)
    finally:
        db.close()


def _links(rows: Sequence[tuple[str, str, str, str]]) -> pa.Table:
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in LINK_NAMES])
    return pa.table({n: [row[i] for row in rows] for i, n in enumerate(LINK_NAMES)}, schema=schema)
