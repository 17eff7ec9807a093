"""Properties of whole runs: they end, they agree, they lose nothing. One function an invariant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crmsync.core.planning import ConflictLine, Line, Settle, Unfit
from crmsync.core.records import UNSET, is_observed
from rig.executing import carry_out, dealt, places, settle_down
from rig.oracle import OUTDONE, arrived, asked, contesting, kept, stays_home
from rig.world import Place, Spot, World, changes_of, edited, fields_of, plan_of, spots

_CONVERGING = ("ask", "newest", "prefer", "union", "highest")


def terminates(world: World) -> None:
    """I1: whatever happened to the writes of one run, the third quiet plan writes nothing."""
    world = carry_out(world, plan_of(world), dealt(world))
    for _ in range(2):
        world = carry_out(world, plan_of(world))
    left = changes_of(plan_of(world))
    assert not left, f"still writing in the third quiet run: {left}"


def converges(world: World) -> None:
    """I2: at the end, sides that are not listed hold one value, as far as each can keep it.

    The world is edited again once it is quiet, writes of the first run fail, and cells come back into
    sight: a change must not be forgotten on the way.
    """
    world = carry_out(world, plan_of(world), dealt(world))
    _agree(*settle_down(world))
    world, _ = settle_down(world)
    _agree(*settle_down(edited(world, world.later)))


def _agree(world: World, plans: Sequence[Sequence[Line]]) -> None:
    listed = places(plans[-1], ConflictLine) | places(plans[-1], Unfit)
    for place, mapped in fields_of(world):
        two_way = mapped.direction == "both" and mapped.policy in _CONVERGING
        if two_way and (*place, mapped.field) not in listed:
            _hold_one(world, [s for s in spots(world, place, mapped) if s.observed])


def _hold_one(world: World, sides: Sequence[Spot]) -> None:
    written = [side for side in sides if side.writable]
    values = [side.cell for side in sides]
    assert not written or any(
        all(side.cell in (value, kept(world, side, value)) for side in written) for value in values
    ), f"apart, and nobody is told: {sides}"


def is_idempotent(world: World) -> None:
    """I3: after a fully verified apply the next plan is empty, and so is what it would settle."""
    after = carry_out(world, plan_of(world))
    if not any(change.action == "create" for change in changes_of(plan_of(world))):
        left = [line for line in plan_of(after) if line in changes_of(plan_of(after))]
        assert not left, f"a second plan writes: {left}"
    settled, _ = settle_down(after)
    again = [line for line in plan_of(settled) if isinstance(line, Settle)]
    assert not again, f"a quiet run moves state: {again}"


def loses_no_edit(world: World) -> None:
    """I5: every edit is in the end the value, a listed conflict, or overridden by a named policy."""
    world = replace(world, later=())
    before = {(place, f.field): spots(world, place, f) for place, f in fields_of(world)}
    after, plans = settle_down(carry_out(world, plan_of(world), dealt(world)))
    listed = places(plans[-1], ConflictLine) | places(plans[-1], Unfit)
    for (place, name), sides in before.items():
        if (*place, name) in listed or _was_rewritten(world):
            continue
        for edit in sides:
            _is_accounted_for(after, edit, sides, spots(after, place, edit.mapped))


def _was_rewritten(world: World) -> bool:
    """An automation's third value is an edit of its own that outdoes the first."""
    return any(fate.value == "rewritten" for fate in world.fates)


def _is_accounted_for(
    world: World, edit: Spot, before: Sequence[Spot], after: Sequence[Spot]
) -> None:
    if not (edit.edited and edit.speaks):
        return
    if edit.cell is None and edit.mapped.blank == "ignore":
        return
    fine = (
        any(arrived(world, side, after) for side in before if _says_the_same(world, edit, side))
        or OUTDONE[edit.mapped.policy](world, edit, before)
        or (stays_home(edit) and _still_there(edit, after))
    )
    assert fine, f"an edit was lost: {edit} -> {after}"


def _says_the_same(world: World, edit: Spot, side: Spot) -> bool:
    """True for the side itself, and for one whose longer value it holds as far as it can."""
    if side is edit or not (side.observed and side.speaks) or side.cell is None:
        return side is edit
    return edit.cell == kept(world, edit, side.cell)


def _still_there(edit: Spot, after: Sequence[Spot]) -> bool:
    now = next(side for side in after if side.system == edit.system)
    return now.cell == edit.cell or (edit.cell is None and edit.mapped.policy == "fill")


def asks_only_about_a_disagreement(world: World) -> None:
    """I5, the other half: a lone edit is never a conflict, so a person is asked only with a reason.

    Not at once, not after a write of it failed, and not when a side that could not be read is back.
    """
    _asked_with_reason(world, plan_of(world))
    if not _was_rewritten(world):
        _asked_with_reason(world, plan_of(carry_out(world, plan_of(world), dealt(world))))
    quiet, _ = settle_down(world)
    _asked_with_reason(_seen_again(world), plan_of(_seen_again(quiet)))


def _asked_with_reason(before: World, lines: Sequence[Line]) -> None:
    for place, name in _conflicts(lines):
        mapped = before.entity(place[0]).field_named(name)
        assert mapped is not None
        sides = spots(before, place, mapped)
        if mapped.policy in ("ask", "newest"):
            assert asked(sides) or len(contesting(sides)) > 1, f"asked without need: {sides}"


def _seen_again(world: World) -> World:
    """The world with every unread cell back as it was settled."""
    groups = {}
    for place, group in world.groups.items():
        records = {}
        for system, record in group.records.items():
            bases = group.bases.get(system, {})
            cells = {
                name: bases[name] if name in bases and not is_observed(cell) else cell
                for name, cell in record.cells.items()
            }
            records[system] = replace(record, cells=cells)
        groups[place] = replace(group, records=records)
    return replace(world, groups=groups)


def a_conflict_moves_no_base(world: World) -> None:
    """I5: while a person is asked, every side keeps the base from which it changed."""
    lines = plan_of(world)
    after = carry_out(world, lines)
    for place, name in _conflicts(lines):
        for system, bases in world.groups[place].bases.items():
            now = after.groups[place].bases[system].get(name, UNSET)
            assert now == bases.get(name, UNSET), f"a conflict moved the base of {system}.{name}"


def _conflicts(lines: Sequence[Line]) -> list[tuple[Place, str]]:
    found = [line for line in lines if isinstance(line, ConflictLine)]
    return [((line.entity, line.key), line.field) for line in found]


def keeps_edits_apart(world: World) -> None:
    """I6: edits of different fields of one record do not touch each other."""
    together = _writes_by_field(world)
    for place, mapped in fields_of(world):
        alone = _writes_by_field(_calmed(world, place, mapped.field))
        key = (place, mapped.field)
        assert together.get(key) == alone.get(key), f"{key} depends on another field"


def _writes_by_field(world: World) -> dict[tuple[Place, str], list[tuple[str, ...]]]:
    found: dict[tuple[Place, str], list[tuple[str, ...]]] = {}
    for change in changes_of(plan_of(world)):
        if change.action == "update":
            for cell in change.cells:
                key = ((change.entity, change.key), cell.field)
                found.setdefault(key, []).append((change.system, str(cell)))
    return {key: sorted(writes) for key, writes in found.items()}


def _calmed(world: World, place: Place, but: str) -> World:
    """The world with every other field of one group set back to what it was settled with."""
    group = world.groups[place]
    records = {}
    for system, record in group.records.items():
        bases = group.bases.get(system, {})
        cells = {
            name: cell if name == but or bases.get(name, UNSET) is UNSET else bases[name]
            for name, cell in record.cells.items()
        }
        records[system] = replace(record, cells=cells)
    return replace(world, groups={**world.groups, place: replace(group, records=records)})
