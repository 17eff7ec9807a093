"""What must have become of an edit, told from the world's cells and bases without the planner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crmsync.core.records import Cell, Invalid, Value, is_observed
from rig.kinds import LADDER
from rig.world import Spot, World


def contesting(sides: Sequence[Spot]) -> list[Spot]:
    """Sides that have something to say against another: edited, or never settled and not empty."""
    seen = [side for side in sides if side.observed and side.speaks]
    edited = [
        side for side in seen if side.edited and (side.cell is not None or _blanks_travel(side))
    ]
    fresh = [side for side in seen if side.fresh]
    if fresh and not edited:
        return [side for side in seen if side.cell is not None]
    return edited + fresh or _resting_apart(seen)


def _resting_apart(seen: Sequence[Spot]) -> list[Spot]:
    """Nobody changed, yet sides that can be written hold different values."""
    able = [side for side in seen if side.writable]
    return able if len({side.cell for side in able}) > 1 else []


def _blanks_travel(side: Spot) -> bool:
    return side.mapped.blank == "propagate"


def asked(sides: Sequence[Spot]) -> bool:
    """True if a side was emptied and the field says that a person is to be asked."""
    return any(
        side.edited and side.cell is None and side.speaks and side.mapped.blank == "ask"
        for side in sides
    )


def arrived(world: World, before: Spot, after: Sequence[Spot]) -> bool:
    """True if every side that can be seen and written holds what the edited side was set to."""
    value = before.cell
    return all(
        side.cell in (value, kept(world, side, value))
        for side in after
        if side.observed and (side.writable or side.system == before.system)
    )


def kept(world: World, side: Spot, value: Cell) -> Value | Invalid | None:
    """What a side's own field would keep of a value that was read."""
    assert is_observed(value), f"nothing to keep of {value!r}"
    object_ = world.groups[side.place].records[side.system].ref.object
    return world.holds(side.mapped, side.system, object_, value)


def _outdone_by_named(world: World, edit: Spot, sides: Sequence[Spot]) -> bool:
    named = next((s for s in sides if s.system == edit.mapped.policy_system), None)
    return named is not None and named.system != edit.system and named.observed


def _outdone_by_newer(world: World, edit: Spot, sides: Sequence[Spot]) -> bool:
    return edit.at is not None and any(
        side.at is not None and side.at - edit.at > world.margin
        for side in contesting(sides)
        if side.system != edit.system
    )


def _outdone_by_higher(world: World, edit: Spot, sides: Sequence[Spot]) -> bool:
    held = [LADDER.index(str(side.cell)) for side in sides if side.observed and side.cell]
    return edit.cell is None or max(held) > LADDER.index(str(edit.cell))


def _outdone_by_optout(world: World, edit: Spot, sides: Sequence[Spot]) -> bool:
    return edit.cell is not True and any(True in (side.cell, side.base) for side in sides)


def _part_of_sum(world: World, edit: Spot, sides: Sequence[Spot]) -> bool:
    return True


def _never(world: World, edit: Spot, sides: Sequence[Spot]) -> bool:
    return False


OUTDONE = {
    "ask": _never,
    "newest": _outdone_by_newer,
    "prefer": _outdone_by_named,
    "always": _outdone_by_named,
    "fill": _never,
    "union": _part_of_sum,
    "highest": _outdone_by_higher,
    "sticky": _outdone_by_optout,
}
"""For each policy: may it have overridden this edit, given all sides before the run?"""


def stays_home(edit: Spot) -> bool:
    """True if the policy lets a side keep its own: `fill`, an unsettled `always`, consent not given."""
    return edit.mapped.policy in ("fill", "always") or (
        edit.mapped.policy == "sticky" and edit.cell is not True
    )


def sum_of(sides: Sequence[Spot]) -> frozenset[str]:
    """Base + added - removed, member by member, for sides that share one base."""
    base: frozenset[str] = next(iter(_members(side.base) for side in sides), frozenset())
    held = [_members(side.cell) for side in sides]
    everything = frozenset().union(base, *held)
    return frozenset(
        each
        for each in everything
        if (all(each in one for one in held) if each in base else any(each in one for one in held))
    )


def _members(cell: object) -> frozenset[str]:
    return cell if isinstance(cell, frozenset) else frozenset()


SKEW = timedelta(minutes=10)
