"""The rows of a seed while blemishes are added: whole customers without a defect, then one is given to them.

What is added is in nobody else's story: a company with a domain, a name and a phone of its own, people and deals that
belong to it, in one system or in both, linked by e-mail, domain and name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from crmsync.sandbox.seeding.drafts import SYSTEMS
from crmsync.sandbox.seeding.ids import hubspot_id, salesforce_id
from crmsync.sandbox.seeding.rows import Association, NativeRow, Step
from crmsync.sandbox.seeding.truth import Planted

_FIRST = 700_000
"""Serial numbers of blemished records: far above those of a seed's own."""
Rows = dict[str, dict[str, dict[str, dict[str, Any]]]]
"""System -> object -> id -> values by native name."""
_HUBSPOT = {"company": "companies", "contact": "contacts", "deal": "deals"}
MODIFIED = {
    "company": "hs_lastmodifieddate",
    "contact": "lastmodifieddate",
    "deal": "hs_lastmodifieddate",
}
"""What HubSpot calls the day of the last change."""
_SALESFORCE = {"company": "Account", "contact": "Contact", "lead": "Lead", "deal": "Opportunity"}


@dataclass(frozen=True, slots=True)
class Made:
    """One record of ours in both systems, or in one: native ids by system."""

    what: str
    number: int
    ids: Mapping[str, str]


@dataclass(slots=True)
class World:
    """Everything both systems hold. `owners` are native user ids by system, of people who are active in both."""

    rng: Random
    as_of: date
    rows: Rows
    ties: list[Association]
    owners: list[Mapping[str, str]]
    made: int = 0
    planted: list[Planted] = field(default_factory=list)
    setup: list[Step] = field(default_factory=list)
    later: list[Step] = field(default_factory=list)

    def serial(self) -> int:
        """The next number nobody has."""
        self.made += 1
        return _FIRST + self.made

    def put(self, system: str, object_: str, id_: str, values: Mapping[str, Any]) -> str:
        """Adds one native row; blanks are left out."""
        kept = {name: value for name, value in values.items() if value not in (None, "")}
        self.rows.setdefault(system, {}).setdefault(object_, {})[id_] = kept
        return id_

    def change(self, made: Made, system: str, **values: Any) -> None:
        """Gives a record other native values in one system; None and "" make it blank."""
        row = self.rows[system][object_of(made, system)][made.ids[system]]
        row.update(values)
        for name in [name for name, value in row.items() if value in (None, "")]:
            del row[name]

    def told(self, made: Made, days_before: int, source: str = "IMPORT", **values: Any) -> None:
        """Gives a record of HubSpot other values that day, so that its history tells of both; None clears."""
        given = {**values, MODIFIED[made.what]: f"{self.day(days_before)}T09:00:00.000Z"}
        place = (object_of(made, "hubspot"), given, made.ids["hubspot"])
        self.later.append(Step("hubspot", "put", place, {"source": source}))

    def tie(self, one: Made, other: Made, *type_ids: int) -> None:
        """Ties two records in HubSpot, as the type ids say it seen from the first."""
        places = (object_of(one, "hubspot"), one.ids["hubspot"])
        self.ties.append(
            Association(*places, object_of(other, "hubspot"), other.ids["hubspot"], type_ids)
        )

    def found(self, audit: str, made: Made, system: str, note: str) -> Planted:
        """What an audit must find: this record, in this system."""
        return Planted(audit, system, object_of(made, system), made.ids[system], note)

    def day(self, days_before: int) -> str:
        """A day so many days before `as_of`, as text."""
        return (self.as_of - timedelta(days=days_before)).isoformat()


def object_of(made: Made, system: str) -> str:
    """What a system calls that kind of record."""
    return (_HUBSPOT if system == "hubspot" else _SALESFORCE)[made.what]


def new_ids(what: str, number: int, systems: tuple[str, ...] = SYSTEMS) -> dict[str, str]:
    """Native ids of a new record in each system."""
    makers = {
        "hubspot": lambda: hubspot_id(_HUBSPOT[what], number),
        "salesforce": lambda: salesforce_id(_SALESFORCE[what], number),
    }
    return {system: makers[system]() for system in systems}


def frozen(rows: Rows, system: str) -> dict[str, tuple[NativeRow, ...]]:
    """Object -> its rows by ascending id, objects in the order in which they were there."""
    return {
        name: tuple(NativeRow(id_, values) for id_, values in sorted(by_id.items()))
        for name, by_id in rows[system].items()
    }
