"""What is not known for certain about Salesforce, as named switches: whoever builds on it tests both ways.

A switch belongs to a world and is kept with its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crmsync.sandbox.tables import Tables

Value = bool | int | str
_TABLE = "~switches"


@dataclass(frozen=True, slots=True)
class Switch:
    """A question that public evidence leaves open: how it is answered here by default, and what is known."""

    name: str
    default: Value
    known: str


_ALL = (
    Switch(
        "trim_text",
        True,
        "text is trimmed and empty text becomes null on save; told by users, in no recording",
    ),
    Switch(
        "duplicate_result_key",
        "duplicateResut",
        "misspelt in every sample of v50 to v54; clients of 2026 also read duplicateResult",
    ),
    Switch(
        "bulk_alert_rules_block",
        True,
        "a duplicate rule that only alerts cannot be overridden where there is no header",
    ),
    Switch(
        "contact_makes_role",
        True,
        "ContactId on a new opportunity makes a primary contact role; the field is recorded, the role is not",
    ),
    Switch(
        "soap_login",
        True,
        "SOAP login() goes with Summer '27 and is off in new orgs; off here it refuses every login",
    ),
    Switch(
        "most_offset",
        2_000,
        "OFFSET goes to 2,000 by the SOQL guide; no official page was read",
    ),
    Switch(
        "collections_tell_duplicates",
        False,
        "whether an item of a collection carries the match data of a duplicate rule",
    ),
)
SWITCHES: Mapping[str, Switch] = {each.name: each for each in _ALL}


def switch_value(tables: Tables, name: str) -> Value:
    """How a switch stands; KeyError for one there is not."""
    row = tables.get(_TABLE, name)
    return SWITCHES[name].default if row is None else row["value"]


def set_switch(tables: Tables, name: str, value: object) -> None:
    """Sets a switch; text is read as the switch's own type. ValueError for an unknown one or a wrong value."""
    if name not in SWITCHES:
        raise ValueError(f"no switch {name!r}; there are {', '.join(sorted(SWITCHES))}")
    kind = type(SWITCHES[name].default)
    tables.put(_TABLE, name, {"value": _read(name, kind, value)})


def all_switches(tables: Tables) -> dict[str, Value]:
    """Every switch as it stands."""
    return {name: switch_value(tables, name) for name in SWITCHES}


_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _read(name: str, kind: type, value: object) -> Value:
    if kind is bool:
        read = _WORDS.get(str(value).lower())
        if read is None:
            raise ValueError(f"{name} is true or false, not {value!r}")
        return read
    return int(str(value)) if kind is int else str(value)
