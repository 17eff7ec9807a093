"""When people work: time zone and working hours of a portal's users, under the ids that owners have.

developers.hubspot.com, Users API (read 2026-11): `hs_working_hours` is a JSON list as text, each of it hours for some
days; no hours can be set without a zone. When somebody is out of office is not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from crmsync.connectors.columns import plain_text
from crmsync.connectors.fact_reading import Place
from crmsync.connectors.facts import CALENDARS, Fact
from crmsync.connectors.hubspot.telling import Cells, Portal, told_whole

OBJECT = "users"
_COLUMNS = ("id", "name", "timezone", "active", "weekday", "starts", "ends")
PLACE = Place(f"{CALENDARS}.{OBJECT}", _COLUMNS, OBJECT)
_ZONE, _HOURS = "hs_standard_time_zone", "hs_working_hours"
_NAMES = ("hs_given_name", "hs_family_name")
_ASKS = ("hs_internal_user_id", "hubspot_owner_id", *_NAMES, _ZONE, _HOURS)
_NAMED = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_DAYS: Mapping[str, tuple[int, ...]] = {
    "MONDAY_TO_FRIDAY": (1, 2, 3, 4, 5),
    "SATURDAY_SUNDAY": (6, 7),
    "EVERY_DAY": (1, 2, 3, 4, 5, 6, 7),
    **{name: (number,) for number, name in enumerate(_NAMED, 1)},
}


def calendar_fact(portal: Portal) -> Fact:
    """The working hours of every user who has any, a row for each weekday and set of hours."""
    return told_whole(PLACE, lambda: _pages(portal))


def _pages(portal: Portal) -> Iterator[list[Cells]]:
    for page in portal.api.pages(OBJECT, _ASKS):
        yield [row for one in page for row in _rows(portal, one["properties"])]


def _rows(portal: Portal, told: Mapping[str, Any]) -> Iterator[Cells]:
    owner = plain_text(told.get("hubspot_owner_id")) or portal.person(
        told.get("hs_internal_user_id")
    )
    hours = plain_text(told.get(_HOURS))
    if not owner or not hours:
        return
    name = " ".join(part for part in (told.get(each) for each in _NAMES) if part)
    head = {
        "id": owner,
        "name": name or None,
        "timezone": told.get(_ZONE) or None,
        "active": "true",
    }
    for weekday, starts, ends in _read(hours):
        yield {**head, "weekday": weekday, "starts": starts, "ends": ends}


def _read(hours: str) -> list[tuple[str | None, str, str]]:
    """Weekday, from, until; hours of another form stay one row that says what was written."""
    try:
        return [
            (str(weekday), _clock(each["startMinute"]), _clock(each["endMinute"]))
            for each in json.loads(hours)
            for weekday in _DAYS[each["days"]]
        ]
    except (ValueError, KeyError, TypeError):
        return [(None, hours[:80], hours[:80])]


def _clock(minutes: int) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"
