"""Native rows of two systems, put on disk as a pull would, and everything the columns make of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from crmsync.config.mappings import Defaults, mapping_of, read_mappings
from crmsync.connectors.base import ASSOCIATION_COLUMNS, SYSTEM_COLUMNS
from crmsync.connectors.facts import (
    ACTIVITY_COLUMNS,
    ACTIVITY_PEOPLE_COLUMNS,
    CAMPAIGN_COLUMNS,
    HISTORY_COLUMNS,
    MEMBER_COLUMNS,
)
from crmsync.connectors.hubspot.companions import companions_of
from crmsync.core.mapping import Entity, Seat, WorkspaceMapping
from crmsync.core.records import Schema
from crmsync.warehouse.columns import Columns, build_columns
from crmsync.warehouse.engine import open_engine
from crmsync.warehouse.snapshots import Reading, Snapshot, write_snapshot

ROOT = Path(__file__).resolve().parents[2]
RUN = "20261120T073000000-0001"
TAKEN = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
BOTH = ("hubspot", "salesforce")
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
TOLD_ALWAYS = frozenset(("hs_marketable_status", "hs_email_hard_bounce_reason_enum"))
LINK_NAMES = ("key", "system", "object", "native_id")

Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[str, Sequence[Row]]]
"""System -> object -> rows by native name; ties are rows of `from.to`, facts those of their side table."""
Links = Mapping[str, Sequence[tuple[str, str, str, str]]]
"""Entity -> (key, system, object, id)."""


@cache
def reference_mapping(systems: tuple[str, ...] = BOTH) -> WorkspaceMapping:
    """The mapping at the root of the project."""
    mapping = read_mappings(ROOT, list(systems), Defaults("ES", "EUR", "Europe/Madrid"))
    assert isinstance(mapping, WorkspaceMapping), mapping
    return mapping


def mapping_with(*entities: Entity) -> WorkspaceMapping:
    return mapping_of(entities)


def stored(
    root: Path, rows: Rows, mapping: WorkspaceMapping, systems: Iterable[str] = BOTH
) -> dict[tuple[str, str], Snapshot]:
    """Snapshots of every mapped object and every kind of tie; those without rows are there, empty."""
    found: dict[tuple[str, str], Snapshot] = {}
    for system in systems:
        for entity, seat in mapping.seats_of(system):
            given = rows.get(system, {}).get(seat.object, ())
            names = {name for row in given for name in row} | TOLD_ALWAYS
            told = companions_of(seat.object, names) if system == "hubspot" else {}
            natives = {*_natives(entity, seat), *entity.native_links_in(system), *told.values()}
            columns = [*SYSTEM_COLUMNS, *sorted(natives)]
            place = (system, seat.object)
            found[place] = keep(root, place, columns, given, companions=told)
        for one, other in TIES.get(system, ()):
            given = [
                _tie(one, other, row) for row in rows.get(system, {}).get(f"{one}.{other}", ())
            ]
            place = (system, f"_associations.{one}.{other}")
            found[place] = keep(root, place, ASSOCIATION_COLUMNS, given)
    if "salesforce" in systems:
        found |= facts_stored(root, rows.get("salesforce", {}))
    if any(name in HUBSPOT_FACTS for name in rows.get("hubspot", {})):
        found |= facts_stored(root, rows["hubspot"], "hubspot", HUBSPOT_FACTS)
    return found


def facts_stored(
    root: Path,
    rows: Mapping[str, Sequence[Row]],
    system: str = "salesforce",
    facts: Mapping[str, tuple[str, ...]] = FACTS,
) -> dict[tuple[str, str], Snapshot]:
    """What a system tells beside its records; sources without rows are there, empty."""
    places = {(system, table): columns for table, columns in facts.items()}
    return {
        place: keep(root, place, columns, rows.get(place[1], ()), since=SINCE)
        for place, columns in places.items()
    }


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


def batch_of(columns: Sequence[str], rows: Sequence[Row]) -> pa.RecordBatch:
    """Rows as a connector gives them: all text. A name that is no column of the object is a mistake."""
    strange = {name for row in rows for name in row} - set(columns)
    assert not strange, f"no such native field: {sorted(strange)}"
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
    schema = pa.schema([(name, pa.string()) for name in LINK_NAMES])
    return pa.table({n: [row[i] for row in rows] for i, n in enumerate(LINK_NAMES)}, schema=schema)
