"""The first figures by example: who was never touched is in the denominator, and two rates of conversion have names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.core.figures import NEVER, Conversion, Outcome, Speed, quantile, speed_of, waits_of

MINUTE = 60.0
FIVE = 5 * MINUTE
FORTY_TWENTY_FORTY = [(3 * MINUTE, 40), (20 * MINUTE, 20), (NEVER, 40)]


def speed(waits: list[tuple[float, int]] | None = None) -> Speed:
    return speed_of(FORTY_TWENTY_FORTY if waits is None else waits, FIVE)


def test_forty_of_a_hundred_are_in_time_though_two_thirds_of_the_touched_are() -> None:
    found = speed()
    assert found.touched.mean == pytest.approx(8.67 * MINUTE, abs=1)
    assert found.within / found.touched.n == pytest.approx(0.667, abs=0.001)
    assert found.share_within == 0.40
    assert found.share_never == 0.40


def test_the_median_of_all_counts_who_is_waiting_still() -> None:
    found = speed()
    assert found.touched.median == 3 * MINUTE
    assert found.all.median == 20 * MINUTE
    assert found.all.p90 is None
    assert found.all.n == 100


def test_bands_end_with_their_last_minute_and_hold_everybody_touched() -> None:
    found = speed(
        [(0, 1), (FIVE, 2), (FIVE + 1, 4), (15 * MINUTE, 8), (3600, 16), (3601, 32), (NEVER, 64)]
    )
    assert found.bands == (3, 12, 16, 32)
    assert sum(found.bands) == found.touched.n
    assert found.within == 3


def test_what_cannot_be_measured_is_in_no_other_number() -> None:
    found = speed_of([(60.0, 3)], FIVE, unmeasured=1)
    assert (found.eligible, found.share_within, found.share_unmeasured) == (3, 1.0, 0.25)


def test_of_nobody_nothing_is_said() -> None:
    found = speed([])
    assert (found.share_within, found.share_never, found.share_unmeasured) == (None, None, None)
    assert (found.all.median, found.touched.mean) == (None, None)


@pytest.mark.parametrize(("share", "wait"), [(0.5, 2.0), (0.9, 9.0), (0.01, 1.0), (1.0, 9.0)])
def test_a_percentile_is_a_wait_that_somebody_had(share: float, wait: float) -> None:
    assert quantile([(1.0, 1), (2.0, 1), (9.0, 2)], share) == wait


def test_two_rates_have_their_own_members() -> None:
    """Two hundred entered, of whom eighty are old enough; thirty conversions fell into the period."""
    found = Conversion("mql", "sql", 200, 30, 80, 24, 90)
    assert (found.snapshot, found.cohort) == (0.15, 0.30)
    assert Conversion("mql", "sql", 0, 3, 0, 0, 90).snapshot is None
    assert Conversion("mql", "sql", 5, 3, 0, 0, 90).cohort is None


def test_who_is_neither_accepted_nor_rejected_is_undecided() -> None:
    assert Outcome(10, accepted=4, rejected=2, recycled=1).undecided == 3


_COUNTED = st.lists(st.tuples(st.integers(0, 10**6).map(float) | st.just(NEVER), st.integers(1, 9)))


@given(_COUNTED)
def test_everybody_is_counted_once(counted: list[tuple[float, int]]) -> None:
    found = speed_of(counted, FIVE)
    assert found.eligible == sum(times for _, times in counted)
    assert sum(found.bands) + found.never == found.eligible
    assert found.within == found.bands[0]


@given(_COUNTED)
def test_a_median_is_that_of_the_list_written_out(counted: list[tuple[float, int]]) -> None:
    every = sorted(wait for wait, times in counted for _ in range(times) if wait != NEVER)
    found = waits_of((wait, times) for wait, times in counted if wait != NEVER)
    assert found.n == len(every)
    if every:
        assert found.median == every[(len(every) + 1) // 2 - 1]
        assert found.p90 == every[-(-9 * len(every) // 10) - 1]
