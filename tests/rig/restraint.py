"""Properties of single plans: what is never written. One function an invariant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crmsync.core.planning import CellChange, Change, ConflictLine
from crmsync.core.records import ABSENT, UNKNOWN, UNSET, Cell, Invalid, is_observed
from crmsync.core.values import text_of, value_of
from rig.executing import carry_out, dealt, settle_down
from rig.kinds import LADDER
from rig.oracle import kept
from rig.world import (
    Spot,
    World,
    changes_of,
    edited,
    fields_of,
    may_write,
    plan_of,
    spots,
)

Written = tuple[Change, CellChange, Spot | None]


def written(world: World) -> Iterator[Written]:
    """Every cell that a plan writes, with the side it is for; None where a record is created."""
    for change in changes_of(plan_of(world)):
        place = (change.entity, change.key)
        for cell in change.cells:
            mapped = world.entity(change.entity).field_named(cell.field)
            assert mapped is not None, f"outside the mapping: {cell}"
            sides = spots(world, place, mapped)
            yield change, cell, next((s for s in sides if s.system == change.system), None)


def runs(world: World) -> Iterator[World]:
    """The world before each run of a story: failures first, then edits once it is quiet."""
    yield world
    world = carry_out(world, plan_of(world), dealt(world))
    yield world
    quiet, _ = settle_down(world)
    yield edited(quiet, world.later)


def writes_only_what_differs(world: World) -> None:
    """I4: no write to a cell that holds its value already, nor one that is not known to differ."""
    for change, cell, side in written(world):
        before = None if side is None else side.cell
        assert is_observed(before), f"over something unread: {change}"
        mapped = world.entity(change.entity).field_named(cell.field)
        assert mapped is not None
        assert cell.before == text_of(before, mapped.type), f"not what stands there: {change}"
        assert cell.after != cell.before, f"nothing to write: {change}"
        if side is not None:
            value = kept(world, side, value_of(cell.after, mapped.type))
            assert value != before, f"the field would look the same afterwards: {change}"
    assert all(change.cells for change in changes_of(plan_of(world))), "an empty change"


def leaves_alone_what_is_not_its_own(world: World) -> None:
    """I7: fields outside direction, permission or mapping are never written, and never move."""
    for now in runs(world):
        for change, cell, side in written(now):
            mapped = now.entity(change.entity).field_named(cell.field)
            assert mapped is not None
            native = now.native(mapped, change.system, change.object)
            assert native is not None, f"a field that is not there: {change}"
            assert native.writable if side else native.createable, f"read-only: {change}"
            assert may_write(mapped, change.system), f"against the direction: {change}"
    after = carry_out(world, plan_of(world))
    named = {
        (c.entity, c.key, c.system, cell.field)
        for c in changes_of(plan_of(world))
        for cell in c.cells
    }
    for place, mapped in fields_of(world):
        for old, new in zip(spots(world, place, mapped), spots(after, place, mapped), strict=False):
            if old.system == new.system and (*place, old.system, mapped.field) not in named:
                assert old.cell == new.cell, f"moved without a plan: {old} -> {new}"


def _swapped(world: World, to: dict[Cell, Cell], *, forget: bool = False) -> World:
    """The world with unread cells of one sort made another; `forget` drops their bases too."""
    groups = {}
    for place, group in world.groups.items():
        records, bases = {}, {s: dict(b) for s, b in group.bases.items()}
        for system, record in group.records.items():
            cells = {n: c if is_observed(c) else to[_sort(c)] for n, c in record.cells.items()}
            records[system] = replace(record, cells=cells)
            for name, cell in cells.items():
                if forget and not is_observed(cell):
                    bases.get(system, {}).pop(name, None)
        groups[place] = replace(group, records=records, bases=bases)
    return replace(world, groups=groups)


def _sort(cell: Cell) -> Cell:
    return Invalid("??") if isinstance(cell, Invalid) else cell


def takes_nothing_from_the_unread(world: World) -> None:
    """I8: ABSENT, UNKNOWN and Invalid are never written and never count, in any combination."""
    odd: tuple[Cell, ...] = (ABSENT, UNKNOWN, Invalid("??"))
    for change, _cell, side in written(world):
        assert side is None or side.observed, f"over something unread: {change}"
    plan = plan_of(world)
    for turn in (1, 2):
        turned = _swapped(world, dict(zip(odd, odd[turn:] + odd[:turn], strict=True)))
        assert plan == plan_of(turned), "one way of not being read counts for more than another"
    forgotten = plan_of(_swapped(world, dict.fromkeys(odd, ABSENT), forget=True))
    lines = [line for line in plan if isinstance(line, Change | ConflictLine)]
    without = [line for line in forgotten if isinstance(line, Change | ConflictLine)]
    assert lines == without, "the base of an unread cell counts"


def blanks_nothing_by_itself(world: World) -> None:
    """I9: a value gives way to a blank only where somebody emptied a side that was not empty."""
    for now in runs(world):
        for change, cell, side in written(now):
            if cell.after is None:
                assert side is not None, f"a record created with a blank: {change}"
                assert side.mapped.blank == "propagate", f"this field passes on no blank: {change}"
                others = spots(now, side.place, side.mapped)
                assert any(_was_emptied(each) for each in others), f"nobody emptied it: {change}"


def _was_emptied(side: Spot) -> bool:
    return side.speaks and side.cell is None and side.base is not UNSET and side.base is not None


def archives_nothing(world: World) -> None:
    """I11: a plan updates records that are there and creates where there is none; it removes nothing."""
    for now in runs(world):
        for change in changes_of(plan_of(now)):
            record = now.groups[change.entity, change.key].records.get(change.system)
            assert change.action == ("create" if record is None else "update"), f"{change}"
            assert change.native_id == (None if record is None else record.ref.id)


def optout_only_grows(world: World) -> None:
    """I15: nothing is ever written over an opt-out, and one that was seen reaches every side."""
    for now in runs(world):
        for change, cell, _side in written(now):
            mapped = now.entity(change.entity).field_named(cell.field)
            if mapped is not None and mapped.policy == "sticky":
                assert cell.after == "true", f"an opt-out taken back: {change}"
        _opted_out_everywhere(now)


def _opted_out_everywhere(world: World) -> None:
    after, _ = settle_down(world)
    for place, mapped in fields_of(world):
        if mapped.policy == "sticky" and mapped.direction == "both":
            seen = [s for s in spots(world, place, mapped) if s.observed]
            if len(seen) > 1 and any(True in (s.cell, s.base) for s in seen):
                left = [s for s in spots(after, place, mapped) if s.observed and s.writable]
                assert all(s.cell is True for s in left), f"an opt-out was lost: {left}"


def ladders_only_go_up(world: World) -> None:
    """I16: under `highest` a choice never moves down, in whatever direction the field is kept."""
    for now in runs(world):
        for change, cell, side in written(now):
            if side is not None and side.mapped.policy == "highest" and cell.before is not None:
                assert cell.after is not None, f"off the ladder: {change}"
                assert LADDER.index(cell.after) > LADDER.index(cell.before), f"down: {change}"


def refers_only_to_what_is_there(world: World) -> None:
    """I29: a reference is written only to a record the system holds, and emptied only if somebody did."""
    for now in runs(world):
        for change, cell, side in written(now):
            mapped = now.entity(change.entity).field_named(cell.field)
            assert mapped is not None
            if mapped.type != "reference":
                continue
            if cell.after is None:
                assert side is not None
                assert any(_was_emptied(s) for s in spots(now, side.place, mapped)), f"{change}"
            else:
                place = (mapped.to or "", cell.after)
                group = now.groups.get(place)
                assert group is not None, f"a reference to nobody: {change}"
                assert change.system in group.records, f"not there yet: {change}"
