"""The laws of merge, each a test of that name, over every policy of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
from rig.profiles import holds

from core.sides import HIDDEN, Case, cases, observed
from crmsync.core.policies import POLICIES
from crmsync.core.records import UNSET, is_observed

every_policy = pytest.mark.parametrize("policy", POLICIES)
Law = Callable[[Case], None]


@every_policy
def test_a_second_plan_is_empty(policy: str) -> None:
    def law(case: Case) -> None:
        first = case.merge()
        second = case.after(first).merge()
        assert second.writes == (), f"{first} and then {second}"

    holds(law, cases(policy, cut=False))


@every_policy
def test_a_second_plan_is_empty_even_when_a_side_keeps_less_than_it_was_given(policy: str) -> None:
    def law(case: Case) -> None:
        first = case.merge()
        second = case.after(first).merge()
        assert second.writes == (), f"{first} and then {second}"

    holds(law, cases(policy, cut=True))


@every_policy
def test_agreement_writes_nothing(policy: str) -> None:
    def law(case: Case) -> None:
        seen = observed(case)
        if policy == "sticky" and any(side.base is True for side in seen):
            return  # an opt-out that everybody took back is restored
        alike = case.with_sides([replace(side, cell=seen[0].cell) for side in seen] if seen else [])
        assert alike.merge().writes == ()
        assert not alike.merge().conflict

    holds(law, cases(policy, cut=False))


@every_policy
def test_an_unchanged_value_never_beats_a_changed_one(policy: str) -> None:
    def law(case: Case) -> None:
        outcome = case.merge()
        changed = [s for s in observed(case) if s.changed and s.speaks and s.cell is not None]
        if not POLICIES[policy].respects_changes or not changed or outcome.value is None:
            return
        news = [s for s in observed(case) if s.speaks and (s.changed or s.base is UNSET)]
        fitting = [case.keeps()(s.system, outcome.value) for s in news]
        assert outcome.value in [s.cell for s in news] or changed[0].cell in fitting, f"{outcome}"

    holds(law, cases(policy))


@every_policy
def test_nothing_is_invented(policy: str) -> None:
    def law(case: Case) -> None:
        outcome = case.merge()
        held = [side.cell for side in observed(case)]
        known = [*held, *(side.base for side in case.sides)]
        if isinstance(outcome.value, frozenset):
            members = [cell for cell in known if isinstance(cell, frozenset)]
            assert outcome.value <= frozenset().union(*members)
        elif outcome.value is not None:
            assert outcome.value in (known if policy == "sticky" else held)
        for write in outcome.writes:
            assert write.after == case.keeps()(write.system, outcome.value)

    holds(law, cases(policy))


@every_policy
def test_a_blank_never_overwrites_unless_the_field_propagates(policy: str) -> None:
    def law(case: Case) -> None:
        for write in case.merge().writes:
            if write.after is None:
                assert case.rule.blank == "propagate"
                assert any(s.changed and s.cell is None and s.speaks for s in observed(case))

    holds(law, cases(policy))


@every_policy
def test_absent_is_never_written_and_never_counts(policy: str) -> None:
    def law(case: Case) -> None:
        outcome = case.merge()
        hidden = {side.system for side in case.sides if not is_observed(side.cell)}
        assert not hidden & {write.system for write in outcome.writes}
        assert not hidden & {system for system, _ in outcome.settled}
        for other in HIDDEN:
            swapped = [s if is_observed(s.cell) else replace(s, cell=other) for s in case.sides]
            assert case.with_sides(swapped).merge() == outcome
        alone = case.with_sides(observed(case)).merge()
        assert (alone.value, alone.writes, alone.conflict) == (
            outcome.value,
            outcome.writes,
            outcome.conflict,
        )

    holds(law, cases(policy))


@every_policy
def test_the_order_of_sides_does_not_matter(policy: str) -> None:
    def law(case: Case) -> None:
        outcomes = [case.with_sides(order).merge() for order in permutations(case.sides)]
        assert all(outcome == outcomes[0] for outcome in outcomes)

    holds(law, cases(policy))


def test_opt_out_only_ever_grows() -> None:
    def law(case: Case) -> None:
        outcome = case.merge()
        assert all(write.after is True for write in outcome.writes)
        seen = observed(case)
        if len(seen) > 1 and any(True in (side.cell, side.base) for side in seen):
            now = {side.system: side.cell for side in seen}
            now.update({write.system: write.after for write in outcome.writes})
            assert set(now.values()) == {True}

    holds(law, cases("sticky", free=True))


@every_policy
def test_a_conflict_moves_no_base(policy: str) -> None:
    def law(case: Case) -> None:
        outcome = case.merge()
        if outcome.conflict:
            assert (outcome.settled, outcome.writes, outcome.value) == ((), (), None)

    holds(law, cases(policy))


def _words(cell: object) -> list[object]:
    return list(cell) if isinstance(cell, frozenset) else [cell]


@every_policy
def test_what_a_side_must_not_say_reaches_nobody(policy: str) -> None:
    """A side that does not speak is written, or left alone, but its value goes nowhere."""

    def law(case: Case) -> None:
        said: set[object] = {None}
        for side in case.sides:
            if side.speaks:
                said |= {*_words(side.cell), *_words(side.base)}
        assert said.issuperset(_words(case.merge().value))

    holds(law, cases(policy))


@every_policy
def test_what_must_not_be_written_is_not(policy: str) -> None:
    def law(case: Case) -> None:
        locked = {side.system for side in case.sides if not side.writable}
        assert not locked & {write.system for write in case.merge().writes}

    holds(law, cases(policy))
