"""Where a record may be created, with what, and what speaks against it.

Must not know: what becomes of the records that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsync.core.lenses import Schemas, spec_of
from crmsync.core.mapping import CreateWhen, Entity, Field, Seat, meets
from crmsync.core.merging import Outcome
from crmsync.core.records import Group, Invalid, is_observed
from crmsync.core.sides import Reach, kept_value, native_of, sides_of
from crmsync.core.values import TYPES, text_of
from crmsync.core.views import Choice, choose


def empty_seats(entity: Entity, group: Group) -> Iterator[Seat]:
    """For each system without a record: the first seat that may create one, else the first seat.

    A customer whose records the scope leaves out is created nowhere.
    """
    if not set(group.records) - group.outside:
        return
    for system in entity.systems:
        if system not in group.records:
            seats = entity.seats_of(system)
            yield next((seat for seat in seats if seat.create != "never"), seats[0])


def agreed_on(
    field: Field, group: Group, schemas: Schemas, outcome: Outcome | None
) -> Choice | None:
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


def known_cells(
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


def objection_to(
    entity: Entity,
    seat: Seat,
    agreed: Mapping[str, Choice | None],
    choices: Mapping[str, Choice],
    schemas: Schemas,
) -> str | None:
    """Why nothing is created here, or None if it may be.

    Conditions look at what the group stands for, not at what the seat can hold; a field that nobody
    could read, or whose sides disagree, meets none. A record that its own scope would leave out at once is
    not created: nothing would ever reach it again.
    """
    if not isinstance(seat.create, CreateWhen):
        return seat.create
    for name, condition in seat.create.when.items():
        field, choice = entity.field_named(name), agreed.get(name)
        if field is None or choice is None:
            return f"condition:{name}"
        if not meets(condition, text_of(choice.value, field.type)):
            return f"condition:{name}"
    if not choices:
        return "empty"
    missed = _missed_scope(entity, seat, choices, schemas)
    return None if missed is None else f"outside_scope:{missed}"


def _missed_scope(
    entity: Entity, seat: Seat, choices: Mapping[str, Choice], schemas: Schemas
) -> str | None:
    """The first native field of the scope whose condition a record made of this would not meet."""
    given: dict[str, str | None] = {}
    for field in entity.fields:
        native, choice = field.name_in(seat.system, seat.object), choices.get(field.field)
        if native is not None and choice is not None and choice.value is not None:
            spec = spec_of(schemas, field, seat)
            given[native] = TYPES[field.type].render(choice.value, spec)
    for native, condition in entity.scope_of(seat).items():
        if not meets(condition, given.get(native, _unsaid(schemas, seat, native))):
            return native
    return None


def _unsaid(schemas: Schemas, seat: Seat, native: str) -> str | None:
    """What a field of a new record holds if nobody says anything: a checkbox false, any other nothing."""
    schema = schemas.get((seat.system, seat.object))
    known = schema.fields.get(native) if schema else None
    return "false" if known is not None and known.type == "boolean" else None
