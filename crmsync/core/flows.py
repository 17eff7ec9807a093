"""Which way values of a field go: from which native fields they are read, and to which they are written.

Must not know: what the values are, or who wins when two ways meet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default

from crmsync.core.mapping import Condition, Entity, Field, Seat

ReadOnly = Collection[tuple[str, str]]
"""System and object of what is never written: exports, tables without a key."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One way a value can go: from a seat of one system to a seat of another."""

    entity: Entity = default(repr=False)
    field: Field = default(repr=False)
    source: Seat
    target: Seat


def goes(field: Field, source: str, target: str) -> bool:
    """True if a value of one system may become that of another, by direction and policy."""
    if source == target or len(field.systems) < 2:
        return False
    if field.policy == "always" and field.policy_system != source:
        return False
    return field.speaks_for(source) and field.writes_to(target)


def inputs(field: Field, seat: Seat) -> tuple[str, ...]:
    """The native fields that a value is read from on a seat; none where it has no such field."""
    return field.inputs_in(seat.system, seat.object)


def output(field: Field, seat: Seat) -> str | None:
    """The native field that a value is written to on a seat, None where nothing is written."""
    return field.name_in(seat.system, seat.object)


def conditions(entity: Entity, seat: Seat) -> Mapping[str, Condition]:
    """What a record has to meet to take part on a seat, by native field."""
    return {**entity.scope_of(seat), **seat.where}


def apart(one: Mapping[str, Condition], other: Mapping[str, Condition]) -> bool:
    """True if no record can meet both: they ask different things of one native field."""
    return any(_exclude(one[name], other[name]) for name in one.keys() & other.keys())


def _exclude(one: Condition, other: Condition) -> bool:
    if "present" in (one, other):
        return "blank" in (one, other)
    return not _texts(one) & _texts(other)


def _texts(condition: Condition) -> set[str]:
    values = condition if isinstance(condition, list) else [condition]
    return {str(each).lower() if isinstance(each, bool) else str(each) for each in values}


def flows(entity: Entity, read_only: ReadOnly = ()) -> Iterator[Flow]:
    """Every way a value of an entity can go, in the order of its file."""
    for field in entity.synced():
        for source in entity.seats:
            for target in entity.seats:
                if (target.system, target.object) in read_only or not output(field, target):
                    continue
                if inputs(field, source) and goes(field, source.system, target.system):
                    yield Flow(entity, field, source, target)
