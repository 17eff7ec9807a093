"""Who wins when sides disagree: one small function a policy, all of them in POLICIES.

| policy | value | a change of one side alone | native connector's rule |
|---|---|---|---|
| ask (default) | none: a person decides | goes to the others | - |
| newest | the side edited last, if the gap is clear; else ask | goes to the others | Two-way |
| prefer: S | S's; where S is blank or unseen, as `ask` | loses unless it is S's | Prefer S unless blank |
| always: S | S's | loses unless it is S's | Always use Salesforce |
| fill | none: each side keeps its own, blanks are filled | stays where it is | - |
| union | base + added - removed (sets) | is part of the sum | - |
| highest | the highest choice any side holds | wins only upwards | - |
| sticky | true if any side is true or ever was | only true goes to the others | opt-out |

`respects_changes` says that an unchanged value never beats a changed one; the other facts of a policy stand
at `Policy`. The laws in tests/core read this table, so a new policy is tested by
its entry alone.

Must not know: where sides come from, or how a value is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crmsync.core.records import BLANK, UNSET, Cell, Mark, Value, is_observed


@dataclass(frozen=True, slots=True)
class Side:
    """One side of one field: what it holds, what it held when last settled, and when it changed."""

    system: str
    cell: Cell
    base: Value | None | Mark = UNSET
    changed_at: datetime | None = None
    speaks: bool = True
    writable: bool = True

    @property
    def value(self) -> Value | None:
        """The cell as evidence. Ask observed sides only."""
        assert is_observed(self.cell), f"{self.system} was not observed"
        return self.cell

    @property
    def changed(self) -> bool:
        """True if it was settled once and holds something else now."""
        return self.base is not UNSET and self.cell != self.base


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is merged. `margin` is the gap in times that `newest` needs."""

    policy: str = "ask"
    system: str | None = None
    blank: str = "ignore"
    order: Sequence[str] = ()
    margin: timedelta = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Decision:
    """The value a policy arrives at, and why.

    `settles` False is a conflict. `keeps_own` True: each side keeps what it has, only blanks are
    filled with the value.
    """

    value: Value | None = BLANK
    reason: str = ""
    settles: bool = True
    keeps_own: bool = False


Contest = Sequence[Side]
"""Sides that were observed and may speak; at least one of them holds a value."""


def conflict(reason: str) -> Decision:
    """Nobody wins: a person has to decide, and nothing moves until then."""
    return Decision(reason=reason, settles=False)


def values_of(sides: Contest) -> list[Value]:
    """The distinct values held, in the order of the sides; blanks left out."""
    return list(dict.fromkeys(side.value for side in sides if side.value is not None))


def at_rest(sides: Contest) -> bool:
    """True if every side was settled and none has changed since: what is blank was meant to be."""
    return not any(side.changed or side.base is UNSET for side in sides)


def _ask(_rule: Rule, _sides: Contest, contested: Contest) -> Decision:
    return conflict("disagree:" + ",".join(side.system for side in contested))


def _newest(rule: Rule, sides: Contest, contested: Contest) -> Decision:
    times = [side.changed_at for side in contested]
    if any(time is None for time in times):
        return _ask(rule, sides, contested)
    ranked = sorted(contested, key=lambda side: (side.changed_at, side.system), reverse=True)
    winner = ranked[0]
    loser = next((side for side in ranked[1:] if side.cell != winner.cell), winner)
    assert winner.changed_at is not None
    assert loser.changed_at is not None
    if winner.changed_at - loser.changed_at <= rule.margin:
        return conflict("too_close:" + ",".join(side.system for side in contested))
    return Decision(winner.value, f"newest:{winner.system}")


def _named(rule: Rule, sides: Contest) -> Side | None:
    return next((side for side in sides if side.system == rule.system), None)


def _prefer(rule: Rule, sides: Contest, contested: Contest) -> Decision:
    named = _named(rule, sides)
    if named is None or _silent(rule, sides):
        return _ask(rule, sides, contested)
    if named.value is None:
        return _cleared(rule, named)
    return Decision(named.value, f"prefer:{rule.system}")


def _silent(rule: Rule, sides: Contest) -> bool:
    """True if the named side has nothing to say: not to be seen, or blank and not meaning it."""
    named = _named(rule, sides)
    if named is None or named.value is not None:
        return named is None
    return not named.changed or rule.blank == "ignore"


def _always(rule: Rule, sides: Contest, _contested: Contest) -> Decision:
    named = _named(rule, sides)
    if named is not None and named.value is not None:
        return Decision(named.value, f"always:{rule.system}")
    if named is not None and named.changed and rule.blank != "ignore":
        return _cleared(rule, named)
    return Decision(reason=f"silent:{rule.system}", keeps_own=True)


def _cleared(rule: Rule, named: Side) -> Decision:
    """The side that decides was emptied: a blank to pass on, or a question."""
    if rule.blank == "ask":
        return conflict(f"cleared:{named.system}")
    return Decision(BLANK, f"cleared:{named.system}")


def _fill(_rule: Rule, sides: Contest, _contested: Contest) -> Decision:
    values = values_of(sides)
    fill = values[0] if len(values) == 1 else BLANK
    return Decision(fill, "fill", keeps_own=True)


def _union(rule: Rule, sides: Contest, _contested: Contest) -> Decision:
    cleared = [side.system for side in sides if side.changed and side.value is None]
    if cleared and rule.blank == "ask" and values_of(sides):
        return conflict("cleared:" + ",".join(cleared))
    before = {side.system: _members(side.base) for side in sides if side.base is not UNSET}
    now = {side.system: _now(rule, side) for side in sides}
    added = _NONE.union(*(now[name] - before.get(name, _NONE) for name in now))
    gone = _NONE.union(*(before[name] - now[name] for name in before))
    if _torn(rule, sides) - added - gone:
        return _ask(rule, sides, sides)
    if at_rest(sides):
        return Decision(reason="own", keeps_own=True)
    total = (_start(sides) | added) - gone
    return Decision(total, "union") if total else _emptied(rule, sides)


def _now(rule: Rule, side: Side) -> frozenset[str]:
    """What a side holds; where blanks are ignored, an emptied side is taken to hold what it did."""
    ignored = side.cell is None and rule.blank == "ignore"
    return _members(side.base if ignored else side.cell)


def _start(sides: Contest) -> frozenset[str]:
    """What the sum starts from. A side that is never written cannot bring back what others removed."""
    settled = [side for side in sides if side.base is not UNSET]
    able = [side for side in settled if side.writable]
    return _NONE.union(*(_members(side.base) for side in able or settled))


def _torn(rule: Rule, sides: Contest) -> frozenset[str]:
    """Members that some sides were settled with and others without.

    A side that brought a change and took another at once has been settled, yet its change may have
    failed elsewhere. Whether it was to be added or removed is then known to nobody.
    """
    able = [side for side in sides if side.base is not UNSET and side.writable]
    meant = [side for side in able if side.base is not None or rule.blank != "ignore"]
    held = [_members(side.base) for side in meant]
    return _NONE.union(*held) - held[0].intersection(*held) if held else _NONE


_NONE: frozenset[str] = frozenset()


def _emptied(rule: Rule, sides: Contest) -> Decision:
    """A sum of nothing: a blank only where somebody left one and the field passes it on."""
    cleared = [side.system for side in sides if side.changed and side.value is None]
    if all(side.value is None for side in sides):
        return Decision(reason="agree", keeps_own=True)
    if cleared and rule.blank == "propagate":
        return Decision(BLANK, "cleared:" + ",".join(cleared))
    return conflict("emptied:" + ",".join(side.system for side in sides))


def _members(cell: Cell) -> frozenset[str]:
    return cell if isinstance(cell, frozenset) else _NONE


def _highest(rule: Rule, sides: Contest, contested: Contest) -> Decision:
    rank = {choice: place for place, choice in enumerate(rule.order)}
    values = values_of(sides)
    if not values:
        return Decision(reason="agree", keeps_own=True)
    if len(values) == 1:
        return Decision(values[0], "highest")
    if any(value not in rank for value in values):
        return _ask(rule, sides, contested)
    return Decision(max(values, key=lambda value: rank[str(value)]), "highest")


def _sticky(_rule: Rule, sides: Contest, _contested: Contest) -> Decision:
    was_true = any(side.cell is True or side.base is True for side in sides)
    if was_true:
        return Decision(True, "sticky")
    return Decision(reason="sticky", keeps_own=True)


def _freely(_rule: Rule, _before: Value, _after: Value | None) -> bool:
    return True


def _upwards(rule: Rule, before: Value, after: Value | None) -> bool:
    """True unless an ordered choice would move down, or to a place nobody ranked."""
    rank: dict[Value | None, int] = {choice: place for place, choice in enumerate(rule.order)}
    return before not in rank or rank.get(after, -1) > rank[before]


def _defers_never(_rule: Rule, _sides: Contest) -> bool:
    return False


def _to_true(_rule: Rule, _before: Value, after: Value | None) -> bool:
    return after is True


@dataclass(frozen=True, slots=True)
class Policy:
    """One way to settle a disagreement, and what can be relied on about it.

    `replaces` says if a value that stands may give way to another; a blank is always filled. `defers` says
    when a policy that decides alone leaves it to what changed, after all. `only_fills`: no value that stands
    gives way, not even to the one source of a one-way field. `adds_up`: values are sets, merged by member.
    """

    settle: Callable[[Rule, Contest, Contest], Decision]
    decides_alone: bool = False
    needs_every_side: bool = False
    names_a_system: bool = False
    types: frozenset[str] = field(default_factory=frozenset)
    replaces: Callable[[Rule, Value, Value | None], bool] = _freely
    defers: Callable[[Rule, Contest], bool] = _defers_never
    only_fills: bool = False
    adds_up: bool = False

    @property
    def respects_changes(self) -> bool:
        """True if an unchanged value never beats a changed one."""
        return not self.decides_alone


POLICIES: Mapping[str, Policy] = {
    "ask": Policy(_ask),
    "newest": Policy(_newest),
    "prefer": Policy(_prefer, decides_alone=True, names_a_system=True, defers=_silent),
    "always": Policy(_always, decides_alone=True, names_a_system=True),
    "fill": Policy(_fill, decides_alone=True, only_fills=True),
    "union": Policy(
        _union,
        decides_alone=True,
        needs_every_side=True,
        types=frozenset({"choices", "references"}),
        adds_up=True,
    ),
    "highest": Policy(
        _highest,
        decides_alone=True,
        needs_every_side=True,
        types=frozenset({"choice"}),
        replaces=_upwards,
    ),
    "sticky": Policy(
        _sticky,
        decides_alone=True,
        needs_every_side=True,
        types=frozenset({"flag"}),
        replaces=_to_true,
    ),
}
