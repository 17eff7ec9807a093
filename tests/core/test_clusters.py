"""Groups of records: the same in any order, never what was vetoed, never too large, and no bridge between crowds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crmsync.core.clusters import join_records

PAIRS = st.lists(
    st.tuples(
        st.integers(0, 12), st.integers(0, 12), st.sampled_from([0.8, 0.85, 0.9, 0.95, 0.999])
    ).filter(lambda pair: pair[0] < pair[1]),
    unique_by=lambda pair: pair[:2],
    max_size=40,
)


@given(PAIRS, st.randoms())
def test_the_order_of_the_pairs_does_not_matter(
    pairs: list[tuple[int, int, float]], random: object
) -> None:
    turned = [(b, a, p) for a, b, p in pairs]
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert join_records(turned) == join_records(pairs)


@given(PAIRS, st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=10))
def test_a_vetoed_pair_is_never_in_one_group(
    pairs: list[tuple[int, int, float]], vetoed: set[tuple[int, int]]
) -> None:
    vetoed = {(a, b) for a, b in vetoed if a != b}
    for group in join_records(pairs, vetoed):
        assert not any(a in group and b in group for a, b in vetoed)


@given(PAIRS, st.integers(2, 6))
def test_no_group_is_larger_than_allowed_and_no_record_is_in_two(
    pairs: list[tuple[int, int, float]], largest: int
) -> None:
    groups = join_records(pairs, largest=largest)
    assert all(2 <= len(group) <= largest for group in groups)
    assert len({each for group in groups for each in group}) == sum(map(len, groups))


@given(PAIRS)
def test_a_system_that_is_clean_has_one_record_in_a_group(
    pairs: list[tuple[int, int, float]],
) -> None:
    kinds = dict.fromkeys(range(0, 13, 2), "salesforce")
    for group in join_records(pairs, kinds=kinds):
        assert sum(each in kinds for each in group) <= 1


def test_the_surest_pair_decides_whom_a_clean_system_gives() -> None:
    pairs = [(1, 3, 0.9), (2, 3, 0.95)]
    assert join_records(pairs, kinds={1: "crm", 2: "crm"}) == [[2, 3]]


def test_one_doubtful_pair_is_no_bridge_between_two_groups() -> None:
    crowds = [(1, 2, 0.999), (3, 4, 0.999)]
    assert join_records([*crowds, (2, 3, 0.9)]) == [[1, 2], [3, 4]]
    assert join_records([*crowds, (2, 3, 0.999)]) == [[1, 2, 3, 4]]


def test_two_doubtful_pairs_join_two_groups() -> None:
    pairs = [(1, 2, 0.999), (3, 4, 0.999), (2, 3, 0.9), (1, 4, 0.85)]
    assert join_records(pairs) == [[1, 2, 3, 4]]


def test_a_single_record_joins_a_group_by_one_pair() -> None:
    assert join_records([(1, 2, 0.999), (2, 3, 0.81)]) == [[1, 2, 3]]


def test_nobody_is_a_group_of_one() -> None:
    assert join_records([]) == []
