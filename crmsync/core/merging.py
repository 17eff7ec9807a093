"""One field, N sides, each against its own base: what should all of them hold?

    sides that changed since their base   their values   then
    none                                  the same       nothing (`blank: ignore` refills a blank)
    none                                  differ         contested, if more than one can be written
    one or more                           all the same   that value, to every side that lacks it
    two or more                           differ         the policy decides, or it is a conflict
    a side without a base                 equal          adopted as it is
    a side without a base                 unequal        contested; its blank is only filled
    a blank, `blank: ignore`              -              no change: the side is refilled from the others
    a blank, `blank: ask`                 -              a conflict
    a blank, `blank: propagate`           -              a change like any other
    ABSENT, UNKNOWN, Invalid              -              neither evidence nor a target; while it is
                                                         owed a value, no base moves

Policies that decide alone (prefer, always, fill, union, highest, sticky) look at every side, changed or
not; core/policies.py has their table.

Laws, each a test of that name over every policy: a second plan is empty; even when a side keeps less
than it was given; agreement writes nothing; an unchanged value never beats a changed one; nothing is
invented; a blank never overwrites unless the field propagates; absent is never written and never
counts; the order of sides does not matter; opt-out only ever grows; a conflict moves no base.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from crmsync.core.policies import (
    POLICIES,
    Contest,
    Decision,
    Rule,
    Side,
    at_rest,
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
    `owed` says that a side which cannot be seen now has to hear of it: no source may be settled. `missing` are
    the members of a set, or the one value, that a system was to be given and cannot hold.
    """

    value: Value | None
    reason: str
    writes: tuple[Write, ...] = ()
    settled: tuple[tuple[str, Value | None], ...] = ()
    conflict: bool = False
    unfit: tuple[str, ...] = ()
    owed: bool = False
    missing: tuple[tuple[str, frozenset[str]], ...] = field(default=(), compare=False)


def keeps_all(_system: str, value: Value | None) -> Value | Invalid | None:
    """A system that keeps whatever it is given."""
    return value


def merge(rule: Rule, sides: Sequence[Side], keeps: Keeps = keeps_all) -> Outcome:
    """The value all sides should hold, the writes that get them there, and why."""
    seen = sorted((side for side in sides if is_observed(side.cell)), key=lambda side: side.system)
    speaking = [side for side in seen if side.speaks]
    hidden = [side for side in sides if not is_observed(side.cell)]
    if not speaking or len(seen) < 2:
        lone = [Decision(side.value) for side in speaking]
        return Outcome(None, "alone", owed=any(_owes(each, seen, hidden, keeps) for each in lone))
    decision = _decide(rule, speaking, seen, keeps)
    if not decision.settles:
        return Outcome(None, decision.reason, conflict=True)
    outcome = _carry_out(rule, decision, seen, keeps)
    owed = _owes(decision, seen, hidden, keeps)
    return replace(outcome, settled=(), owed=True) if owed else outcome


def _owes(decision: Decision, seen: Contest, hidden: Sequence[Side], keeps: Keeps) -> bool:
    """True if a side that cannot be seen now was settled with something else.

    It has to hear of the change when it is back. Until then the sides that changed stay changed, or the
    change would be forgotten and the hidden side kept behind for ever.
    """
    if decision.keeps_own and any(side.value is not None for side in seen):
        return False  # nobody is told anything; only that all are blank is worth telling
    return any(
        side.base is not UNSET and keeps(side.system, decision.value) != side.base
        for side in hidden
    )


def _decide(rule: Rule, sides: Contest, seen: Contest, keeps: Keeps) -> Decision:
    if POLICIES[rule.policy].needs_every_side:
        return POLICIES[rule.policy].settle(rule, sides, sides)
    if all(side.value is None for side in seen):
        return Decision(reason="agree", keeps_own=True)
    cleared = [side for side in sides if side.changed and side.value is None]
    if rule.blank == "ignore" or not cleared:
        agreed = _agreed([side for side in sides if side.value is not None], keeps)
        if agreed is not None and not _blank_was_meant(rule, seen):
            only_fills = POLICIES[rule.policy].only_fills
            return Decision(agreed, _agreed_reason(sides), keeps_own=only_fills)
    policy = POLICIES[rule.policy]
    if policy.decides_alone and not policy.defers(rule, sides):
        return _fullest(rule, policy.settle(rule, sides, sides), sides, keeps)
    return _among_changed(rule, sides, cleared, keeps)


def _blank_was_meant(rule: Rule, seen: Contest) -> bool:
    """True if a side was settled as blank, nothing has changed since, and blanks are not refilled."""
    return rule.blank != "ignore" and at_rest(seen) and any(side.value is None for side in seen)


def _fullest(rule: Rule, decision: Decision, sides: Contest, keeps: Keeps) -> Decision:
    """The decision by its longest form: what the named side cut short is not what it says."""
    if rule.system is None or decision.value is None:
        return decision
    forms = [v for v in values_of(sides) if keeps(rule.system, v) == decision.value]
    fullest = max(forms, key=_length, default=decision.value)
    return replace(decision, value=fullest)


def _length(value: Value) -> tuple[int, str]:
    return len(str(value)), str(value)


def _among_changed(rule: Rule, sides: Contest, cleared: Contest, keeps: Keeps) -> Decision:
    """Only what changed counts; an unchanged value never beats a changed one."""
    if cleared and rule.blank == "ask":
        return conflict("cleared:" + _names(cleared))
    contested = _contested(rule, sides) or _apart(rule, sides, keeps)
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


def _apart(rule: Rule, sides: Contest, keeps: Keeps) -> list[Side]:
    """Sides that rest on different values although each of them could be written.

    A write that failed for one system, and a source that then went back to what it was settled with,
    leave nothing changed and yet two values; so does a field that became writable. Never in silence.
    """
    resting = [s for s in sides if s.writable and (s.value is not None or rule.blank != "ignore")]
    alike = not values_of(resting) or _agreed(resting, keeps) is not None
    return [] if alike or len(resting) < 2 else resting


def _agreed(sides: Contest, keeps: Keeps) -> Value | None:
    """The value of which every side holds all that its field can keep; None if there is none.

    A side that cut a long text short agrees with the side that holds it whole; and two that hold the
    same agree, even if an option was retired since and could not be written again.
    """
    if any(side.value is None for side in sides):
        return None
    fitting = [
        value
        for value in values_of(sides)
        if all(side.value in (value, keeps(side.system, value)) for side in sides)
    ]
    return max(fitting, key=_length, default=None)


def _carry_out(rule: Rule, decision: Decision, seen: Contest, keeps: Keeps) -> Outcome:
    writes: list[Write] = []
    unfit: list[str] = []
    left: frozenset[str] = frozenset()
    missing: list[tuple[str, frozenset[str]]] = []
    for side in seen:
        listens = _only_listens(rule, side)
        if not side.writable or (not listens and _keeps_own(rule, decision, side)):
            continue
        wanted = _sum_for(rule, decision, side, seen) if listens else decision.value
        if side.value == wanted:  # also where the field would not take it any more
            continue
        kept = keeps(side.system, wanted)
        if isinstance(kept, Invalid):
            unfit.append(side.system)
        elif kept != side.value:
            writes.append(Write(side.system, side.value, kept))
        left |= _left_out(wanted, kept)
        missing.append((side.system, _missing(wanted, kept, side)))
    touched = {*unfit, *(write.system for write in writes)}
    rest = tuple((s.system, _without(s.value, left)) for s in seen if s.system not in touched)
    settled = () if unfit else rest
    return Outcome(
        decision.value,
        decision.reason,
        tuple(writes),
        settled,
        unfit=tuple(unfit),
        missing=tuple((system, members) for system, members in missing if members),
    )


def _missing(wanted: Value | None, kept: Value | Invalid | None, side: Side) -> frozenset[str]:
    """What a side was to be given, does not hold, and cannot."""
    if isinstance(kept, Invalid):
        kept = None
    one = isinstance(wanted, str) and kept is None
    return (
        frozenset({str(wanted)})
        if one
        else _members(wanted) - _members(kept) - _members(side.value)
    )


def _only_listens(rule: Rule, side: Side) -> bool:
    """True for a set that is written and not asked: it keeps what is its own, and loses what others removed."""
    return POLICIES[rule.policy].adds_up and not side.speaks and isinstance(side.value, frozenset)


def _sum_for(rule: Rule, decision: Decision, side: Side, seen: Contest) -> Value | None:
    """What a set should hold that only listens."""
    removed: frozenset[str] = frozenset()
    for each in seen:
        meant = each.value is not None or rule.blank == "propagate"
        if each.speaks and meant and isinstance(each.base, frozenset):
            removed |= each.base - _members(each.value)
    return _members(decision.value) | (_members(side.value) - removed) or None


def _members(value: Value | None) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


def _left_out(wanted: Value | None, kept: Value | Invalid | None) -> frozenset[str]:
    """Members of a set that a side cannot hold yet; the others still owe them to it."""
    if not isinstance(wanted, frozenset) or not isinstance(kept, frozenset):
        return frozenset()
    return wanted - kept


def _without(value: Value | None, left: frozenset[str]) -> Value | None:
    """What a side is settled with: not with what another side could not take."""
    return (value - left) or None if isinstance(value, frozenset) and left else value


def _keeps_own(rule: Rule, decision: Decision, side: Side) -> bool:
    """True if a side stays as it is, whatever the others hold."""
    if side.value is None:
        return decision.keeps_own and decision.value is None
    return decision.keeps_own or not POLICIES[rule.policy].replaces(
        rule, side.value, decision.value
    )
