"""Date literals that depend on today: the days each one covers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

Span = tuple[date, date]


def _days(start: int, end: int) -> Callable[[date, int], Span]:
    return lambda today, n: (today + timedelta(days=start), today + timedelta(days=end))


def _month(today: date, n: int) -> Span:
    first = today.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _year(today: date, n: int) -> Span:
    return date(today.year, 1, 1), date(today.year + 1, 1, 1)


# First day, and the day after the last. Days begin at midnight UTC: the API user's zone is GMT.
RELATIVE_DATES: dict[str, Callable[[date, int], Span]] = {
    "TODAY": _days(0, 1),
    "YESTERDAY": _days(-1, 0),
    "TOMORROW": _days(1, 2),
    "THIS_MONTH": _month,
    "THIS_YEAR": _year,
    "LAST_N_DAYS": lambda today, n: (today - timedelta(days=n), today + timedelta(days=1)),
    "NEXT_N_DAYS": lambda today, n: (
        today + timedelta(days=1),
        today + timedelta(days=n + 1),
    ),
}
