"""Properties of pairs of worlds: what must not make a difference. One function an invariant."""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from crmsync.core.mapping import Entity, Field, OneWay
from crmsync.core.planning import Change, ConflictLine, Settle, Unfit, in_order
from crmsync.core.records import Group, Record, Schema
from rig.executing import carry_out
from rig.oracle import SKEW
from rig.world import World, changes_of, fields_of, plan_bytes, plan_of, spots

T = TypeVar("T")
_MIRROR = {"alpha": "zeta", "beta": "yota", "gamma": "xi"}
"""Other names, in the opposite order."""


def mirrors(world: World) -> None:
    """I21: systems under other names, with the policies renamed alike, get the same plan renamed."""
    ours = _gist(world, {name: name for name in _MIRROR})
    theirs = _gist(_renamed(world), {new: old for old, new in _MIRROR.items()})
    assert ours == theirs, "the names of the systems matter"


def _gist(world: World, names: Mapping[str, str]) -> set[Any]:
    """What a plan does, without ids, reasons and order; systems under common names."""
    found: set[Any] = set()
    for line in plan_of(world):
        if isinstance(line, Change):
            cells = frozenset((cell.field, cell.before, cell.after) for cell in line.cells)
            found.add((line.action, line.lane, line.key, names[line.system], cells))
        elif isinstance(line, Settle):
            for system, texts in line.bases.items():
                found.add(("settle", line.key, names[system], frozenset(texts.items())))
        elif isinstance(line, ConflictLine):
            sides = frozenset((names[system], text) for system, text in line.sides.items())
            found.add(("conflict", line.key, line.field, sides))
        elif isinstance(line, Unfit):
            found.add(("unfit", line.key, line.field, names[line.system], line.value))
    return found


def _renamed(world: World) -> World:
    def record(old: Record) -> Record:
        return replace(old, ref=replace(old.ref, system=_MIRROR[old.ref.system]))

    def group(old: Group) -> Group:
        records = {_MIRROR[system]: record(each) for system, each in old.records.items()}
        bases = {_MIRROR[system]: texts for system, texts in old.bases.items()}
        return replace(old, records=records, bases=bases)

    return replace(
        world,
        entities=tuple(_renamed_entity(each) for each in world.entities),
        schemas={
            (_MIRROR[system], object_): replace(schema, system=_MIRROR[system])
            for (system, object_), schema in world.schemas.items()
        },
        groups={place: group(old) for place, old in world.groups.items()},
    )


def _renamed_entity(entity: Entity) -> Entity:
    seats = [replace(seat, system=_MIRROR[seat.system]) for seat in entity.seats]
    return replace(entity, seats=seats, fields=[_renamed_field(each) for each in entity.fields])


def _renamed_field(field: Field) -> Field:
    policy, way = field.on_conflict, field.direction
    return replace(
        field,
        names={_MIRROR[system]: name for system, name in field.names.items()},
        on_conflict=policy
        if isinstance(policy, str)
        else {k: _MIRROR[v] for k, v in policy.items()},
        direction=OneWay(_MIRROR[way.to]) if isinstance(way, OneWay) else way,
    )


def _shuffled(mapping: Mapping[str, T] | Mapping[Any, T], dice: random.Random) -> dict[Any, T]:
    items = list(mapping.items())
    dice.shuffle(items)
    return dict(items)


def _reordered(world: World, dice: random.Random) -> World:
    """The same world, read in another order."""

    def record(old: Record) -> Record:
        return replace(old, cells=_shuffled(old.cells, dice), times=_shuffled(old.times, dice))

    def group(old: Group) -> Group:
        records = {name: record(each) for name, each in old.records.items()}
        bases = {name: _shuffled(each, dice) for name, each in old.bases.items()}
        return replace(old, records=_shuffled(records, dice), bases=_shuffled(bases, dice))

    def schema(old: Schema) -> Schema:
        return replace(old, fields=_shuffled(old.fields, dice))

    return replace(
        world,
        schemas=_shuffled({k: schema(v) for k, v in world.schemas.items()}, dice),
        groups=_shuffled({k: group(v) for k, v in world.groups.items()}, dice),
    )


def order_does_not_matter(world: World) -> None:
    """I22: records, cells, bases and systems in any order give the same bytes, writes the same end."""
    dice = random.Random(world.margin.seconds + len(world.groups))
    plan, reordered = plan_of(world), _reordered(world, dice)
    assert plan_bytes(world) == plan_bytes(reordered), "the order of reading matters"
    mixed = in_order(dice.sample(plan, len(plan)))
    assert mixed == plan, "lines have no order of their own"
    by_lane = sorted(dice.sample(plan, len(plan)), key=lambda line: getattr(line, "lane", 99))
    assert _cells(carry_out(world, plan)) == _cells(carry_out(world, by_lane)), "order of writes"


def _cells(world: World) -> dict[Any, Any]:
    return {
        (place, mapped.field): spots(world, place, mapped) for place, mapped in fields_of(world)
    }


def says_the_same_twice(world: World) -> None:
    """I23: the same inputs give the same bytes, ids included."""
    assert plan_bytes(world) == plan_bytes(copy.deepcopy(world)), (
        "a plan that depends on the moment"
    )


def clocks_do_not_decide(world: World) -> None:
    """I24: a clock that is wrong by less than half the margin changes `newest` fields only, and never
    who wins: a winner may become a conflict, and a conflict only the winner by the true times."""
    world = replace(world, margin=2 * SKEW + timedelta(minutes=1))
    for sign in (1, -1):
        skewed = _skewed(world, sign * SKEW)
        ours, theirs = _decided(world), _decided(skewed)
        for key in ours.keys() | theirs.keys():
            assert ours.get(key) == theirs.get(key) or _is_newest(world, key), f"{key} by the clock"
        sharp = _decided(replace(world, margin=timedelta(0)))
        for key, writes in theirs.items():
            if _is_newest(world, key):
                assert writes in (ours.get(key), sharp.get(key)), f"the clock chose for {key}"


def _skewed(world: World, by: timedelta) -> World:
    groups = {}
    for place, group in world.groups.items():
        records = dict(group.records)
        if "alpha" in records:
            times = {name: at + by for name, at in records["alpha"].times.items()}
            records["alpha"] = replace(records["alpha"], times=times)
        groups[place] = replace(group, records=records)
    return replace(world, groups=groups)


def _decided(world: World) -> dict[tuple[str, str, str], set[tuple[str, str | None]]]:
    found: dict[tuple[str, str, str], set[tuple[str, str | None]]] = {}
    for change in changes_of(plan_of(world)):
        if change.action == "update":
            for cell in change.cells:
                key = (change.entity, change.key, cell.field)
                found.setdefault(key, set()).add((change.system, cell.after))
    return found


def _is_newest(world: World, key: tuple[str, str, str]) -> bool:
    mapped = world.entity(key[0]).field_named(key[2])
    return mapped is not None and mapped.policy == "newest"
