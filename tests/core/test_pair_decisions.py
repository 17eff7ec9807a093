"""What decisions about pairs say together: the newest counts, and what cannot all be true counts for nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import strategies as st
from rig.profiles import holds

from crmsync.core.mapping import Entity, Seat, WorkspaceMapping
from crmsync.core.pair_decisions import (
    SAMES,
    PairDecision,
    Same,
    apart,
    contradictions,
    counted,
    digest_of_decisions,
    groups,
    newest,
)
from crmsync.core.records import Ref

REFS = tuple(Ref(system, "contact", id_) for system in ("hs", "sf") for id_ in "123")
A, B, C, D = REFS[:4]


def said(one: Ref, other: Ref, same: Same, day: int = 1, by: str = "ana") -> PairDecision:
    return PairDecision.of("contact", (one, other), same, by, date(2026, 11, day))


def decisions() -> st.SearchStrategy[list[PairDecision]]:
    pairs = st.tuples(st.sampled_from(REFS), st.sampled_from(REFS)).filter(
        lambda two: two[0] != two[1]
    )
    one = st.builds(
        lambda pair, same, day, by: said(*pair, same, day, by),
        pairs,
        st.sampled_from(SAMES),
        st.integers(1, 3),
        st.sampled_from(("ana", "bo")),
    )
    return st.lists(one, max_size=14)


def test_a_pair_is_in_order_and_of_two() -> None:
    assert said(B, A, "yes") == said(A, B, "yes")
    assert said(B, A, "yes").one == A
    with pytest.raises(ValueError, match="no pair"):
        said(A, A, "yes")
    with pytest.raises(ValueError, match="no pair"):
        PairDecision("contact", B, A, "yes", "ana", date(2026, 11, 1))


def test_what_was_said_last_counts() -> None:
    last = said(A, B, "no", 2)
    assert newest([last, said(A, B, "yes", 1)]) == [last]
    assert newest([said(A, B, "no", 1, "bo"), last]) == [last]


def test_two_words_of_one_day_count_for_nothing() -> None:
    found = newest([said(A, B, "yes"), said(A, B, "no"), said(C, D, "no")])
    (doubt,) = contradictions(found)
    assert doubt.all == (said(A, B, "no"), said(A, B, "yes"))
    assert [*counted(found).values()] == [said(C, D, "no")]


def test_a_triangle_that_cannot_be_true_is_told_and_counts_for_nothing() -> None:
    torn = [said(A, B, "yes"), said(B, C, "yes"), said(A, C, "no")]
    beside = said(C, D, "no")
    (doubt,) = contradictions([*torn, beside])
    assert doubt.no == said(A, C, "no")
    assert {*doubt.others} == {said(A, B, "yes"), said(B, C, "yes")}
    assert [*counted([*torn, beside]).values()] == [beside]


def test_two_entities_do_not_contradict_each_other() -> None:
    other = PairDecision.of("company", (A, B), "no", "ana", date(2026, 11, 1))
    assert contradictions(newest([said(A, B, "yes"), other])) == []


def test_who_is_one_with_one_is_one_with_all_of_a_group() -> None:
    assert groups([said(A, B, "yes"), said(C, B, "yes"), said(C, D, "no")]) == [(A, B, C)]
    assert apart([said(A, B, "yes"), said(C, D, "no")]) == frozenset([frozenset((C, D))])


def test_the_order_of_lines_does_not_matter() -> None:
    def law(found: list[PairDecision]) -> None:
        assert newest(found) == newest(found[::-1]) == newest(newest(found))
        assert contradictions(newest(found)) == contradictions(newest(found[::-1])[::-1])

    holds(law, decisions())


def test_what_counts_can_all_be_true() -> None:
    def law(found: list[PairDecision]) -> None:
        last = newest(found)
        good = [*counted(last).values()]
        assert contradictions(good) == []
        for group in groups(good):
            assert not [pair for pair in apart(good) if pair <= set(group)]
        torn = {each for one in contradictions(last) for each in one.all}
        assert not torn & set(good)
        assert good == last or torn, "only a contradiction takes something away"

    holds(law, decisions())


def test_every_contradiction_is_one_and_needs_each_of_its_decisions() -> None:
    def law(found: list[PairDecision]) -> None:
        for doubt in contradictions(newest(found)):
            assert contradictions(doubt.all)
            for left_out in doubt.all if len({each.pair for each in doubt.all}) > 1 else ():
                assert not contradictions([each for each in doubt.all if each != left_out])

    holds(law, decisions())


def test_only_words_of_entities_that_ask_change_the_digest() -> None:
    entity = Entity("contact", [Seat("sf", "contact")], ["key", "decided"], [])
    mapping = WorkspaceMapping((entity,), "m", decisions=(said(A, B, "yes"),))
    assert mapping.decisions_of(entity) == [said(A, B, "yes")]
    deaf = Entity("contact", [Seat("sf", "contact")], ["key"], [])
    assert WorkspaceMapping((deaf,), "m", decisions=(said(A, B, "yes"),)).decisions_digest == ""
    assert mapping.decisions_digest == digest_of_decisions([said(A, B, "yes", 2, "bo")])
    assert mapping.decisions_digest != digest_of_decisions([said(A, B, "no")])
    assert digest_of_decisions([said(A, B, "unsure")]) == ""
