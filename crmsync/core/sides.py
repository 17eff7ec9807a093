"""What the systems say of one field of a group, as the merge sees it: sides, the rule, and what each can keep.

Must not know: what the merge makes of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from crmsync.core.lenses import Schemas
from crmsync.core.linked import reachable, text_references
from crmsync.core.mapping import Field, tied_object
from crmsync.core.merging import Keeps
from crmsync.core.policies import Rule, Side
from crmsync.core.records import ABSENT, Cell, Group, Invalid, Native, Ref, Value, is_observed
from crmsync.core.ties import read_ties_text
from crmsync.core.values import held

TIES = ("reference", "references")


class Reach(Protocol):
    """Answers whether a reference to (entity, key) leads somewhere in a system, or in one object of it."""

    def __call__(self, entity: str, key: str, system: str, object_: str = "", /) -> bool:
        """True if it does."""
        ...


def reaches_all(_entity: str, _key: str, _system: str, _object: str = "", /) -> bool:
    """Every reference leads somewhere."""
    return True


class Outside(Protocol):
    """Answers whether the scope leaves out the record of (entity, key) in a system, or in one object of it."""

    def __call__(self, entity: str, key: str, system: str, object_: str = "", /) -> Ref | None:
        """The record that is left out; None if it takes part, or if there is none."""
        ...


def nobody_outside(_entity: str, _key: str, _system: str, _object: str = "", /) -> Ref | None:
    """Everybody takes part."""
    return None


def rule_of(field: Field, margin: timedelta) -> Rule:
    """The rule a field is merged by; `margin` is the gap in times that `newest` needs."""
    return Rule(field.policy, field.policy_system, field.blank, tuple(field.order), margin)


def native_of(field: Field, system: str, object_: str, schemas: Schemas) -> Native | None:
    """What the system says about the field behind one of ours; None if it is not readable there."""
    name = field.name_in(system, object_)
    schema = schemas.get((system, object_))
    return schema.fields.get(name) if name and schema else None


def sides_of(
    field: Field, group: Group, schemas: Schemas, reaches: Reach = reaches_all
) -> list[Side]:
    """One side for each system that holds a record of the group, in order of the systems.

    Whom a system does not show any more was not taken away from there: a record that was deleted, merged,
    filtered out or not read is missing from every set and reference, and nobody meant it.
    """
    natives = {
        system: native_of(field, system, record.ref.object, schemas)
        for system, record in sorted(group.records.items())
    }
    sides = [_side(field, group, system, native) for system, native in natives.items()]
    if field.type == "reference":
        return [_unless_gone(field, side, reaches) for side in sides]
    if field.type != "references":
        return sides
    gone = frozenset[str]().union(
        *(_gone(field, side, natives[side.system], reaches) for side in sides)
    )
    return [_before(side, gone) for side in sides] if gone else sides


def _unless_gone(field: Field, side: Side, reaches: Reach) -> Side:
    """The side unseen, where it is blank only because the record it led to is not shown any more."""
    led = side.base
    if side.cell is not None or not isinstance(led, str) or field.to is None:
        return side
    return side if reaches(field.to, led, side.system) else replace(side, cell=ABSENT)


def _gone(field: Field, side: Side, native: Native | None, reaches: Reach) -> frozenset[str]:
    """Members that a side was settled with, does not have, and could not have now."""
    if not isinstance(side.base, frozenset) or not is_observed(side.cell):
        return frozenset()
    now = side.cell if isinstance(side.cell, frozenset) else frozenset[str]()
    missing = frozenset(str(each) for each in side.base) - now
    return missing - _reachable(field, side.system, missing, native, reaches)


def _before(side: Side, gone: frozenset[str]) -> Side:
    """The side as if it had never been settled with these members: they are owed anew, not removed."""
    if not isinstance(side.base, frozenset):
        return side
    return replace(side, base=frozenset(str(each) for each in side.base) - gone or None)


def _side(field: Field, group: Group, system: str, native: Native | None) -> Side:
    return Side(
        system=system,
        cell=group.cell(system, field.field),
        base=group.base(system, field.field),
        changed_at=group.records[system].times.get(field.field),
        speaks=field.speaks_for(system),
        writable=field.writes_to(system) and native is not None and native.writable,
    )


def keeps_of(
    field: Field,
    group: Group,
    schemas: Schemas,
    reaches: Reach = reaches_all,
    outside: Outside = nobody_outside,
) -> Keeps:
    """What each system's own field would keep of a value."""

    def keeps(system: str, value: Value | None) -> Value | Invalid | None:
        native = native_of(field, system, group.records[system].ref.object, schemas)
        tied = frozenset[str]()
        if field.type in TIES:
            tied = keys_in(group.cell(system, field.field))
        return kept_value(field, system, value, native, tying(reaches, outside, tied))

    return keeps


def keys_in(cell: Cell) -> frozenset[str]:
    """The keys that a reference, or a set of them, leads to."""
    elements = cell if isinstance(cell, frozenset) else {cell} if isinstance(cell, str) else ()
    return frozenset(key for each in elements for key, _ in read_ties_text(each))


def tying(reaches: Reach, outside: Outside, tied: Collection[str]) -> Reach:
    """Where ties may lead: to a record that takes part, or to which there is one already."""

    def may(entity: str, key: str, system: str, /, *object_: str) -> bool:
        there = reaches(entity, key, system, *object_)
        return there and (key in tied or outside(entity, key, system, *object_) is None)

    return may


def kept_value(
    field: Field, system: str, value: Value | None, native: Native | None, reaches: Reach
) -> Value | Invalid | None:
    """What one field keeps of a value; a reference to what the system does not hold is Invalid.

    Of a set of references the field keeps those that lead somewhere.
    """
    if field.type == "references" and isinstance(value, frozenset):
        found = _reachable(field, system, value, native, reaches)
        return held(found, field.spec(system), native) if found else Invalid(text_references(value))
    if field.type == "reference" and value is not None:
        assert field.to is not None, f"a reference names its entity: {field.field}"
        if not reaches(field.to, str(value), system):
            return Invalid(str(value))
    return held(value, field.spec(system), native)


def _reachable(
    field: Field, system: str, value: frozenset[str], native: Native | None, reaches: Reach
) -> frozenset[str]:
    """The elements of a set whose records are in the system, in the object that the tie is to."""
    assert field.to is not None, f"references name their entity: {field.field}"
    entity = field.to
    to_object = tied_object(native.name) if native else ""
    return reachable(value, lambda key: reaches(entity, key, system, to_object))
