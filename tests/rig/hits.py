"""What happened in a story of the rig, by name: a proof over worlds where nothing happens proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from crmsync.core.planning import ConflictLine, Held, Line, Unfit
from crmsync.core.records import ABSENT, UNKNOWN, UNSET, Invalid
from rig.oracle import kept
from rig.restraint import runs, written
from rig.world import Fate, Spot, World, changes_of, fields_of, plan_of, spots

Sides = Sequence[Spot]

SEEN: Mapping[str, Callable[[World, Sides], bool]] = {
    "both sides changed": lambda _w, s: sum(side.edited for side in s) > 1,
    "one side changed": lambda _w, s: sum(side.edited for side in s) == 1,
    "blank ignored": lambda _w, s: any(_emptied(side, "ignore") for side in s),
    "blank propagated": lambda _w, s: any(_emptied(side, "propagate") for side in s),
    "blank asked about": lambda _w, s: any(_emptied(side, "ask") for side in s),
    "lossy echo": lambda w, s: any(_is_echo(w, one, other) for one in s for other in s),
    "absent cell": lambda _w, s: any(side.cell is ABSENT for side in s),
    "unknown cell": lambda _w, s: any(side.cell is UNKNOWN for side in s),
    "invalid cell": lambda _w, s: any(isinstance(side.cell, Invalid) for side in s),
    "side without a base": lambda _w, s: any(s_.observed and s_.base is UNSET for s_ in s),
    "owed to a side unseen": lambda _w, s: (
        any(side.edited for side in s) and any(not t.observed and t.base is not UNSET for t in s)
    ),
    "three sides": lambda _w, s: len(s) == 3,
    "one way": lambda _w, s: any(side.mapped.direction != "both" for side in s),
    "read-only side": lambda _w, s: any(not side.writable for side in s),
}
"""What can be seen of the sides of one field before a run."""


def _emptied(side: Spot, blank: str) -> bool:
    return side.edited and side.cell is None and side.mapped.blank == blank


def _is_echo(world: World, one: Spot, other: Spot) -> bool:
    """True if one side holds all it can of what the other holds, and that is less."""
    if not (one.observed and other.observed) or one.cell is None or one.cell == other.cell:
        return False
    return one.cell == kept(world, one, other.cell)


def events(world: World) -> Iterator[str]:
    """Everything that happens in one story, each as often as it happens."""
    for now in runs(world):
        for place, mapped in fields_of(now):
            sides = spots(now, place, mapped)
            yield from (name for name, is_so in SEEN.items() if is_so(now, sides))
        yield from _planned(now, plan_of(now))
    if changes_of(plan_of(world)):
        yield from (f"a write was {fate.value}" for fate in set(world.fates) & set(Fate))


def _planned(world: World, lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if isinstance(line, ConflictLine):
            yield "conflict"
        elif isinstance(line, Unfit):
            yield "unfit"
        elif isinstance(line, Held):
            yield "create held back"
    for change, cell, side in written(world):
        yield f"{change.action} of a cell"
        if side is not None and side.mapped.policy == "sticky" and cell.before == "false":
            yield "sticky reverted"
        if side is not None and side.mapped.type == "reference":
            yield "reference written"
