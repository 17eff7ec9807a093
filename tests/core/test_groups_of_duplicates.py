"""Groups of records that may be one: how sure they are, which record stays, and what a person would do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crmsync.core.duplicate_groups import (
    DuplicateGroup,
    DuplicateRecord,
    Merge,
    count_tiers,
    tier_of,
)
from crmsync.core.records import Ref

FORCE, HUB = "salesforce", "hubspot"


def record(
    id_: str, system: str = FORCE, object_: str = "Contact", **known: Any
) -> DuplicateRecord:
    return DuplicateRecord(Ref(system, object_, id_), **{"key": id_, "name": id_, **known})


def group(*records: DuplicateRecord, number: int = 1) -> DuplicateGroup:
    return DuplicateGroup("contact", number, "sure", tuple(records), ())


def the_merge(*records: DuplicateRecord) -> Merge:
    (merge,) = group(*records).merges()
    return merge


def test_the_record_that_is_linked_stays_whatever_else_hangs_on_the_other() -> None:
    merge = the_merge(record("a", ties=9, filled=9), record("b", linked=(HUB,)))
    assert (merge.survivor.id, [ref.id for ref in merge.losers]) == ("b", ["a"])
    assert (merge.why, merge.better, merge.than) == ("linked", 1, 0)


def test_then_the_one_that_more_hangs_on() -> None:
    merge = the_merge(record("a", filled=9), record("b", ties=2))
    assert (merge.survivor.id, merge.why, merge.better, merge.than) == ("b", "ties", 2, 0)


def test_then_the_one_with_more_fields_filled() -> None:
    merge = the_merge(
        record("a", filled=3, created_at="2020"), record("b", filled=5, created_at="2024")
    )
    assert (merge.survivor.id, merge.why, merge.better, merge.than) == ("b", "filled", 5, 3)


def test_then_the_older_one_and_nobody_is_older_whose_age_is_unknown() -> None:
    merge = the_merge(record("a"), record("b", created_at="2024-05-01T00:00:00Z"))
    assert (merge.survivor.id, merge.why) == ("b", "older")


def test_then_the_smaller_id_and_it_is_said_that_nothing_tells_them_apart() -> None:
    merge = the_merge(record("b"), record("a"))
    assert (merge.survivor.id, merge.why) == ("a", "first")


def test_merges_stay_inside_one_object_of_one_system() -> None:
    found = group(
        record("a"), record("b"), record("c", object_="Lead"), record("d", HUB, "contacts")
    )
    assert [(m.survivor.object, len(m.losers)) for m in found.merges()] == [("Contact", 1)]
    assert found.is_mixed()
    assert found.is_link()


def test_records_of_one_customer_are_no_new_link() -> None:
    linked = group(record("a", key="one"), record("d", HUB, "contacts", key="one"))
    assert not linked.is_link()
    assert not group(record("a"), record("b")).is_link()


def test_who_opted_out_is_minded_only_where_the_others_did_not() -> None:
    assert group(record("a", opted_out=True), record("b")).opted_out()
    assert not group(record("a", opted_out=True), record("b", opted_out=True)).opted_out()


def test_a_group_is_sure_only_if_sure_pairs_tie_all_of_it() -> None:
    assert tier_of([1, 2, 3], [(1, 2, 1.0), (2, 3, 0.999)], review=0.8, sure=0.998) == "sure"
    assert tier_of([1, 2, 3], [(1, 2, 1.0), (2, 3, 0.99)], review=0.8, sure=0.998) == "review"


def test_one_pair_that_is_doubted_makes_a_group_one_to_review() -> None:
    tied = [(1, 2, 1.0), (2, 3, 1.0)]
    assert tier_of([1, 2, 3], [*tied, (1, 3, 0.3)], review=0.8, sure=0.998) == "review"
    assert tier_of([1, 2, 3], [*tied, (1, 3, 0.85)], review=0.8, sure=0.998) == "sure"


PAIRS = st.lists(st.tuples(st.sampled_from(list(combinations(range(5), 2))), st.floats(0.8, 1)))


@given(PAIRS)
def test_more_pairs_never_make_a_group_less_sure_unless_one_is_doubted(
    given_pairs: Sequence[tuple[tuple[int, int], float]],
) -> None:
    pairs = [(one, other, p) for (one, other), p in given_pairs]
    before = tier_of(range(5), pairs, review=0.8, sure=0.95)
    after = tier_of(range(5), [*pairs, (0, 1, 1.0)], review=0.8, sure=0.95)
    assert not (before == "sure" and after == "review")


@given(st.permutations([record("a", ties=1), record("b", filled=2), record("c", linked=(HUB,))]))
def test_which_record_stays_does_not_hang_on_their_order(records: list[DuplicateRecord]) -> None:
    merge = the_merge(*records)
    assert [merge.survivor.id, *(ref.id for ref in merge.losers)] == ["c", "a", "b"]


def test_counts_are_by_entity_and_tier_the_sure_first() -> None:
    two = group(record("a"), record("b"), record("d", HUB, "contacts"))
    (count,) = count_tiers([two, group(record("x"), record("y"))])
    assert (count.groups, count.records, count.surplus, count.links) == (2, 5, 2, 1)
