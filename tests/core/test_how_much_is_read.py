"""How much of a system is read is a table of four lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.core.extents import EVERY, SHARE, Extent, extent

COSTS = st.integers(1, 10_000_000)


@pytest.mark.parametrize(
    ("cost", "allowed", "since_full", "whole", "why"),
    [
        (0, 100, 0, True, "first"),
        (50, None, 0, True, "unknown"),
        (50, 0, 0, True, "unknown"),
        (10, 100, 0, True, "cheap"),
        (11, 100, 0, False, "costly"),
        (11, 100, 5, False, "costly"),
        (11, 100, 6, True, "due"),
        (10, 100, 6, True, "cheap"),
    ],
)
def test_by_itself_it_goes_by_what_a_full_read_costs(
    cost: int, allowed: int | None, since_full: int, whole: bool, why: str
) -> None:
    assert extent("auto", cost, allowed, since_full) == Extent(whole, why, cost, allowed)  # type: ignore[arg-type]  # a word of the table


@given(COSTS, st.none() | COSTS, st.integers(0, 20))
def test_what_is_asked_for_is_done(cost: int, allowed: int | None, since_full: int) -> None:
    """But that no more than six reads in a row are of changes."""
    assert extent("full", cost, allowed, since_full).whole
    assert extent("changes", cost, allowed, since_full).whole == (since_full >= EVERY - 1)


@given(COSTS, COSTS)
def test_one_read_of_seven_is_of_everything(cost: int, allowed: int) -> None:
    since_full, whole = 0, 0
    for _night in range(70):
        if extent("auto", cost, allowed, since_full).whole:
            since_full, whole = 0, whole + 1
        else:
            since_full += 1
    assert whole == (70 if cost <= SHARE * allowed else 70 // EVERY)
