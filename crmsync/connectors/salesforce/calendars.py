"""When an org works: business hours by weekday, and holidays.

Developer.salesforce.com, BusinessHours and Holiday (read 2026-11): a day that begins and ends at midnight is
worked through, one without times is not worked at all. Which hours a holiday belongs to cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.connectors.facts import CALENDARS
from crmsync.connectors.salesforce.sources import Column, Row, Rows, Source
from crmsync.connectors.salesforce.values import as_they_are, booleans, numbers, references

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MIDNIGHT, _END = "00:00", "24:00"


def calendar_sources() -> list[Source]:
    """Business hours and holidays."""
    edges = [f"{day}{edge}Time" for day in _DAYS for edge in ("Start", "End")]
    hours = ("Id", "Name", "TimeZoneSidKey", "IsActive", "IsDefault", *edges)
    return [
        Source(f"{CALENDARS}.BusinessHours", "BusinessHours", _HOURS, hours, hours, unfold=_weekdays),
        Source(f"{CALENDARS}.Holiday", "Holiday", _HOLIDAY, _OF_HOLIDAY, ("Id", "ActivityDate"), unfold=_holidays),
    ]  # fmt: skip


def _weekdays(rows: Rows) -> Rows:
    """A row a weekday."""
    return [
        {**row, "weekday": number, **_hours_of(row, day)}
        for row in rows
        for number, day in enumerate(_DAYS, 1)
    ]


def _hours_of(row: Mapping[str, Any], day: str) -> Row:
    starts, ends = row[f"{day}StartTime"], row[f"{day}EndTime"]
    if starts is None or ends is None:
        return {"starts": None, "ends": None}
    ends = ends[:5]
    return {"starts": starts[:5], "ends": _END if ends == _MIDNIGHT else ends}


def _holidays(rows: Rows) -> Rows:
    return [{**row, **_minutes(row), "day": _day(row)} for row in rows]


def _day(row: Row) -> Any:
    """The holiday's day; of one that recurs, the day it recurs from."""
    return row.get("RecurrenceStartDate") if row.get("IsRecurrence") else row["ActivityDate"]


def _minutes(row: Row) -> Row:
    starts, ends = row.get("StartTimeInMinutes"), row.get("EndTimeInMinutes")
    if row.get("IsAllDay") or starts is None or ends is None:
        return {"starts": _MIDNIGHT, "ends": _END}
    return {"starts": _clock(starts), "ends": _clock(ends)}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


_HOURS = (
    Column("id", ("Id",), references),
    Column("name", ("Name",), as_they_are),
    Column("timezone", ("TimeZoneSidKey",), as_they_are),
    Column("active", ("IsActive",), booleans),
    Column("is_default", ("IsDefault",), booleans),
    Column("weekday", ("weekday",), numbers),
    Column("starts", ("starts",), as_they_are),
    Column("ends", ("ends",), as_they_are),
)
_OF_HOLIDAY = (
    "Id",
    "Name",
    "IsAllDay",
    "ActivityDate",
    "StartTimeInMinutes",
    "EndTimeInMinutes",
    "IsRecurrence",
    "RecurrenceStartDate",
    "RecurrenceEndDateOnly",
    "RecurrenceType",
    "RecurrenceDayOfMonth",
    "RecurrenceMonthOfYear",
)
_HOLIDAY = (
    Column("id", ("Id",), references),
    Column("name", ("Name",), as_they_are),
    Column("starts", ("starts",), as_they_are),
    Column("ends", ("ends",), as_they_are),
    Column("day", ("day",), as_they_are),
    Column("recurs", ("RecurrenceType",), as_they_are),
    Column("until", ("RecurrenceEndDateOnly",), as_they_are),
    Column("month", ("RecurrenceMonthOfYear",), as_they_are),
    Column("month_day", ("RecurrenceDayOfMonth",), numbers),
)
