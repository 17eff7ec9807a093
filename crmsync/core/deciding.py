"""What one group of records should become: every field merged, and what that means for each system.

    a record exists in the system    the merged cells that differ become one update
    no record, a seat may create     a create with everything that is known and agreed
    no record, a seat says ask       held back until a person says so
    no record, but there was one     held back: what was deleted does not come back by itself
    no record, otherwise             nothing
    a record outside the scope       nothing: neither evidence nor a target, and nothing is created beside it
    a new tie to such a record       held back; one that is there stays
    every record outside             nothing anywhere

Must not know: other groups, limits, or how a plan is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dc_field
from datetime import timedelta
from typing import Protocol

from crmsync.core.lenses import Schemas
from crmsync.core.linked import reachable, text_references
from crmsync.core.mapping import CreateWhen, Entity, Field, Seat, meets, tied_object
from crmsync.core.merging import Keeps, Outcome, merge
from crmsync.core.policies import Rule, Side
from crmsync.core.records import ABSENT, Cell, Group, Invalid, Native, Ref, Value, is_observed
from crmsync.core.ties import read_ties_text
from crmsync.core.unfitness import why_unfit
from crmsync.core.values import held, text_of
from crmsync.core.views import Choice, choose

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


@dataclass(frozen=True, slots=True)
class Untied:
    """A tie that is not made, because the scope leaves out the record it would lead to."""

    field: str
    system: str
    object: str
    to: Ref


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome of every synced field of one group, and the records to create or hold back.

    `unfit` says by (system, field) why a value does not fit there.
    """

    group: Group
    outcomes: Mapping[str, Outcome]
    creates: tuple[tuple[Seat, Mapping[str, Choice]], ...] = ()
    held_back: tuple[tuple[Seat, str], ...] = ()
    unfit: Mapping[tuple[str, str], str] = dc_field(default_factory=dict)
    untied: tuple[Untied, ...] = ()


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
            tied = _keys(group.cell(system, field.field))
        return kept_value(field, system, value, native, _tying(reaches, outside, tied))

    return keeps


def _keys(cell: Cell) -> frozenset[str]:
    """The keys that a reference, or a set of them, leads to."""
    elements = cell if isinstance(cell, frozenset) else {cell} if isinstance(cell, str) else ()
    return frozenset(key for each in elements for key, _ in read_ties_text(each))


def _tying(reaches: Reach, outside: Outside, tied: Collection[str]) -> Reach:
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


def decide(
    entity: Entity,
    group: Group,
    schemas: Schemas,
    margin: timedelta,
    reaches: Reach = reaches_all,
    outside: Outside = nobody_outside,
) -> Decided:
    """Every synced field merged, and what is to be created where nothing stands yet."""
    outcomes = {
        field.field: merge(
            rule_of(field, margin),
            sides_of(field, group, schemas, reaches),
            keeps_of(field, group, schemas, reaches, outside),
        )
        for field in entity.synced()
    }
    untied = [
        each
        for field in _ties(entity)
        for each in _untied(field, group, schemas, outcomes, outside)
    ]
    creates: list[tuple[Seat, Mapping[str, Choice]]] = []
    held_back: list[tuple[Seat, str]] = []
    for seat in _empty_seats(entity, group):
        if seat.create == "never":
            continue
        agreed = {
            field.field: _agreed(field, group, schemas, outcomes.get(field.field))
            for field in entity.fields
        }
        choices = _known(entity, agreed, schemas, seat, _tying(reaches, outside, ()))
        reason = _objection(entity, seat, agreed, choices)
        if seat.system in group.gone:
            reason = "gone"
        if reason is None:
            creates.append((seat, choices))
            untied += _never_tied(entity, agreed, schemas, seat, outside)
        else:
            held_back.append((seat, reason))
    unfit = _whys(entity, group, outcomes, schemas)
    return Decided(group, outcomes, tuple(creates), tuple(held_back), unfit, tuple(untied))


def _whys(
    entity: Entity, group: Group, outcomes: Mapping[str, Outcome], schemas: Schemas
) -> dict[tuple[str, str], str]:
    """Why values do not fit, by (system, field)."""
    found: dict[tuple[str, str], str] = {}
    for field in entity.synced():
        outcome = outcomes[field.field]
        for system in outcome.unfit:
            native = native_of(field, system, group.records[system].ref.object, schemas)
            found[system, field.field] = why_unfit(field, outcome.value, native)
    return found


def _ties(entity: Entity) -> list[Field]:
    return [field for field in entity.synced() if field.type in TIES]


def _untied(
    field: Field,
    group: Group,
    schemas: Schemas,
    outcomes: dict[str, Outcome],
    outside: Outside,
) -> Iterator[Untied]:
    """Ties that a record is not given because of the scope; what lacks nothing else is not called unfit."""
    outcome = outcomes[field.field]
    for system, elements in outcome.missing:
        place = Seat(system, group.records[system].ref.object)
        found = list(_led_out(field, elements, place, schemas, outside))
        yield from found
        if len({each.to for each in found}) == len(_keys(elements)):
            unfit = tuple(each for each in outcome.unfit if each != system)
            outcome = outcomes[field.field] = replace(outcome, unfit=unfit, owed=True)


def _never_tied(
    entity: Entity,
    agreed: Mapping[str, Choice | None],
    schemas: Schemas,
    seat: Seat,
    outside: Outside,
) -> Iterator[Untied]:
    """Ties that a new record is not given because of the scope."""
    for field in _ties(entity):
        choice = agreed[field.field]
        if choice is not None and field.writes_to(seat.system):
            yield from _led_out(field, _keys(choice.value), seat, schemas, outside)


def _led_out(
    field: Field, elements: frozenset[str], seat: Seat, schemas: Schemas, outside: Outside
) -> Iterator[Untied]:
    """One for each of these ties that would lead out of the scope, where the seat has the field."""
    native = native_of(field, seat.system, seat.object, schemas)
    if native is None:
        return
    for key in sorted(_keys(elements)):
        to = outside(field.to or "", key, seat.system, tied_object(native.name))
        if to is not None:
            yield Untied(field.field, seat.system, seat.object, to)


def _empty_seats(entity: Entity, group: Group) -> Iterator[Seat]:
    """For each system without a record: the first seat that may create one, else the first seat.

    A customer whose records the scope leaves out is created nowhere.
    """
    if not set(group.records) - group.outside:
        return
    for system in entity.systems:
        if system not in group.records:
            seats = entity.seats_of(system)
            yield next((seat for seat in seats if seat.create != "never"), seats[0])


def _agreed(field: Field, group: Group, schemas: Schemas, outcome: Outcome | None) -> Choice | None:
    """What the group stands for in one field; None if nothing was read, or its sides disagree."""
    sides = [side for side in sides_of(field, group, schemas) if is_observed(side.cell)]
    if not sides or (outcome is not None and outcome.conflict):
        return None
    if outcome is not None and (outcome.value is not None or outcome.reason.startswith("cleared")):
        origin = next((side.system for side in sides if side.value == outcome.value), None)
        return Choice(outcome.value, origin, outcome.reason)
    if (
        outcome is not None
        and outcome.reason != "alone"
        and len({side.value for side in sides}) > 1
    ):
        return None
    choice = choose(field, sides)
    return None if choice.reason.startswith("disagree") else choice


def _known(
    entity: Entity,
    agreed: Mapping[str, Choice | None],
    schemas: Schemas,
    seat: Seat,
    reaches: Reach,
) -> dict[str, Choice]:
    """What the other systems agree on, for each field the seat has, as far as it can keep it.

    Consent that was not taken back is nobody's to state: a new record is given an opt-out or nothing.
    """
    known: dict[str, Choice] = {}
    for field in entity.synced():
        choice = agreed[field.field]
        native = native_of(field, seat.system, seat.object, schemas)
        if native is None or not native.createable or not field.writes_to(seat.system):
            continue
        if choice is None or (field.policy == "sticky" and choice.value is False):
            continue
        kept = kept_value(field, seat.system, choice.value, native, reaches)
        if kept is not None and not isinstance(kept, Invalid):
            known[field.field] = Choice(kept, choice.system, choice.reason)
    return known


def _objection(
    entity: Entity,
    seat: Seat,
    agreed: Mapping[str, Choice | None],
    choices: Mapping[str, Choice],
) -> str | None:
    """Why nothing is created here, or None if it may be.

    Conditions look at what the group stands for, not at what the seat can hold; a field that nobody
    could read, or whose sides disagree, meets none.
    """
    if not isinstance(seat.create, CreateWhen):
        return seat.create
    for name, condition in seat.create.when.items():
        field, choice = entity.field_named(name), agreed.get(name)
        if field is None or choice is None:
            return f"condition:{name}"
        if not meets(condition, text_of(choice.value, field.type)):
            return f"condition:{name}"
    return None if choices else "empty"


def settled_cells(decided: Decided) -> dict[str, dict[str, Value | None]]:
    """What each side's base moves to as soon as nothing is left to write: {system: {field: value}}."""
    bases: dict[str, dict[str, Value | None]] = {}
    for name, outcome in decided.outcomes.items():
        for system, value in outcome.settled:
            if decided.group.base(system, name) != value:
                bases.setdefault(system, {})[name] = value
    return bases
