"""A day that somebody typed into a cell is the day that was meant, or none at all."""

from __future__ import annotations

from datetime import date

import pytest

from crmsync.core.days import day_typed

MEANT = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026-11-23T00:00:00",
        "23/11/2026",
        "23.11.26",
        "23-11-2026",
        " 23 de noviembre de 2026 ",
        "23 de nov. del 2026",
        "23 Nov 2026",
        "23 NOVEMBER 2026",
    ],
)
def test_a_day_is_understood_however_it_is_written(text: str) -> None:
    assert day_typed(text) == MEANT


@pytest.mark.parametrize("month", ["enero", "January", "ene"])
def test_months_have_names_in_both_languages(month: str) -> None:
    assert day_typed(f"3 {month} 2026") == date(2026, 1, 3)


@pytest.mark.parametrize(
    "text", ["", "11/23/2026", "31/02/2026", "2026", "soon", "23 de frimaire de 2026", "46349"]
)
def test_what_may_be_another_day_is_no_day(text: str) -> None:
    assert day_typed(text) is None


def test_the_day_comes_before_the_month() -> None:
    assert day_typed("03/04/2026") == date(2026, 4, 3)
