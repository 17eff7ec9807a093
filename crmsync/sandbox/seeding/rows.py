"""What both renderers of native rows share: the value a system holds, and plausible instants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from crmsync.sandbox.seeding.drafts import Company, Deal, Draft, Owner, Person


@dataclass(frozen=True, slots=True)
class NativeRow:
    """One record as the CRM itself names its fields; a field that is not there is blank."""

    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Association:
    """A HubSpot association from one record to another, as its type ids seen from the first."""

    from_object: str
    from_id: str
    to_object: str
    to_id: str
    type_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to one simulated CRM by a method of its world: what no row can carry."""

    system: str
    call: str
    args: tuple[Any, ...]
    named: Mapping[str, Any] = field(default_factory=dict)


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """The values without blanks (None and empty text)."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def patched(patches: dict[str, dict[str, str]], system: str, **values: str) -> dict[str, str]:
    """The neutral values as that system holds them."""
    return values | patches.get(system, {})


def detailed(
    record: Company | Person | Deal, system: str, names: Mapping[str, str]
) -> dict[str, str]:
    """The details a system holds, under its own names; `names` leads from ours to those."""
    now = record.details | record.patches.get(system, {})
    return {native: now.get(ours, "") for ours, native in names.items()}


def owner_in(draft: Draft, record: Company | Person | Deal, system: str) -> Owner:
    """Who owns a record in a system: not always the same person in both."""
    number = record.patches.get(system, {}).get("owner")
    return draft.owners[int(number) - 1] if number else record.owner


def clock_time(serial: int) -> str:
    """A time of a working day that depends on the serial only, `HH:MM:SS.000`."""
    return f"{8 + serial % 10:02}:{serial * 7 % 60:02}:{serial * 13 % 60:02}.000"


def last_change(created: date, as_of: date, serial: int) -> date:
    """A day from `created` on, before `as_of`, that depends on the serial only."""
    span = max((as_of - created).days, 1)
    return created + timedelta(days=serial * 37 % span)
