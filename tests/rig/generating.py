"""Random worlds: one base, perturbed apart in each system, so that something interesting happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from crmsync.core.mapping import CreateWhen, Entity, Field, OneWay, Seat
from crmsync.core.policies import POLICIES
from crmsync.core.records import (
    ABSENT,
    UNKNOWN,
    Cell,
    Group,
    Invalid,
    Native,
    Record,
    Ref,
    Schema,
    Value,
)
from crmsync.core.values import TYPES, value_of
from rig.kinds import COMPANIES, KINDS, LADDER
from rig.world import START, Edit, Fate, Place, World

SYSTEMS = ("alpha", "beta", "gamma")
MINUTES = (0, 1, 5, 30, 60)
_SAME = "same"
MOVES = (_SAME, _SAME, _SAME, "edit", "edit", "blank", "absent", "unknown", "invalid", "unbased")
BUSY = (_SAME, "edit", "edit", "edit", "edit", "blank", "absent")
CALM = (_SAME,)
"""What happened to a cell since it was settled; a move that is listed twice is twice as likely."""

_LATER = ("edit", "edit", "blank", "back", "absent", "invalid")

Draw = Any


def _one(draw: Draw, options: Sequence[Any]) -> Any:
    return options[draw(st.integers(0, len(options) - 1))]


def _mapped(draw: Draw, name: str, systems: Sequence[str], policy: str) -> Field:
    kind = KINDS[name]
    names_one = POLICIES[policy].names_a_system
    directions = ["both"] * 5 + ["none", OneWay(_one(draw, systems))]
    return Field(
        field=name,
        type=kind.type,
        names=dict.fromkeys(systems, name),
        on_conflict={policy: _one(draw, systems)} if names_one else policy,
        blank=_one(draw, ("ignore", "propagate", "ask")),
        direction=_one(draw, directions),
        order=list(LADDER) if kind.type == "choice" else [],
        currency="EUR" if kind.type == "money" else "",
        to="company" if kind.type == "reference" else None,
    )


def _native(draw: Draw, name: str) -> Native | None:
    """A field of a system: mostly writable, sometimes read-only, seldom not there at all."""
    state = _one(draw, ("writable",) * 8 + ("read-only", "gone"))
    if state == "gone":
        return None
    writable = state == "writable"
    native: Native = _one(draw, KINDS[name].natives)
    return replace(native, name=name, writable=writable, createable=writable)


def _cells(
    draw: Draw,
    field: Field,
    native: Native | None,
    system: str,
    common: Value,
    moves: Sequence[str],
) -> tuple[Cell, Mapping[str, Value | None]]:
    """One side of one field: what it holds now, and what it was settled with ({} if it never was)."""
    if native is None:
        return ABSENT, {}
    type_, spec = TYPES[field.type], field.spec(system)
    base = type_.held(common, spec, native)
    if isinstance(base, Invalid):  # it could never be settled here
        return None, {}
    move = _one(draw, moves)
    other = type_.held(_some(draw, field), spec, native) if move in ("edit", "unbased") else base
    cell = {"edit": None if isinstance(other, Invalid) else other, **_ODD}.get(move, base)
    return (cell if move != "unbased" else _one(draw, (base, other))), (
        {} if move == "unbased" else {field.field: base}
    )


_ODD: Mapping[str, Cell] = {
    "blank": None,
    "absent": ABSENT,
    "unknown": UNKNOWN,
    "invalid": Invalid("??"),
}


def _some(draw: Draw, field: Field) -> Value:
    found = value_of(_one(draw, KINDS[field.field].pool), field.type)
    assert found is not None
    return found


def _group(
    draw: Draw,
    entity: Entity,
    key: str,
    systems: Sequence[str],
    schemas: Mapping[Place, Schema],
    moves: Sequence[str],
) -> Group:
    present = [s for s in systems if s == systems[0] or _one(draw, (True, True, True, False))]
    common = {field.field: _some(draw, field) for field in entity.fields}
    records: dict[str, Record] = {}
    bases: dict[str, dict[str, Value | None]] = {}
    for system in present:
        object_ = entity.entity
        cells: dict[str, Cell] = {}
        bases[system] = {}
        for field in entity.fields:
            native = schemas[system, object_].fields.get(field.field)
            value = common[field.field]
            cells[field.field], base = _cells(draw, field, native, system, value, moves)
            bases[system].update(base)
        times = {name: START + timedelta(minutes=_one(draw, MINUTES)) for name in cells}
        records[system] = Record(Ref(system, object_, f"{system}-{key}"), cells, times)
    return Group(entity.entity, key, records, bases)


def _entity(
    draw: Draw, name: str, systems: Sequence[str], fields: Sequence[str], policies: Sequence[str]
) -> Entity:
    creates = ("never", "ask", CreateWhen({}), CreateWhen({fields[0]: "present"}))
    return Entity(
        entity=name,
        seats=[Seat(system, name, create=_one(draw, creates)) for system in systems],
        match=["key"],
        fields=[_mapped(draw, each, systems, _policy(draw, each, policies)) for each in fields],
    )


def _policy(draw: Draw, name: str, wanted: Sequence[str]) -> str:
    admitted = KINDS[name].policies()
    return str(_one(draw, [each for each in admitted if each in wanted] or admitted))


def _later(
    draw: Draw, group: Group, entity: Entity, schemas: Mapping[Place, Schema]
) -> Edit | None:
    """Something a person, or a permission, changes once everything is quiet."""
    system, field = _one(draw, sorted(group.records)), _one(draw, entity.fields)
    native = schemas[system, entity.entity].fields.get(field.field)
    if native is None:
        return None
    other = TYPES[field.type].held(_some(draw, field), field.spec(system), native)
    known = {**_ODD, "back": group.bases[system].get(field.field)}
    cell = known.get(_one(draw, _LATER), None if isinstance(other, Invalid) else other)
    at = START + timedelta(minutes=120 + _one(draw, MINUTES))
    return Edit((group.entity, group.key), system, field.field, cell, at)


@st.composite
def worlds(
    draw: Draw,
    *,
    names: Sequence[str] = tuple(KINDS),
    policies: Sequence[str] = tuple(POLICIES),
    systems: Sequence[int] = (2, 2, 3),
    moves: Sequence[str] = MOVES,
) -> World:
    """A world of two or three systems with companies and contacts, not quiet yet.

    `names`, `policies` and `moves` narrow what the contacts are made of and what happened to them.
    """
    seats = SYSTEMS[: _one(draw, systems)]
    fields = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    entities = (
        _entity(draw, "company", seats, ("name",), ("ask",)),
        _entity(draw, "contact", seats, fields, policies),
    )
    schemas = {
        (system, entity.entity): Schema(system, entity.entity, _natives(draw, entity))
        for system in seats
        for entity in entities
    }
    calm = MOVES if moves is MOVES else CALM
    groups = {
        ("company", key): _group(draw, entities[0], key, seats, schemas, calm) for key in COMPANIES
    }
    contact = _group(draw, entities[1], "contact-1", seats, schemas, moves)
    groups["contact", "contact-1"] = contact
    edits = [_later(draw, contact, entities[1], schemas) for _ in range(_one(draw, (0, 1, 2)))]
    return World(
        entities=entities,
        schemas=schemas,
        groups=groups,
        fates=tuple(draw(st.lists(st.sampled_from(Fate), min_size=1, max_size=3))),
        later=tuple(each for each in edits if each is not None),
        rewrites={name: KINDS[name].pool[-1] for name in {"name", *fields}},
    )


def _natives(draw: Draw, entity: Entity) -> dict[str, Native]:
    found = {field.field: _native(draw, field.field) for field in entity.fields}
    return {name: native for name, native in found.items() if native is not None}
