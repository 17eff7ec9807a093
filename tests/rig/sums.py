"""Set merge (I26): the sum of what every side added and removed, recomputed member by member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from crmsync.core.merging import Outcome, merge
from crmsync.core.policies import Rule, Side

Members = frozenset[str]
_SETS = st.frozensets(st.sampled_from("abcd"), max_size=4)


@dataclass(frozen=True, slots=True)
class Sum:
    """One base that all sides were settled with, what each of them holds now, and whose write fails."""

    base: Members
    held: tuple[Members, ...]
    blank: str
    fails: frozenset[str] = frozenset()

    def sides(self) -> list[Side]:
        """The sides; an empty set is a blank."""
        names = ("alpha", "beta", "gamma")
        return [
            Side(name, held or None, self.base or None)
            for name, held in zip(names, self.held, strict=False)
        ]


@st.composite
def sums(draw: Any) -> Sum:
    """Two or three sides, one base."""
    held = draw(st.lists(_SETS, min_size=2, max_size=3))
    blank = draw(st.sampled_from(("ignore", "propagate", "ask")))
    fails = draw(st.frozensets(st.sampled_from(("alpha", "beta", "gamma")), max_size=2))
    return Sum(draw(_SETS), tuple(held), blank, fails)


def _expected(case: Sum) -> Members:
    """Member by member: what was there stays unless somebody took it, what is new was brought."""
    held = [case.base if not side and case.blank == "ignore" else side for side in case.held]
    there = {each for each in case.base if all(each in side for side in held)}
    brought = {each for side in held for each in side if each not in case.base}
    return frozenset(there | brought)


def _result(outcome: Outcome, sides: Sequence[Side]) -> set[Members]:
    """The sets that the sides hold once the writes are done."""
    after: dict[str, Any] = {side.system: side.value for side in sides}
    after.update({write.system: write.after for write in outcome.writes})
    return {value or frozenset() for value in after.values()}


def sums_changes(case: Sum) -> None:
    """I26: the result is (base + added) - removed on every side, whatever the order of the sides.

    A sum of nothing is a blank, which only a side that was emptied can bring about.
    """
    outcome = merge(Rule("union", blank=case.blank), case.sides())
    for order in permutations(case.sides()):
        assert merge(Rule("union", blank=case.blank), order) == outcome, (
            "the order of sides matters"
        )
    if outcome.conflict:
        emptied = any(not side for side in case.held) and case.base
        assert (emptied and case.blank == "ask") or not _expected(case), (
            f"no need to ask: {outcome}"
        )
        return
    assert _result(outcome, case.sides()) == {_expected(case)}, f"not the sum: {outcome}"


def _after_one_run(case: Sum, outcome: Outcome) -> list[Side]:
    """The sides once the writes that do not fail are done, with the bases that may move."""
    writes = {write.system: write.after for write in outcome.writes}
    failed = writes.keys() & case.fails
    settled = {} if failed else dict(outcome.settled)
    done = {name: after for name, after in writes.items() if name not in failed}
    moved = {**settled, **done}
    return [
        Side(side.system, done.get(side.system, side.value), moved.get(side.system, side.base))
        for side in case.sides()
    ]


def a_failed_write_brings_nothing_back(case: Sum) -> None:
    """I26 over two runs: what one side removed is not taken from another whose write has failed.

    Where nobody can tell any more, a person is asked.
    """
    rule = Rule("union", blank=case.blank)
    first = merge(rule, case.sides())
    if first.conflict:
        return
    sides = _after_one_run(case, first)
    second = merge(rule, sides)
    if not second.conflict:
        assert _result(second, sides) == {_expected(case)}, f"not the sum: {second}"
