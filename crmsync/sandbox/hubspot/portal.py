"""What a portal keeps: rows, property definitions, switches, and the index that finds them.

Knows neither how a write derives values (`records.py`) nor HTTP.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.activity_properties import activity_properties
from crmsync.sandbox.hubspot.association_types import AssociationType, with_labels
from crmsync.sandbox.hubspot.callers import NOBODY
from crmsync.sandbox.hubspot.company_properties import company_properties
from crmsync.sandbox.hubspot.contact_properties import contact_properties
from crmsync.sandbox.hubspot.deal_properties import deal_properties
from crmsync.sandbox.hubspot.definitions import Definition
from crmsync.sandbox.hubspot.index import Ends, ObjectIndex, TieIndex, unique_values
from crmsync.sandbox.hubspot.limits import Limits
from crmsync.sandbox.hubspot.objects import ACTIVITIES, OBJECTS
from crmsync.sandbox.hubspot.switches import Switches
from crmsync.sandbox.tables import Row, Tables

# Twelve digits, as portals give them out; recorded 2026-03. Contacts, companies and deals start at
# the same number on purpose: ids are unique only within one object.
FIRST_ID = 734_000_000_001

_LABELS = "labels"
_NATIVE = {
    "contacts": contact_properties(),
    "companies": company_properties(),
    "deals": deal_properties(),
    **{one.name: activity_properties(one.name) for one in ACTIVITIES},
}


class Portal:
    """The state of one portal. Rows live in `tables`; everything else is derived from them."""

    def __init__(self, tables: Tables, clock: Clock, portal_id: int) -> None:
        self.tables = tables
        self.clock = clock
        self.portal_id = portal_id
        self.switches = Switches(tables)
        self.swept: date | None = None  # when the bin of archived records was last looked through
        self.limits = Limits(self.switches)
        self.usage: tuple[datetime, int] | None = None  # what the usage call told last, and when
        # Writes that search may not have seen: when, object, id and the row before.
        self.unseen: list[tuple[datetime, str, str, Row | None]] = []
        self.caller = NOBODY  # of the call that is being answered
        self._build()

    def save_definition(self, object_name: str, whole: Definition) -> None:
        """Keeps a definition, and indexes the values it now makes unique."""
        self.tables.put(f"properties {object_name}", whole["name"], whole)
        self._definitions[object_name][whole["name"]] = whole
        self._unique[object_name] = _unique(object_name, self._definitions[object_name])
        self.found.clear()
        if whole["hasUniqueValue"]:
            for id_ in self.objects[object_name].live:
                self._hold(object_name, str(id_), [whole["name"]])

    def save_labels(self, labels: Iterable[AssociationType]) -> None:
        """Keeps association types that people defined."""
        for one in labels:
            self.tables.put(_LABELS, str(one.id), asdict(one))
            self.types[one.id] = one

    def drop_labels(self, ids: Iterable[int]) -> None:
        """Takes association types that people defined away."""
        for one in ids:
            self.tables.drop(_LABELS, str(one))
            del self.types[one]

    def definitions(self, object_name: str) -> dict[str, Definition]:
        """All definitions of an object by name; live, so do not change them."""
        return self._definitions[object_name]

    def archive_definition(self, object_name: str, name: str, at: str) -> None:
        """Moves a property to the recycling bin; records keep its values, and nobody sees them."""
        whole = {**self._definitions[object_name][name], "archived": True, "archivedAt": at}
        self.tables.put(f"properties {object_name}", name, whole)
        self._build()

    def archived_definitions(self, object_name: str) -> dict[str, Definition]:
        """The definitions in the recycling bin, by name."""
        kept = self.tables.rows(f"properties {object_name}")
        return {name: one for name, one in kept if one["archived"] and "purgedAt" not in one}

    def read_only(self, object_name: str, name: str) -> bool:
        """Whether the objects API refuses to write the property."""
        if name == "hs_email_optout":
            return not self.switches.writable_optout
        told: bool = self._definitions[object_name][name]["modificationMetadata"]["readOnlyValue"]
        return told

    def unique_names(self, object_name: str) -> list[str]:
        """Properties that identify one record: those marked unique, and a contact's e-mail."""
        return self._unique[object_name]

    def groups(self, object_name: str) -> list[dict[str, Any]]:
        """The property groups of an object, in the order of its properties, then those people made."""
        names = dict.fromkeys(one["groupName"] for one in self._definitions[object_name].values())
        fresh = {
            name: {"name": name, "label": name.capitalize(), "displayOrder": at, "archived": False}
            for at, name in enumerate(names)
        }
        kept = fresh | dict(self.tables.rows(f"groups {object_name}"))
        return [one for one in kept.values() if not one["archived"]]

    def save_group(self, object_name: str, whole: Row) -> None:
        """Keeps a property group."""
        self.tables.put(f"groups {object_name}", whole["name"], whole)

    def row(self, object_name: str, id_: str, archived: bool = False) -> Row | None:
        """A record's row if it is live, or if it is archived when that is asked for."""
        row = self.tables.get(object_name, id_)
        return row if row is not None and ("archivedAt" in row) is archived else None

    def now_at(self, object_name: str, id_: str) -> str:
        """The id under which a record is found: that of the survivor if it was merged away."""
        merged = self.tables.get(f"merged {object_name}", id_)
        return id_ if merged is None else self.now_at(object_name, merged["into"])

    def drop(self, object_name: str, id_: str) -> None:
        """Takes a record away for good; it must have no ties any more."""
        row = self.tables.get(object_name, id_)
        if row is None:
            return
        self.found.clear()
        if self.switches.search_lag and "archivedAt" not in row:
            self.unseen.append((self.clock.now(), object_name, id_, row))
        index = self.objects[object_name]
        for name in self.unique_names(object_name):
            index.release(name, unique_values(name, row), id_)
        index.forget(id_)
        self.tables.drop(object_name, id_)

    def holder(self, object_name: str, name: str, value: str) -> str | None:
        """The id of the live record that holds a unique value, or None."""
        value = value.strip().lower() if name == "email" else value
        return self.objects[object_name].holders[name].get(value)

    def next_id(self, name: str) -> str:
        """An id nobody had before."""
        number = self._state["next"].get(name, FIRST_ID)
        self._claim(name, number)
        return str(number)

    def next_number(self, name: str, first: int = 1) -> int:
        """A small number nobody had before, for what is no record."""
        number: int = self._state["next"].get(name, first)
        self._state["next"][name] = number + 1
        self.tables.put("portal", "state", self._state)
        return number

    def keep(self, object_name: str, id_: str, row: Row) -> None:
        """Puts a record's row in place of the one before it, and brings the index in step."""
        self.found.clear()
        index = self.objects[object_name]
        before = self.tables.get(object_name, id_)
        if self.switches.search_lag:
            self.unseen.append((self.clock.now(), object_name, id_, before))
        names = self.unique_names(object_name)
        if before is not None:
            for name in names:
                index.release(name, unique_values(name, before), id_)
        else:
            self._claim(object_name, int(id_))
        self.tables.put(object_name, id_, row)
        self._file(object_name, id_, row, names)

    def rebuild(self) -> None:
        """Derives everything from the rows again, after they were changed behind the index."""
        self._build()

    def refresh(self) -> None:
        """Builds the index again if somebody has replaced the rows (a restored state)."""
        if self.tables.get("portal", "state") is not self._state:
            self._build()

    def _claim(self, name: str, number: int) -> None:
        if number >= self._state["next"].get(name, FIRST_ID):
            self._state["next"][name] = number + 1
            self.tables.put("portal", "state", self._state)

    def _file(self, object_name: str, id_: str, row: Row, unique: list[str]) -> None:
        archived = "archivedAt" in row
        self.objects[object_name].place(id_, archived)
        if not archived:
            self._hold(object_name, id_, unique)

    def _hold(self, object_name: str, id_: str, names: list[str]) -> None:
        row = self.tables.get(object_name, id_)
        assert row is not None
        for name in names:
            self.objects[object_name].hold(name, unique_values(name, row), id_)

    def _build(self) -> None:
        """Derives everything from the tables; the row `portal/state` marks that it is done."""
        state = self.tables.get("portal", "state") or {"next": {}}
        self.tables.put("portal", "state", state)
        self._state: Row = state
        self._definitions: dict[str, dict[str, Definition]] = {
            name: {
                key: one
                for key, one in {
                    **{one["name"]: one for one in _NATIVE[name]},
                    **dict(self.tables.rows(f"properties {name}")),
                }.items()
                if not one["archived"]
            }
            for name in OBJECTS
        }
        self._unique = {name: _unique(name, self._definitions[name]) for name in OBJECTS}
        # What earlier searches found, by question; forgotten at every change of a record.
        self.found: dict[bytes, list[str]] = {}
        self.objects: dict[str, ObjectIndex] = defaultdict(ObjectIndex)
        self.types = with_labels(row for _, row in self.tables.rows(_LABELS))
        self.ties = TieIndex()
        for name in OBJECTS:
            for id_, row in self.tables.rows(name):
                self._file(name, id_, row, self._unique[name])
        for ends, types in _kept_ties(self.tables):
            self.ties.set(ends, types)


def _unique(object_name: str, definitions: dict[str, Definition]) -> list[str]:
    marked = [one["name"] for one in definitions.values() if one["hasUniqueValue"]]
    return ["email", *marked] if object_name == "contacts" else marked


def _kept_ties(tables: Tables) -> Iterator[tuple[Ends, tuple[int, ...]]]:
    """Every tie in the tables, each direction once."""
    for name in tables.objects():
        if name.startswith("association "):
            _, from_object, to_object = name.split()
            for key, row in tables.rows(name):
                from_id, to_id = key.split(":")
                yield (from_object, from_id, to_object, to_id), tuple(row["types"])
