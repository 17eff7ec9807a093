"""One field, N sides, each against its own base: what should all of them hold?

    sides that changed since their base   their values   then
    none                                  -              nothing (a blank side may be refilled)
    one or more                           all the same   that value, to every side that lacks it
    two or more                           differ         the policy decides, or it is a conflict
    a side without a base                 equal          adopted as it is
    a side without a base                 unequal        contested; its blank is only filled
    a blank, `blank: ignore`              -              no change: the side is refilled from the others
    a blank, `blank: ask`                 -              a conflict
    a blank, `blank: propagate`           -              a change like any other
    ABSENT, UNKNOWN, Invalid              -              neither evidence nor a target

Policies that decide alone (prefer, always, fill, union, highest, sticky) look at every side, changed or
not; core/policies.py has their table.

Laws, each a test of that name over every policy: a second plan is empty; even when a side keeps less
than it was given; agreement writes nothing; an unchanged value never beats a changed one; nothing is
invented; a blank never overwrites unless the field propagates; absent is never written and never
counts; the order of sides does not matter; opt-out only ever grows; a conflict moves no base.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crmsync.core.policies import (
    POLICIES,
    Contest,
    Decision,
    Rule,
    Side,
    conflict,
    values_of,
)
from crmsync.core.records import UNSET, Invalid, Value, is_observed

Keeps = Callable[[str, Value | None], Value | Invalid | None]
"""What a system's own field would keep of a value: (system, value) -> kept, or Invalid."""


@dataclass(frozen=True, slots=True)
class Write:
    """One cell to be set: what it holds now and what it should hold."""

    system: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to do about one field.

    `settled` are the sides whose base moves to what they hold, once every write is verified; the
    written sides' bases move to what is read back. `unfit` names systems that cannot hold the value.
    """

    value: Value | None
    reason: str
    writes: tuple[Write, ...] = ()
    settled: tuple[tuple[str, Value | None], ...] = ()
    conflict: bool = False
    unfit: tuple[str, ...] = ()


def keeps_all(_system: str, value: Value | None) -> Value | Invalid | None:
    """A system that keeps whatever it is given."""
    return value


def merge(rule: Rule, sides: Sequence[Side], keeps: Keeps = keeps_all) -> Outcome:
    """The value all sides should hold, the writes that get them there, and why."""
    seen = sorted((side for side in sides if is_observed(side.cell)), key=lambda side: side.system)
    speaking = [side for side in seen if side.speaks]
    if not speaking or len(seen) < 2:
        return Outcome(None, "alone")
    decision = _decide(rule, speaking, seen, keeps)
    if not decision.settles:
        return Outcome(None, decision.reason, conflict=True)
    return _carry_out(decision, seen, keeps)


def _decide(rule: Rule, sides: Contest, seen: Contest, keeps: Keeps) -> Decision:
    if POLICIES[rule.policy].needs_every_side:
        return POLICIES[rule.policy].settle(rule, sides, sides)
    if all(side.value is None for side in seen):
        return Decision(reason="agree", keeps_own=True)
    cleared = [side for side in sides if side.changed and side.value is None]
    if not cleared or rule.blank == "ignore":
        agreed = _agreed([side for side in sides if side.value is not None], keeps)
        if agreed is not None:
            return Decision(agreed, _agreed_reason(sides))
    if POLICIES[rule.policy].decides_alone:
        return POLICIES[rule.policy].settle(rule, sides, sides)
    return _among_changed(rule, sides, cleared, keeps)


def _among_changed(rule: Rule, sides: Contest, cleared: Contest, keeps: Keeps) -> Decision:
    """Only what changed counts; an unchanged value never beats a changed one."""
    if cleared and rule.blank == "ask":
        return conflict("cleared:" + _names(cleared))
    contested = _contested(rule, sides)
    if not contested:
        return Decision(reason="own", keeps_own=True)
    if all(side.value is None for side in contested):
        return Decision(None, "cleared:" + _names(contested))
    agreed = _agreed(contested, keeps)
    if agreed is not None:
        return Decision(agreed, "changed:" + _names(contested))
    return POLICIES[rule.policy].settle(rule, sides, contested)


def _names(sides: Contest) -> str:
    return ",".join(side.system for side in sides)


def _agreed_reason(sides: Contest) -> str:
    changed = [side for side in sides if side.changed and side.value is not None]
    return "changed:" + _names(changed) if changed else "fill"


def _contested(rule: Rule, sides: Contest) -> list[Side]:
    """Sides whose word counts: the changed ones, and those never settled that hold a value.

    Where only unsettled sides speak, the settled ones defend what they hold.
    """
    changed = [s for s in sides if s.changed and (s.value is not None or rule.blank == "propagate")]
    fresh = [side for side in sides if side.base is UNSET and side.value is not None]
    if fresh and not changed:
        return [side for side in sides if side.value is not None]
    return [side for side in sides if side in changed or side in fresh]


def _agreed(sides: Contest, keeps: Keeps) -> Value | None:
    """The value of which every side holds all that its field can keep; None if there is none.

    A side that cut a long text short agrees with the side that holds it whole.
    """
    if any(side.value is None for side in sides):
        return None
    fitting = [v for v in values_of(sides) if all(keeps(s.system, v) == s.value for s in sides)]
    return max(fitting, key=lambda value: (len(str(value)), str(value)), default=None)


def _carry_out(decision: Decision, seen: Contest, keeps: Keeps) -> Outcome:
    writes: list[Write] = []
    unfit: list[str] = []
    for side in seen:
        if not side.writable or (decision.keeps_own and not _is_filled(decision, side)):
            continue
        kept = keeps(side.system, decision.value)
        if isinstance(kept, Invalid):
            unfit.append(side.system)
        elif kept != side.value:
            writes.append(Write(side.system, side.value, kept))
    touched = {*unfit, *(write.system for write in writes)}
    rest = tuple((side.system, side.value) for side in seen if side.system not in touched)
    settled = () if unfit else rest
    return Outcome(decision.value, decision.reason, tuple(writes), settled, unfit=tuple(unfit))


def _is_filled(decision: Decision, side: Side) -> bool:
    return side.value is None and decision.value is not None
