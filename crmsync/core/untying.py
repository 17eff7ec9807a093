"""Ties that are not made, because they would lead to a record that the scope leaves out.

Must not know: how a tie is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from crmsync.core.lenses import Schemas
from crmsync.core.mapping import Entity, Field, Seat, tied_object
from crmsync.core.merging import Outcome
from crmsync.core.records import Group, Ref
from crmsync.core.sides import TIES, Outside, keys_in, native_of
from crmsync.core.views import Choice


@dataclass(frozen=True, slots=True)
class Untied:
    """A tie that is not made, because the scope leaves out the record it would lead to."""

    field: str
    system: str
    object: str
    to: Ref


def tie_fields(entity: Entity) -> list[Field]:
    """The synced fields that are references, or sets of them."""
    return [field for field in entity.synced() if field.type in TIES]


def not_tied(
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
        if len({each.to for each in found}) == len(keys_in(elements)):
            unfit = tuple(each for each in outcome.unfit if each != system)
            outcome = outcomes[field.field] = replace(outcome, unfit=unfit, owed=True)


def never_tied(
    entity: Entity,
    agreed: Mapping[str, Choice | None],
    schemas: Schemas,
    seat: Seat,
    outside: Outside,
) -> Iterator[Untied]:
    """Ties that a new record is not given because of the scope."""
    for field in tie_fields(entity):
        choice = agreed[field.field]
        if choice is not None and field.writes_to(seat.system):
            yield from _led_out(field, keys_in(choice.value), seat, schemas, outside)


def _led_out(
    field: Field, elements: frozenset[str], seat: Seat, schemas: Schemas, outside: Outside
) -> Iterator[Untied]:
    """One for each of these ties that would lead out of the scope, where the seat has the field."""
    native = native_of(field, seat.system, seat.object, schemas)
    if native is None:
        return
    for key in sorted(keys_in(elements)):
        to = outside(field.to or "", key, seat.system, tied_object(native.name))
        if to is not None:
            yield Untied(field.field, seat.system, seat.object, to)
