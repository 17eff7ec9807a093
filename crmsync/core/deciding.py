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

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dc_field
from datetime import timedelta

from crmsync.core.creating import agreed_on, empty_seats, known_cells, objection_to
from crmsync.core.lenses import Schemas
from crmsync.core.mapping import Entity, Seat
from crmsync.core.merging import Outcome, merge
from crmsync.core.records import Group, Value
from crmsync.core.sides import (
    Outside,
    Reach,
    keeps_of,
    native_of,
    nobody_outside,
    reaches_all,
    rule_of,
    sides_of,
    tying,
)
from crmsync.core.unfitness import why_unfit
from crmsync.core.untying import Untied, never_tied, not_tied, tie_fields
from crmsync.core.views import Choice


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
        for field in tie_fields(entity)
        for each in not_tied(field, group, schemas, outcomes, outside)
    ]
    creates: list[tuple[Seat, Mapping[str, Choice]]] = []
    held_back: list[tuple[Seat, str]] = []
    for seat in empty_seats(entity, group):
        if seat.create == "never":
            continue
        agreed = {
            field.field: agreed_on(field, group, schemas, outcomes.get(field.field))
            for field in entity.fields
        }
        choices = known_cells(entity, agreed, schemas, seat, tying(reaches, outside, ()))
        reason = objection_to(entity, seat, agreed, choices, schemas)
        if seat.system in group.gone:
            reason = "gone"
        if reason is None:
            creates.append((seat, choices))
            untied += never_tied(entity, agreed, schemas, seat, outside)
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


def settled_cells(decided: Decided) -> dict[str, dict[str, Value | None]]:
    """What each side's base moves to as soon as nothing is left to write: {system: {field: value}}."""
    bases: dict[str, dict[str, Value | None]] = {}
    for name, outcome in decided.outcomes.items():
        for system, value in outcome.settled:
            if decided.group.base(system, name) != value:
                bases.setdefault(system, {})[name] = value
    return bases


def with_reasons(decided: Decided, reasons: Mapping[tuple[str, str], str]) -> Decided:
    """What was decided, with what is known of records that are `gone`, by (key, system)."""
    if not decided.group.gone:
        return decided
    key = decided.group.key
    held = tuple(
        (seat, reasons.get((key, seat.system), code) if code == "gone" else code)
        for seat, code in decided.held_back
    )
    return replace(decided, held_back=held)
