"""What the tests of stages share: people, leads and deals with their stages, and the face that is built of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from crmsync.core.mapping import WorkspaceMapping
from crmsync.warehouse.audit_db import build_face
from warehouse.shelf import Rows, columns_over, reference_mapping, stored

Given = Mapping[str, Any]
ANA = "ana@acme.example"
HISTORY = "_history.contacts.contacts_history"


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute)  # noqa: DTZ001  (TIMESTAMP is UTC without saying so)


def moved(old: str | None, new: str | None, when: str, **more: str) -> dict[str, str | None]:
    """A change of Ana's stage in HubSpot."""
    told = {"record_id": "1", "native": "lifecyclestage", "old": old, "new": new}
    return {**told, "happened_at": f"2026-{when}T09:00:00.000Z", **more}


def lifecycle(**more: Any) -> WorkspaceMapping:
    """The reference mapping with another lifecycle."""
    mapping = reference_mapping()
    assert mapping.lifecycle is not None
    return replace(mapping, lifecycle=replace(mapping.lifecycle, **more))


@contextmanager
def face(
    folder: Path,
    hubspot: Given | None = None,
    salesforce: Given | None = None,
    mapping: WorkspaceMapping | None = None,
) -> Iterator[tuple[Any, set[str]]]:
    """The finished face of some rows, and what it has in words of `needs`."""
    mapping = mapping or reference_mapping()
    rows: Rows = {"hubspot": hubspot or {}, "salesforce": salesforce or {}}
    with columns_over(stored(folder, rows, mapping), mapping) as columns:
        have = build_face(columns, folder / "face.duckdb")
    with duckdb.connect(str(folder / "face.duckdb"), read_only=True) as db:
        yield db, have


def events(db: Any, system: str, *kinds: str) -> list[tuple[Any, ...]]:
    """(stage, kind, at, day, precision, source) of a system's events of people, in order of time."""
    rows: list[tuple[Any, ...]] = db.execute(
        "SELECT e.stage, e.kind, e.at, e.day, e.precision, e.source FROM stage_event e "
        "WHERE e.entity = 'contact' AND e.system = ? AND (len(?) = 0 OR e.kind IN (SELECT unnest(?))) "
        "ORDER BY coalesce(e.at, e.day) NULLS LAST, e.kind DESC, e.stage",
        [system, list(kinds), list(kinds)],
    ).fetchall()
    return rows


def standing(db: Any, system: str) -> tuple[Any, ...]:
    """(current, peak, how, disposition) of the one customer in a system."""
    (row,) = db.execute(
        "SELECT s.current, s.peak, s.how, s.disposition FROM standing_in s "
        "WHERE s.entity = 'contact' AND s.system = ?",
        [system],
    ).fetchall()
    return tuple(row)


def contact(stage: str | None = None, **more: str) -> dict[str, Any]:
    return {"contacts": [{"_id": "1", "email": ANA, "lifecyclestage": stage, **more}]}


def opportunity(id_: str = "006A", **more: str) -> dict[str, str]:
    return {"_id": id_, "Name": id_, "_created_at": "2026-10-01T09:00:00.000Z", **more}


def on_deal(**more: str) -> dict[str, Any]:
    """Ana in Salesforce, with a role on one opportunity."""
    return {
        "Contact": [{"_id": "003A", "LastName": "Gil", "Email": ANA}],
        "Opportunity": [opportunity(**more)],
        "Opportunity.Contact": [{"from_id": "006A", "to_id": "003A", "role": "Evaluator"}],
    }


OPEN = {"IsClosed": "false", "IsWon": "false"}
WON = {"IsClosed": "true", "IsWon": "true", "CloseDate": "2026-11-10"}


def converted(**more: str) -> dict[str, Any]:
    lead = {"_id": "00QA", "LastName": "Gil", "IsConverted": "true", "ConvertedContactId": "003A",
            "_created_at": "2026-11-01T09:00:00.000Z"}  # fmt: skip
    return {
        "Lead": [{**lead, **more}],
        "Contact": [{"_id": "003A", "LastName": "Gil", "Email": ANA}],
    }
