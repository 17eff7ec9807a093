"""Small values the examples of tests/core are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.core.mapping import CreateWhen, Entity, Field, Seat
from crmsync.core.matching import Candidate
from crmsync.core.planning import CellChange, Change
from crmsync.core.records import Cell, Group, Native, Record, Ref, Schema, Value


def record(system: str, id_: str, *marks: str | None) -> Candidate:
    """A record that is not linked, with one or two marks."""
    first, second = (*marks, None, None)[:2]
    return Candidate(Ref(system, "contact", id_), (first, second))


def linked(system: str, id_: str, key: str, *marks: str | None) -> Candidate:
    """A record that has a key."""
    first, second = (*marks, None, None)[:2]
    return Candidate(Ref(system, "contact", id_), (first, second), key)


def field(name: str, type_: str = "text", **other: Any) -> Field:
    """A field that sf, hs and csv all have, under our name."""
    return Field(name, type_, dict.fromkeys(("csv", "hs", "sf"), name), **other)


def entity(*fields: Field, create: Any = "never") -> Entity:
    """A contact with seats in three systems; `create` is how csv may create."""
    seats = [Seat("sf", "contact"), Seat("hs", "contact"), Seat("csv", "contact", create=create)]
    return Entity("contact", seats, ["key"], list(fields))


def when(**conditions: Any) -> CreateWhen:
    """Create where every field meets its condition."""
    return CreateWhen(conditions)


def schemas(of: Entity, **natives: Native) -> dict[tuple[str, str], Schema]:
    """Schemas of all seats: plain fields, but those named `system_field` as given."""
    found = {}
    for seat in of.seats:
        plain = {each.field: Native(each.field, "string") for each in of.fields}
        own = {
            name.partition("_")[2]: native
            for name, native in natives.items()
            if name.startswith(f"{seat.system}_")
        }
        found[seat.system, seat.object] = Schema(seat.system, seat.object, {**plain, **own})
    return found


def group(
    cells: Mapping[str, Mapping[str, Cell]],
    bases: Mapping[str, Mapping[str, Value | None]] | None = None,
) -> Group:
    """A customer `k` with records {system: {field: cell}}."""
    records = {
        system: Record(Ref(system, "contact", f"{system}-1"), each)
        for system, each in cells.items()
    }
    return Group("contact", "k", records, bases or {})


def change(*cells: CellChange, action: str = "update", **other: Any) -> Change:
    """A change of the contact `k` in sf."""
    named: dict[str, Any] = {
        "lane": 1, "entity": "contact", "key": "k", "system": "sf", "object": "contact", "native_id": "1",
        **other,
    }  # fmt: skip
    return Change(action, cells=cells, **named).with_id()
