"""Business time in columns: whose calendar is whose, and the open time between two instants of a million rows.

    works       system, id, calendar: the hours of each owner
    opening     calendar, opens, closes, before_s: its open spans, and how much of it was open before

An owner works by the hours of the same person in any system, else by those of the organisation, else by those that were
agreed. Without any, business time cannot be measured, and nobody guesses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crmsync.core.agreement import Agreement
from crmsync.core.worktime import DAY, Calendar, Closure, is_zone, openings

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

Owner = tuple[str, str]
YEARLY = "RecursYearly"
_WEEK = tuple((weekday, 0, DAY) for weekday in range(1, 8))


@dataclass(slots=True)
class Hours:
    """The calendars that were read, and what is wrong with others.

    `of_owners` by system and owner, `of_systems` by system. `problems` are (what, calendar) with what in `zoneless`,
    `unreadable` (hours that end before they begin) and `holidays` (of a kind whose days cannot be read).
    """

    of_owners: dict[Owner, Calendar] = field(default_factory=dict)
    of_systems: dict[str, Calendar] = field(default_factory=dict)
    agreed: Calendar | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_hours(columns: Columns, agreement: Agreement, zone: str) -> Hours:
    """The calendars of owners and systems in `face.calendar`, and the agreed one in the workspace's zone."""
    hours = Hours(agreed=agreement.calendar(zone))
    rows = columns.db.execute(
        "SELECT system, object, id, any_value(name), any_value(timezone), bool_or(coalesce(is_default, false)), "
        "list((weekday, starts, ends)) FROM face.calendar "
        "WHERE object <> 'Holiday' AND coalesce(active, true) GROUP BY ALL ORDER BY 1, 2, 3"
    ).fetchall()
    holidays = _holidays(columns, hours)
    for system, object_, id_, name, timezone, is_default, days in rows:
        calendar = _calendar(hours, name or id_, timezone, days)
        if calendar is None:
            continue
        if object_ == "users":
            hours.of_owners[system, id_] = calendar
        elif is_default:
            hours.of_systems[system] = replace(calendar, closures=tuple(holidays.get(system, ())))
    return hours


def _calendar(
    hours: Hours, name: str, zone: str | None, days: Iterable[Mapping[str, Any] | tuple[Any, ...]]
) -> Calendar | None:
    if not zone or not is_zone(zone):
        hours.problems.append(("zoneless", name))
        return None
    cells = [tuple(each.values()) if isinstance(each, Mapping) else each for each in days]
    spans = [(weekday, starts, ends) for weekday, starts, ends in cells if starts and ends]
    try:
        weekly = tuple(sorted({(day, minutes_of(a), minutes_of(b)) for day, a, b in spans}))
        return Calendar(name, zone, weekly)
    except ValueError:
        hours.problems.append(("unreadable", name))
        return None


def minutes_of(clock: str) -> int:
    """The minutes of `09:30`; ValueError for what is no time of a day."""
    hour, minute = clock.split(":")[:2]
    return int(hour) * 60 + int(minute)


def _holidays(columns: Columns, hours: Hours) -> dict[str, list[Closure]]:
    """Holidays by system; those that come back otherwise than once a year are told, since no source says when."""
    found: dict[str, list[Closure]] = {}
    rows = columns.db.execute(
        "SELECT system, name, day, starts, ends, recurs, until FROM face.calendar "
        "WHERE object = 'Holiday' AND day IS NOT NULL ORDER BY ALL"
    ).fetchall()
    for system, name, day, starts, ends, recurs, until in rows:
        if recurs and recurs != YEARLY:
            hours.problems.append(("holidays", name or str(day)))
            continue
        part = (minutes_of(starts or "00:00"), minutes_of(ends or "24:00"))
        if part[0] < part[1]:
            found.setdefault(system, []).append(Closure(day, part, bool(recurs), until))
    return found


def build_worktimes(columns: Columns, hours: Hours, since: datetime, until: datetime) -> None:
    """Builds works and opening, for the time between two instants."""
    db = columns.db
    db.execute(
        "CREATE TABLE face.works (system VARCHAR, id VARCHAR, calendar INTEGER, source VARCHAR)"
    )
    db.execute(
        "CREATE TABLE face.opening (calendar INTEGER, opens TIMESTAMP, closes TIMESTAMP, before_s DOUBLE)"
    )
    numbers: dict[Calendar, int] = {}
    owned = _whose(columns, hours)
    works = [
        (*owner, _number(numbers, calendar), source) for owner, (calendar, source) in owned.items()
    ]
    spans = [
        (number, *each)
        for calendar, number in numbers.items()
        for each in _spans(calendar, since, until)
    ]
    _insert(columns, "works", works)
    _insert(columns, "opening", spans)


def _number(numbers: dict[Calendar, int], calendar: Calendar) -> int:
    """The number of a calendar; of two that are open at the same times, one."""
    return numbers.setdefault(replace(calendar, name=""), len(numbers))


def _whose(columns: Columns, hours: Hours) -> dict[Owner, tuple[Calendar, str]]:
    rows = columns.db.execute(
        "SELECT system, id, lower(email) FROM face.owner ORDER BY 1, 2"
    ).fetchall()
    emails = {(system, id_): email for system, id_, email in rows}
    by_email = {
        emails.get(owner): each for owner, each in hours.of_owners.items() if emails.get(owner)
    }
    found: dict[Owner, tuple[Calendar, str]] = {}
    for owner, email in emails.items():
        calendar = hours.of_owners.get(owner) or (by_email.get(email) if email else None)
        if calendar is not None:
            found[owner] = (calendar, "owner")
            continue
        fallback = _of_system(hours, owner[0])
        if fallback is not None:
            found[owner] = fallback
    return found


def _of_system(hours: Hours, system: str) -> tuple[Calendar, str] | None:
    """The organisation's hours: its own, or those of the only system that has any. Hours round the clock are those that
    nobody has set, so what was agreed goes before them."""
    own = hours.of_systems.get(system)
    if own is None and len(hours.of_systems) == 1:
        own = next(iter(hours.of_systems.values()))
    if own is not None and not (hours.agreed and is_untouched(own)):
        return own, "organisation"
    return (hours.agreed, "agreement") if hours.agreed else None


def is_untouched(calendar: Calendar) -> bool:
    """True for hours round the clock, as an organisation has before anybody sets them."""
    return calendar.weekly == _WEEK


def _spans(
    calendar: Calendar, since: datetime, until: datetime
) -> Iterable[tuple[datetime, datetime, float]]:
    before = 0.0
    for opens, closes in openings(calendar, since, until):
        yield opens.replace(tzinfo=None), closes.replace(tzinfo=None), before
        before += (closes - opens) / timedelta(seconds=1)


def _insert(columns: Columns, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        import pyarrow as pa

        names = [one[0] for one in columns.db.execute(f"DESCRIBE face.{table}").fetchall()]
        arrays = [pa.array([row[at] for row in rows]) for at in range(len(names))]
        columns.db.register("new_rows", pa.Table.from_arrays(arrays, names=names))
        columns.db.execute(f"INSERT INTO face.{table} SELECT * FROM new_rows")
        columns.db.unregister("new_rows")


def first_of(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
