"""Decisions of people move the shares among pairs that are one, as far as they go and no further."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.core.duplicate_labels import DecidedPair, learn_shares

SHARES = {
    "name": {"same": 0.6, "near": 0.3, "other": 0.1},
    "phone": {"colleagues": 0.7, "same": 0.7, "other": 0.28},
}
FIXED = {"phone": ("colleagues",)}
_SEEN = st.fixed_dictionaries(
    {name: st.sampled_from([None, *levels]) for name, levels in SHARES.items()}
)
_PAIR = st.builds(
    DecidedPair, st.sampled_from("abcdefgh"), st.sampled_from("ijklmnop"), st.booleans(), _SEEN
)


def pairs(count: int, seen: Mapping[str, str | None], *, same: bool = True) -> list[DecidedPair]:
    return [DecidedPair(f"a{at}", f"b{at}", same, seen) for at in range(count)]


@given(st.lists(_PAIR, max_size=60), st.floats(0.5, 1e4))
def test_shares_stay_a_distribution(decided: list[DecidedPair], weight: float) -> None:
    learned = learn_shares(SHARES, decided, FIXED, least=0, weight=weight)
    for name, levels in learned.items():
        assert list(levels) == list(SHARES[name])
        assert sum(levels.values()) == pytest.approx(sum(SHARES[name].values()))
        assert all(share > 0 for share in levels.values())
    assert learned["phone"]["colleagues"] == 0.7


@given(st.lists(_PAIR, max_size=60))
def test_the_order_of_decisions_does_not_count(decided: list[DecidedPair]) -> None:
    first_seen = {frozenset((each.one, each.other)): each.seen for each in reversed(decided)}
    even = [
        DecidedPair(d.one, d.other, d.same, first_seen[frozenset((d.one, d.other))])
        for d in decided
    ]
    turned = [DecidedPair(d.other, d.one, d.same, d.seen) for d in reversed(even)]
    assert learn_shares(SHARES, even, FIXED, least=0) == learn_shares(
        SHARES, turned, FIXED, least=0
    )


def test_nothing_is_learned_of_nothing_nor_of_few() -> None:
    assert learn_shares(SHARES, [], FIXED) == SHARES
    assert learn_shares(SHARES, pairs(49, {"name": "near"}), FIXED) == SHARES
    assert learn_shares(SHARES, pairs(50, {"name": "near"}), FIXED) != SHARES


def test_a_share_counts_like_so_many_pairs() -> None:
    learned = learn_shares(SHARES, pairs(200, {"name": "near", "phone": None}), FIXED, weight=200)
    assert learned["name"] == pytest.approx({"same": 0.3, "near": 0.65, "other": 0.05})
    assert learned["phone"] == pytest.approx(SHARES["phone"])


def test_what_people_contradict_each_other_in_counts_for_neither() -> None:
    said = pairs(100, {"name": "near"})
    assert learn_shares(SHARES, [*said, *pairs(100, {}, same=False)], FIXED) == SHARES


def test_pairs_that_are_two_move_nothing() -> None:
    assert learn_shares(SHARES, pairs(500, {"name": "near"}, same=False), FIXED) == SHARES
