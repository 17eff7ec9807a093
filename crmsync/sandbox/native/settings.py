"""How the connector is set up, what it remembers and what went wrong: kept with the portal's rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from crmsync.sandbox.native.mappings import MAPPED
from crmsync.sandbox.native.rules import NEVER, RULES, TWO_WAY
from crmsync.sandbox.tables import Tables

_TABLE, _ERRORS = "~native", "~native errors"
_CREATES = ("Lead", "Contact", "nothing")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the connector's own page.

    It looks every 15 minutes (Knowledge Base, Salesforce integration sync triggers, 2024-04-01). `creates` is what a
    HubSpot contact becomes in Salesforce, `creates_in_hubspot` whether a new lead or contact becomes one in HubSpot.
    `segment` is the id of the inclusion list, `include` stands in for its criteria: values of properties,
    all of which a contact must have for its changes to go over.
    """

    on: bool = False
    period_s: int = 900
    creates: str = "Lead"
    creates_in_hubspot: bool = True
    segment: str = ""
    include: Mapping[str, list[str]] = field(default_factory=dict)
    companies: bool = True
    deals: bool = True
    activities: bool = True
    calls_a_day: int = 10_000
    rules: Mapping[str, str] = field(default_factory=dict)


_NAMES = frozenset(each.name for each in fields(Settings))


def settings_of(tables: Tables) -> Settings:
    """The settings as they stand."""
    return Settings(**(tables.get(_TABLE, "settings") or {}))


def change(tables: Tables, told: Mapping[str, Any]) -> Settings:
    """The settings after a change; ValueError for a word or a value there is not."""
    odd = sorted(told.keys() - _NAMES)
    if odd:
        raise ValueError(f"the connector has no {odd[0]!r}; there are {', '.join(sorted(_NAMES))}")
    fresh = replace(settings_of(tables), **told)
    if fresh.creates not in _CREATES:
        raise ValueError(f"it creates {', '.join(_CREATES)}, not {fresh.creates!r}")
    if fresh.period_s < 1:
        raise ValueError("period_s is 1 or more")
    for name, rule in fresh.rules.items():
        _check_rule(name, rule)
    tables.put(_TABLE, "settings", asdict(fresh))
    return fresh


def _check_rule(name: str, rule: str) -> None:
    object_name, _dot, property_ = name.partition(".")
    known = [one.property for one in MAPPED.get(object_name, ())]
    if property_ not in known:
        raise ValueError(f"the connector does not map {name!r}")
    if rule not in RULES:
        raise ValueError(f"no rule {rule!r}; there are {', '.join(RULES)}")
    # The owner is two-way or not synced; of people it cannot be chosen at all: the same page.
    if property_ == "hubspot_owner_id" and rule not in (TWO_WAY, NEVER):
        raise ValueError("an owner is two-way or not synced")


def remembered(tables: Tables, key: str) -> dict[str, Any]:
    """What is remembered under a key, `{}` for nothing."""
    return dict(tables.get(_TABLE, key) or {})


def remember(tables: Tables, key: str, row: dict[str, Any]) -> None:
    """Keeps something under a key."""
    tables.put(_TABLE, key, row)


def forget(tables: Tables, key: str) -> None:
    """Keeps nothing under a key any more."""
    tables.drop(_TABLE, key)


def keys(tables: Tables, beginning: str) -> list[str]:
    """The keys that begin so."""
    return [key for key in tables.ids(_TABLE) if key.startswith(beginning)]


def note_error(tables: Tables, record: str, message: str) -> None:
    """Puts a sync error where the connector's page shows it: one a record, the last one."""
    tables.put(_ERRORS, record, {"message": message})


def clear_error(tables: Tables, record: str) -> None:
    """The record went over after all."""
    tables.drop(_ERRORS, record)


def errors_of(tables: Tables) -> dict[str, str]:
    """The sync errors by record."""
    return {record: str(row["message"]) for record, row in tables.rows(_ERRORS)}
