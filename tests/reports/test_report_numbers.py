"""Numbers read as the language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from crmsync.reports.numbers import day, instant, money, number, quantity, share, signed, work


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (999, "999", "999"),
        (1234, "1,234", "1234"),
        (12345, "12,345", "12.345"),
        (2.5, "2.5", "2,5"),
    ],
)
def test_spanish_leaves_four_digits_together(value: float, english: str, spanish: str) -> None:
    assert (number(value, "en"), number(value, "es")) == (english, spanish)


@pytest.mark.parametrize(
    ("part", "whole", "english", "spanish"),
    [
        (1, 2, "50%", "50\u00a0%"),
        (1, 80, "1.2%", "1,2\u00a0%"),
        (0, 80, "0%", "0\u00a0%"),
        (80, 80, "100%", "100\u00a0%"),
        (99999, 100000, "99.9%", "99,9\u00a0%"),
        (1, 0, "", ""),
    ],
)
def test_a_share_is_never_rounded_up_to_all(
    part: int, whole: int, english: str, spanish: str
) -> None:
    assert (share(part, whole, "en"), share(part, whole, "es")) == (english, spanish)


def test_money_carries_its_currency_where_it_is_known() -> None:
    assert money(Decimal("123456.5"), "EUR", "en") == "€123,456"
    assert money(123456, "EUR", "es") == "123.456\u00a0€"
    assert money(1234, "CLP", "es") == "1234\u00a0CLP"
    assert money(1234, "", "en") == "1,234"


def test_an_instant_is_shown_in_utc() -> None:
    moment = datetime(2026, 11, 21, 1, 30, tzinfo=timezone(timedelta(hours=3)))
    assert instant(moment, "en") == "November 20, 2026, 22:30 UTC"
    assert instant(datetime(2026, 1, 2, tzinfo=UTC), "es") == "2 de enero de 2026, 00:00 UTC"
    assert day(date(2026, 1, 2), "en") == "January 2, 2026"


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0.5, "1 min"),
        (39, "39 min"),
        (60, "1 h"),
        (150, "2,5 h"),
        (900, "15 h"),
        (4800, "10 días hábiles"),
    ],
)
def test_work_is_told_in_the_unit_that_fits(minutes: float, shown: str) -> None:
    assert work(minutes, "es") == shown


def test_one_is_not_many() -> None:
    assert quantity("{n} finding", "{n} findings", 1, "en") == "1 finding"
    assert quantity("{n} finding", "{n} findings", 0, "es") == "0 hallazgos"
    assert signed(5, "en") == "+5"
    assert signed(-5, "en") == "-5"
