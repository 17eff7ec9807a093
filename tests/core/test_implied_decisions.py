"""What follows of decisions is asked of nobody."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crmsync.core.implied_decisions import implied
from crmsync.core.pair_decisions import Pair, Same
from crmsync.core.records import Ref

A, B, C, D, E = (Ref("crm", "contact", name) for name in "ABCDE")


def pair(one: Ref, other: Ref) -> Pair:
    return frozenset((one, other))


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ({(A, B): "yes", (B, C): "yes"}, {(A, C): "yes"}),
        ({(A, B): "yes", (C, D): "yes", (B, C): "yes"}, {(A, D): "yes", (A, C): "yes"}),
        ({(A, B): "yes", (B, C): "no"}, {(A, C): "no"}),
        ({(A, B): "yes", (C, D): "yes", (B, C): "no"}, {(A, C): "no", (A, D): "no", (B, D): "no"}),
        ({(A, B): "yes", (B, C): "yes", (A, C): "unsure"}, {(A, C): "yes"}),
    ],
)
def test_what_follows_of_decisions_is_decided(
    said: dict[tuple[Ref, Ref], Same], follows: dict[tuple[Ref, Ref], Same]
) -> None:
    decided = {pair(*two): word for two, word in said.items()}
    found = implied(decided)
    assert {two: found.get(pair(*two)) for two in follows} == follows
    assert {each for each, word in decided.items() if word != "unsure"} <= {*found}


@pytest.mark.parametrize(
    "said",
    [{(A, B): "no", (B, C): "no"}, {(A, B): "unsure", (B, C): "yes"}, {(A, B): "yes", (D, E): "yes"}],
)  # fmt: skip
def test_what_does_not_follow_is_left_open(said: dict[tuple[Ref, Ref], Same]) -> None:
    decided = {pair(*two): word for two, word in said.items()}
    assert implied(decided) == decided


def test_a_chain_of_thousands_is_left_as_it_was_said() -> None:
    refs = [Ref("crm", "contact", f"{at:05d}") for at in range(3000)]
    decided: dict[Pair, Same] = {pair(one, other): "yes" for one, other in pairwise(refs)}
    assert implied({**decided, pair(A, refs[7]): "no"}) == {**decided, pair(A, refs[7]): "no"}
