"""Date literals that depend on today: the days each one covers.

SOQL guide, Date Formats and Date Literals (read 2026-11). Weeks begin on Sunday, as the locale of the API user
(en_US) has it; the fiscal year is the calendar's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

Span = tuple[date, date]
Start = Callable[[date, int], date]  # first day of the stretch that many stretches from today's


def _day(today: date, offset: int) -> date:
    return today + timedelta(days=offset)


def _week(today: date, offset: int) -> date:
    return today - timedelta(days=(today.weekday() + 1) % 7) + timedelta(weeks=offset)


def _month(today: date, offset: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + offset, 12)
    return date(year, month + 1, 1)


def _quarter(today: date, offset: int) -> date:
    return _month(today.replace(month=(today.month - 1) // 3 * 3 + 1), offset * 3)


def _year(today: date, offset: int) -> date:
    return date(today.year + offset, 1, 1)


_UNITS: dict[str, Start] = {
    "WEEK": _week,
    "MONTH": _month,
    "QUARTER": _quarter,
    "YEAR": _year,
    "FISCAL_QUARTER": _quarter,
    "FISCAL_YEAR": _year,
}
Literal = Callable[[date, int], Span]


def _days(start: int, end: int) -> Literal:
    return lambda today, n: (_day(today, start), _day(today, end))


def _of_unit(unit: str, start: Start) -> Iterator[tuple[str, Literal]]:
    """The six literals of one unit; those with a number leave the stretch that today is in out."""
    yield f"THIS_{unit}", lambda today, n: (start(today, 0), start(today, 1))
    yield f"LAST_{unit}", lambda today, n: (start(today, -1), start(today, 0))
    yield f"NEXT_{unit}", lambda today, n: (start(today, 1), start(today, 2))
    yield f"LAST_N_{unit}S", lambda today, n: (start(today, -n), start(today, 0))
    yield f"NEXT_N_{unit}S", lambda today, n: (start(today, 1), start(today, n + 1))
    yield f"N_{unit}S_AGO", lambda today, n: (start(today, -n), start(today, 1 - n))


# First day, and the day after the last. Days begin at midnight UTC: the API user's zone is GMT.
RELATIVE_DATES: dict[str, Literal] = {
    "TODAY": _days(0, 1),
    "YESTERDAY": _days(-1, 0),
    "TOMORROW": _days(1, 2),
    "LAST_90_DAYS": _days(-90, 1),
    "NEXT_90_DAYS": _days(1, 91),
    "LAST_N_DAYS": lambda today, n: (_day(today, -n), _day(today, 1)),
    "NEXT_N_DAYS": lambda today, n: (_day(today, 1), _day(today, n + 1)),
    "N_DAYS_AGO": lambda today, n: (_day(today, -n), _day(today, 1 - n)),
    **{name: literal for unit, start in _UNITS.items() for name, literal in _of_unit(unit, start)},
}


def takes_a_number(name: str) -> bool:
    """Whether a literal is written with a number behind it, as LAST_N_DAYS:7."""
    return "N" in name.split("_")
