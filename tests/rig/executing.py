"""Carries a plan out on the simulated world, and moves bases as the decisions of the project say.

| a write is | the cell becomes | the target's base | the sources' bases |
|---|---|---|---|
| verified | what the field keeps of it | moves to what is read back | move |
| rewritten | a third value | stays | move |
| failed, ignored | what it was, or was settled with | stays | stay |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import cycle

from crmsync.core.planning import CellChange, Change, ConflictLine, Line, Settle, Unfit
from crmsync.core.records import (
    ABSENT,
    UNSET,
    Cell,
    Group,
    Invalid,
    Record,
    Ref,
    Value,
    is_observed,
)
from crmsync.core.values import text_of, value_of
from rig.world import START, Fate, Place, World, changes_of, plan_of

Deal = Callable[[Change], Fate]
_MOVES_SOURCES = (Fate.VERIFIED, Fate.REWRITTEN)


def verified(_change: Change) -> Fate:
    """Every write works."""
    return Fate.VERIFIED


def dealt(world: World) -> Deal:
    """The world's own fates, in turn."""
    fates = cycle(world.fates)
    return lambda _change: next(fates)


def carry_out(world: World, lines: Sequence[Line], deal: Deal = verified) -> World:
    """The world after a plan was applied to it."""
    outcomes: dict[tuple[str, str], Fate] = {}
    for change in changes_of(lines):
        world = _write(world, change, deal(change), outcomes)
    for line in lines:
        if isinstance(line, Settle):
            world = _settle(world, line, outcomes)
    return world


def _write(
    world: World, change: Change, fate: Fate, outcomes: dict[tuple[str, str], Fate]
) -> World:
    place = (change.entity, change.key)
    group = world.groups[place]
    cells: dict[str, Value | None] = {}
    bases: dict[str, Value | None] = {}
    for number, cell in enumerate(change.cells):
        _preread(world, group, change, cell)
        each = fate if fate is not Fate.REWRITTEN or number == 0 else Fate.VERIFIED
        if each in _MOVES_SOURCES:
            cells[cell.field], each = _stored(world, change, cell, each)
            if each is Fate.VERIFIED:
                bases[cell.field] = cells[cell.field]
        outcomes[change.id, cell.field] = each
    if change.action == "create" and cells:
        rest = {name: None for name in _readable(world, change) if name not in cells}
        outcomes.update({(change.id, name): Fate.VERIFIED for name in rest})
        cells, bases = {**rest, **cells}, {**rest, **bases}
    return _put(world, place, change, cells, bases) if cells else world


def _readable(world: World, change: Change) -> list[str]:
    """The fields of a new record that are settled with it although nobody wrote them.

    Not those that could not be read anywhere else: their blank means nothing yet.
    """
    group = world.groups[change.entity, change.key]
    return [
        mapped.field
        for mapped in world.entity(change.entity).fields
        if world.native(mapped, change.system, change.object) is not None
        and any(is_observed(each.cells[mapped.field]) for each in group.records.values())
    ]


def _preread(world: World, group: Group, change: Change, cell: CellChange) -> None:
    """A write goes out only where the record still holds what the plan saw."""
    if change.action == "create":
        assert change.system not in group.records, f"a second record for one customer: {change}"
        return
    type_name = _type(world, change, cell)
    held = group.records[change.system].cells[cell.field]
    assert is_observed(held), f"written over what nobody could read: {change}"
    assert text_of(held, type_name) == cell.before, f"not what the plan saw: {change}"


def _type(world: World, change: Change, cell: CellChange) -> str:
    mapped = world.entity(change.entity).field_named(cell.field)
    assert mapped is not None
    return mapped.type


def _stored(
    world: World, change: Change, cell: CellChange, fate: Fate
) -> tuple[Value | None, Fate]:
    """What the system holds afterwards, and whether that is what was planned."""
    mapped = world.entity(change.entity).field_named(cell.field)
    assert mapped is not None
    wanted = cell.after if fate is Fate.VERIFIED else world.rewrites.get(cell.field, cell.after)
    kept = world.holds(mapped, change.system, change.object, value_of(wanted, mapped.type))
    if isinstance(kept, Invalid):  # an automation cannot set what the field does not take either
        kept = world.holds(mapped, change.system, change.object, value_of(cell.after, mapped.type))
    assert not isinstance(kept, Invalid), f"planned, but not to be held: {change}"
    return kept, _fate(world, change, cell, kept, mapped.type)


def _fate(
    world: World, change: Change, cell: CellChange, kept: Value | None, type_name: str
) -> Fate:
    """What a read-back shows. A value the target was settled with before is no news from there, so a
    system that went back to it has ignored the write."""
    read_back = text_of(kept, type_name)
    if read_back == cell.after:
        return Fate.VERIFIED
    base = world.groups[change.entity, change.key].bases.get(change.system, {})
    settled = base.get(cell.field, UNSET)
    return Fate.IGNORED if read_back == cell.before or kept == settled else Fate.REWRITTEN


def _put(
    world: World,
    place: Place,
    change: Change,
    cells: dict[str, Value | None],
    bases: dict[str, Value | None],
) -> World:
    group = world.groups[place]
    record = group.records.get(change.system) or _empty(world, change)
    changed = replace(
        record,
        cells={**record.cells, **cells},
        times={**record.times, **dict.fromkeys(cells, START)},
    )
    moved = {**group.bases, change.system: {**group.bases.get(change.system, {}), **bases}}
    put = replace(group, records={**group.records, change.system: changed}, bases=moved)
    return replace(world, groups={**world.groups, place: put})


def _empty(world: World, change: Change) -> Record:
    fields = world.entity(change.entity).fields
    cells: dict[str, Cell] = {
        f.field: ABSENT if world.native(f, change.system, change.object) is None else None
        for f in fields
    }
    return Record(Ref(change.system, change.object, f"new-{change.key}"), cells)


def _settle(world: World, line: Settle, outcomes: dict[tuple[str, str], Fate]) -> World:
    place = (line.entity, line.key)
    group, entity = world.groups[place], world.entity(line.entity)
    bases = {system: dict(values) for system, values in group.bases.items()}
    for system, texts in line.bases.items():
        for name, text in texts.items():
            waits = [outcomes.get((change, name)) for change in line.waits.get(name, ())]
            if all(fate in _MOVES_SOURCES for fate in waits):
                mapped = entity.field_named(name)
                assert mapped is not None
                bases.setdefault(system, {})[name] = value_of(text, mapped.type)
    return replace(world, groups={**world.groups, place: replace(group, bases=bases)})


def settle_down(
    world: World, deal: Deal = verified, most: int = 6
) -> tuple[World, list[list[Line]]]:
    """The world once a plan writes nothing, and all plans until then; the last writes nothing."""
    plans: list[list[Line]] = []
    for _ in range(most):
        plans.append(plan_of(world))
        world = carry_out(world, plans[-1], deal)
        if not changes_of(plans[-1]):
            return world, plans
    raise AssertionError(f"still writing after {most} runs: {changes_of(plans[-1])}")


def places(
    lines: Iterable[Line], kind: type[ConflictLine] | type[Unfit]
) -> set[tuple[str, str, str]]:
    """(entity, key, field) of all conflicts, or of all values that do not fit."""
    return {(line.entity, line.key, line.field) for line in lines if isinstance(line, kind)}
