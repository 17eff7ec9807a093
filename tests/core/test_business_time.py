"""Business time: hours of people at work, through holidays and through the nights in which clocks are moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmsync.core.worktime import Calendar, Closure, add, elapsed, openings

WEEK = tuple((day, 9 * 60, 18 * 60) for day in range(1, 6))
IMMACULATE = Closure(date(2026, 12, 8), yearly=True)
MADRID = Calendar("Madrid", "Europe/Madrid", WEEK, (IMMACULATE,))
ALWAYS = tuple((day, 0, 24 * 60) for day in range(1, 8))
FIVE = timedelta(minutes=5)


def at(text: str, zone: str = "Europe/Madrid") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        ("2026-11-20T17:58", "2026-11-23T09:03"),
        ("2026-11-21T08:00", "2026-11-23T09:05"),
        ("2026-11-21T22:00", "2026-11-23T09:05"),
        ("2026-12-07T17:57", "2026-12-09T09:02"),
    ],
    ids=["friday_evening", "saturday_morning", "saturday_night", "before_a_holiday"],
)
def test_five_minutes_are_over_when_somebody_is_there_again(raised: str, due: str) -> None:
    assert add(MADRID, at(raised), FIVE) == at(due)
    assert elapsed(MADRID, at(raised), at(due)) == FIVE


def test_a_lead_of_the_night_is_in_time_and_yet_eleven_hours_old() -> None:
    raised, answered = at("2026-11-23T22:00"), at("2026-11-24T09:03")
    assert elapsed(MADRID, raised, answered) == timedelta(minutes=3)
    assert answered - raised == timedelta(hours=11, minutes=3)


def test_noon_to_noon_is_23_hours_when_clocks_are_put_forward() -> None:
    calendar = Calendar("always", "Europe/Madrid", ALWAYS)
    assert elapsed(calendar, at("2026-03-28T12:00"), at("2026-03-29T12:00")) == timedelta(hours=23)


def test_noon_to_noon_is_25_hours_when_clocks_are_put_back() -> None:
    calendar = Calendar("always", "Europe/Madrid", ALWAYS)
    assert elapsed(calendar, at("2026-10-24T12:00"), at("2026-10-25T12:00")) == timedelta(hours=25)


def test_the_same_ten_hours_are_8_30_in_madrid_and_3_30_in_mexico() -> None:
    start = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    end = start + timedelta(hours=10)
    mexico = Calendar("Mexico", "America/Mexico_City", WEEK)
    assert elapsed(MADRID, start, end) == timedelta(hours=8, minutes=30)
    assert elapsed(mexico, start, end) == timedelta(hours=3, minutes=30)


def test_hours_of_a_night_that_is_shortened_are_those_that_were_there() -> None:
    """From 02:30 to 03:15 on the night on which 02:00 is 03:00: a quarter of an hour is left of it."""
    night = Calendar("night", "Europe/Madrid", ((7, 150, 195),))
    day = (at("2026-03-29T00:00"), at("2026-03-30T00:00"))
    assert elapsed(night, *day) == timedelta(minutes=15)
    assert add(night, day[0], timedelta(minutes=15)) == at("2026-03-29T03:15")


def test_hours_that_the_wall_clock_shows_twice_are_worked_twice() -> None:
    night = Calendar("night", "Europe/Madrid", ((7, 120, 180),))
    assert elapsed(night, at("2026-10-25T00:00"), at("2026-10-26T00:00")) == timedelta(hours=2)


def test_a_day_that_begins_at_one_is_whole_by_then() -> None:
    """Santiago puts its clocks forward at midnight: 6 September 2026 has no 00:00."""
    zone = "America/Santiago"
    calendar = Calendar("always", zone, ALWAYS)
    found = elapsed(calendar, at("2026-09-05T12:00", zone), at("2026-09-06T12:00", zone))
    assert found == timedelta(hours=23)


def test_24_00_is_the_end_of_the_day() -> None:
    late = Calendar("late", "Europe/Madrid", ((1, 22 * 60, 24 * 60), (2, 0, 60)))
    spans = list(openings(late, at("2026-11-23T00:00"), at("2026-11-25T00:00")))
    assert spans == [(at("2026-11-23T22:00"), at("2026-11-24T01:00"))]


def test_who_works_until_six_is_gone_at_six() -> None:
    assert elapsed(MADRID, at("2026-11-20T18:00"), at("2026-11-23T09:00")) == timedelta()
    assert add(MADRID, at("2026-11-20T17:58"), timedelta(minutes=2)) == at("2026-11-20T18:00")


def test_a_holiday_of_a_morning_leaves_the_afternoon() -> None:
    half = Closure(date(2026, 12, 24), (0, 14 * 60))
    calendar = Calendar("half", "Europe/Madrid", WEEK, (half,))
    day = (at("2026-12-24T00:00"), at("2026-12-25T00:00"))
    assert elapsed(calendar, *day) == timedelta(hours=4)


def test_a_yearly_holiday_comes_again_until_it_is_given_up() -> None:
    given_up = Closure(date(2020, 12, 8), yearly=True, until=date(2025, 12, 31))
    calendar = Calendar("free", "Europe/Madrid", WEEK, (given_up,))
    for year, hours in ((2025, 0), (2026, 9)):
        day = (at(f"{year}-12-08T00:00"), at(f"{year}-12-09T00:00"))
        assert elapsed(calendar, *day) == timedelta(hours=hours)


def test_an_exception_replaces_the_hours_of_its_day() -> None:
    saturday = (date(2026, 11, 28), ((10 * 60, 14 * 60),))
    friday = (date(2026, 11, 27), ())
    calendar = Calendar("sale", "Europe/Madrid", WEEK, (), (saturday, friday))
    assert add(calendar, at("2026-11-27T08:00"), FIVE) == at("2026-11-28T10:05")


@pytest.mark.parametrize("zone", ["", "Madrid", "Europe/Nowhere", "../etc/passwd"])
def test_a_calendar_without_a_zone_is_refused_and_never_guessed(zone: str) -> None:
    with pytest.raises(ValueError, match="'office' has no time zone"):
        Calendar("office", zone, WEEK)


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValueError, match="end before they begin"):
        Calendar("night", "Europe/Madrid", ((1, 22 * 60, 6 * 60),))


def test_who_never_opens_never_answers() -> None:
    closed = Calendar("closed", "Europe/Madrid", ())
    assert add(closed, at("2026-11-20T17:58"), FIVE) is None
    assert elapsed(closed, at("2026-11-20T17:58"), at("2027-11-20T17:58")) == timedelta()


def test_a_clock_without_a_zone_is_no_instant() -> None:
    with pytest.raises(TypeError):
        elapsed(MADRID, at("2026-11-20T17:58"), datetime(2026, 11, 20))  # noqa: DTZ001


ZONES = ("Europe/Madrid", "America/Santiago", "America/Mexico_City", "Asia/Kolkata", "UTC",
         "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia")  # fmt: skip
_INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
_WAITS, _HOURS = (
    st.timedeltas(timedelta(), timedelta(days=30)),
    st.timedeltas(timedelta(), timedelta(hours=5)),
)
_MINUTES = st.integers(0, 24 * 60)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any hours of any weekdays, with holidays and exceptions on any days."""
    hours = st.tuples(st.integers(1, 7), _MINUTES, _MINUTES).filter(lambda each: each[1] < each[2])
    days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
    part = st.tuples(_MINUTES, _MINUTES).filter(lambda each: each[0] < each[1])
    closures = st.builds(Closure, days, part, st.booleans())
    other = st.tuples(days, st.lists(part, max_size=2).map(tuple))
    return Calendar(
        "any",
        draw(st.sampled_from(ZONES)),
        tuple(draw(st.lists(hours, min_size=1, max_size=6))),
        tuple(draw(st.lists(closures, max_size=3))),
        tuple(draw(st.lists(other, max_size=2))),
    )


@given(calendars(), _INSTANTS, st.timedeltas(timedelta(), timedelta(hours=60)))
@settings(max_examples=150, deadline=None)
def test_so_much_later_is_so_much_elapsed(
    calendar: Calendar, start: datetime, need: timedelta
) -> None:
    due = add(calendar, start, need)
    assume(due is not None)
    assert due is not None
    assert elapsed(calendar, start, due) == need


@given(calendars(), _INSTANTS, _INSTANTS, _INSTANTS)
@settings(max_examples=40, deadline=None)
def test_two_waits_after_each_other_are_one(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    both = elapsed(calendar, one, two) + elapsed(calendar, two, three)
    assert both == elapsed(calendar, one, three)


@given(calendars(), _INSTANTS, _WAITS, _WAITS)
@settings(max_examples=40, deadline=None)
def test_who_waits_longer_never_waited_less_and_never_longer_than_the_sun(
    calendar: Calendar, start: datetime, wait: timedelta, more: timedelta
) -> None:
    short = elapsed(calendar, start, start + wait)
    long = elapsed(calendar, start, start + wait + more)
    assert timedelta() <= short <= long
    assert short <= wait


@given(calendars(), _INSTANTS, _HOURS, _HOURS)
@settings(max_examples=40, deadline=None)
def test_one_need_after_the_other_is_both_together(
    calendar: Calendar, start: datetime, one: timedelta, two: timedelta
) -> None:
    first = add(calendar, start, one)
    assume(first is not None)
    assert first is not None
    assert add(calendar, first, two) == add(calendar, start, one + two)


@given(calendars(), _INSTANTS)
@settings(max_examples=60, deadline=None)
def test_an_instant_is_open_exactly_if_the_wall_clock_says_so(
    calendar: Calendar, start: datetime
) -> None:
    """The meaning of the intervals, asked minute by minute of the wall clock."""
    start = start.replace(second=0, microsecond=0)
    minutes = [start + timedelta(minutes=each) for each in range(0, 60 * 26, 7)]
    spans = list(openings(calendar, start, start + timedelta(hours=26)))
    for minute in minutes:
        is_open = any(opens <= minute < closes for opens, closes in spans)
        assert is_open == _open_on_the_wall(calendar, minute), minute


def _open_on_the_wall(calendar: Calendar, minute: datetime) -> bool:
    there = minute.astimezone(ZoneInfo(calendar.zone))
    shown = there.hour * 60 + there.minute + there.second / 60
    weekly = [hours[1:] for hours in calendar.weekly if hours[0] == there.isoweekday()]
    hours = next((list(h) for day, h in calendar.exceptions if day == there.date()), weekly)
    closed = [each.minutes for each in calendar.closures if each.falls_on(there.date())]
    return any(a <= shown < b for a, b in hours) and not any(a <= shown < b for a, b in closed)
