"""Business time: how long people who were at work waited, and when so much work time will be over.

    elapsed(calendar, t0, t1)    the time between two instants in which the calendar is open; back in time is negative
    add(calendar, t0, need)      the first instant at which so much open time has passed

An instant is open if the clock on the wall of the calendar's zone then shows a time of an interval of that day.
Intervals are half-open: whoever works from 9 to 18 is gone at 18:00:00. A wall clock that is put forward leaves times
out, one that is put back shows some twice, and both count as they are lived through: such a day has 23 or 25 hours. An
exception replaces the hours of its day; a closure takes its part of the day away, of exceptions too.

Laws: elapsed(t0, add(t0, x)) is x; elapsed(a, b) + elapsed(b, c) is elapsed(a, c); later never counts less.
Must not know: the clock, and whose calendar it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

DAY = 24 * 60
Minutes: TypeAlias = tuple[int, int]
"""From and until, in minutes of the local day: 1440 is its end."""
Span: TypeAlias = tuple[datetime, datetime]
_NO_TIME = timedelta()
_ONE_DAY = timedelta(days=1)
# No place is further from Greenwich than 14 hours; a day more on each side sees every offset of a local day
_REACH = timedelta(hours=15)
# Nobody is closed for longer and opens again
_PATIENCE_DAYS = 1100


@dataclass(frozen=True, slots=True)
class Closure:
    """A holiday or a part of one; a yearly one comes back on the same date, from `day` to `until`."""

    day: date
    minutes: Minutes = (0, DAY)
    yearly: bool = False
    until: date | None = None

    def falls_on(self, day: date) -> bool:
        """True on the holiday, in each of its years."""
        if not self.yearly:
            return day == self.day
        same_date = (day.month, day.day) == (self.day.month, self.day.day)
        return same_date and self.day <= day <= (self.until or day)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works: a zone, hours by weekday (1 is Monday), closures, and days with other hours.

    Hours are (weekday, from, until) in minutes; an interval that ends before it begins is refused, so a night is two
    of them. Without a zone there is no calendar: what time it is where is nothing to guess.
    """

    name: str
    zone: str
    weekly: tuple[tuple[int, int, int], ...]
    closures: tuple[Closure, ...] = ()
    exceptions: tuple[tuple[date, tuple[Minutes, ...]], ...] = ()

    def __post_init__(self) -> None:
        if not is_zone(self.zone):
            raise ValueError(f"calendar '{self.name}' has no time zone: '{self.zone}'")
        hours = [each[1:] for each in self.weekly] + [
            each for _, day in self.exceptions for each in day
        ]
        if any(not 0 <= starts < ends <= DAY for starts, ends in hours):
            raise ValueError(f"calendar '{self.name}' has hours that end before they begin")


def is_zone(name: str) -> bool:
    """True for the name of a time zone such as Europe/Madrid."""
    return bool(name) and _zone(name) is not None


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The open time between two aware instants; negative if the second is the earlier one."""
    start, end = _utc(start), _utc(end)
    if end < start:
        return -elapsed(calendar, end, start)
    return sum(
        (min(closes, end) - max(opens, start) for opens, closes in openings(calendar, start, end)),
        _NO_TIME,
    )


def add(calendar: Calendar, start: datetime, need: timedelta) -> datetime | None:
    """The first instant by which `need` of open time has passed since `start`, in UTC.

    No time has passed at once. None if the calendar does not open for so long.
    """
    if need < _NO_TIME:
        raise ValueError("time cannot be added backwards")
    left, at = need, _utc(start)
    if not left:
        return at
    waited = 0
    for opens, closes in _from(calendar, at):
        if closes <= opens:
            waited += 1
            if waited > _PATIENCE_DAYS:
                return None
            continue
        waited = 0
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    return None


def openings(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """The open spans that touch the time between two aware instants: in UTC, in order, none of them empty."""
    start, end = _utc(start), _utc(end)
    first = (start - _REACH).date()
    last = (end + _REACH).date()
    held: Span | None = None
    for ahead in range((last - first).days + 1):
        for span in _spans_of(calendar, first + timedelta(days=ahead)):
            if held is not None and span[0] <= held[1]:
                held = (held[0], max(held[1], span[1]))
                continue
            if held is not None and held[1] > start and held[0] < end:
                yield held
            held = span
    if held is not None and held[1] > start and held[0] < end:
        yield held


def _from(calendar: Calendar, start: datetime) -> Iterator[Span]:
    """Open spans after an instant, without an end; an empty one for each day that is closed."""
    day = (start - _REACH).date()
    at = start
    while day < date(9998, 1, 1):
        spans = _spans_of(calendar, day)
        if not any(closes > at for _, closes in spans):
            yield at, at
        for opens, closes in spans:
            if closes > at:
                yield max(opens, at), closes
                at = closes
        day += _ONE_DAY


def _utc(at: datetime) -> datetime:
    """The instant in UTC: Python subtracts two times of one zone as their wall clocks show them."""
    if at.tzinfo is None:
        raise TypeError("a time without a zone is no instant")
    return at.astimezone(UTC)


def _spans_of(calendar: Calendar, day: date) -> list[Span]:
    """When a calendar is open on one local day, in UTC and in order."""
    hours = _minutes_of(calendar, day)
    if not hours:
        return []
    return sorted(
        span
        for offset, begins, ends in _offsets(calendar.zone, day)
        for from_, until in hours
        if (span := _within(day, from_, until, offset, begins, ends)) is not None
    )


def _within(
    day: date, from_: int, until: int, offset: timedelta, begins: datetime, ends: datetime
) -> Span | None:
    """Wall times as instants, as far as the zone has this offset then."""
    midnight = datetime.combine(day, time(), UTC) - offset
    opens = max(midnight + timedelta(minutes=from_), begins)
    closes = min(midnight + timedelta(minutes=until), ends)
    return (opens, closes) if opens < closes else None


def _minutes_of(calendar: Calendar, day: date) -> list[Minutes]:
    hours = next((h for on, h in calendar.exceptions if on == day), None)
    if hours is None:
        hours = tuple((a, b) for weekday, a, b in calendar.weekly if weekday == day.isoweekday())
    found = list(hours)
    for closure in calendar.closures:
        if found and closure.falls_on(day):
            found = [part for each in found for part in _less(each, closure.minutes)]
    return found


def _less(hours: Minutes, closed: Minutes) -> Iterator[Minutes]:
    """What is left of some hours around a closure."""
    for part in ((hours[0], min(hours[1], closed[0])), (max(hours[0], closed[1]), hours[1])):
        if part[0] < part[1]:
            yield part


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # KeyError: ZoneInfoNotFoundError
        return None


@cache
def _offsets(zone: str, day: date) -> tuple[tuple[timedelta, datetime, datetime], ...]:
    """The offsets of a zone around a local day, and from when until when each is valid."""
    noon = datetime.combine(day, time(12), UTC)
    begins, ends = noon - timedelta(hours=12) - _REACH, noon + timedelta(hours=12) + _REACH
    before, after = _offset(zone, begins), _offset(zone, ends)
    if before == after:
        return ((before, begins, ends),)
    change = _change(zone, begins, ends)
    return ((before, begins, change), (after, change, ends))


def _change(zone: str, low: datetime, high: datetime) -> datetime:
    """The instant between two at which the offset of a zone changes, to the second."""
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _offset(zone: str, at: datetime) -> timedelta:
    there = _zone(zone)
    assert there is not None
    return at.astimezone(there).utcoffset() or _NO_TIME
