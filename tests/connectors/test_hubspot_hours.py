"""When the users of a portal work, as the owners of records."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from connectors.fact_portal import FactPortal, fact_portal


@pytest.fixture
def portal() -> Iterator[FactPortal]:
    with fact_portal() as portal:
        yield portal


HOURS = "_calendars.users"


def works(portal: FactPortal, zone: str | None, hours: str | None) -> str:
    values = {"email": "ana@acme.example", "firstName": "Ana", "lastName": "Gil"}
    told = {"hs_standard_time_zone": zone, "hs_working_hours": hours}
    return portal.world.put("owners", values | {name: one for name, one in told.items() if one})


def test_working_hours_of_a_user_are_those_of_the_owner(portal: FactPortal) -> None:
    sets = [
        {"days": "MONDAY", "startMinute": 540, "endMinute": 1020},
        {"days": "SATURDAY_SUNDAY", "startMinute": 0, "endMinute": 1440},
    ]
    owner = works(portal, "Europe/Madrid", json.dumps(sets))
    rows = portal.rows(HOURS)
    shared = {"id": owner, "name": "Ana Gil", "timezone": "Europe/Madrid", "active": "true"}
    assert rows == [
        {**shared, "weekday": "1", "starts": "09:00", "ends": "17:00"},
        {**shared, "weekday": "6", "starts": "00:00", "ends": "24:00"},
        {**shared, "weekday": "7", "starts": "00:00", "ends": "24:00"},
    ]


def test_who_has_set_no_hours_has_none(portal: FactPortal) -> None:
    works(portal, "Europe/Madrid", None)
    works(portal, None, None)
    assert portal.rows(HOURS) == []


@pytest.mark.parametrize("hours", ["{", "[1]", '[{"days":"FERIA","startMinute":1,"endMinute":2}]'])
def test_hours_of_another_form_are_told_as_they_are_written(portal: FactPortal, hours: str) -> None:
    works(portal, "Europe/Madrid", hours)
    row = portal.rows(HOURS)[0]
    assert (row["weekday"], row["starts"]) == (None, hours)


def test_without_the_scope_hours_are_not_read_and_the_scope_is_named(portal: FactPortal) -> None:
    works(portal, "Europe/Madrid", '[{"days":"EVERY_DAY","startMinute":540,"endMinute":1020}]')
    portal.scopes("crm.objects.contacts.read", "crm.objects.owners.read")
    fact = portal.facts()[HOURS].fact
    assert fact.unread == "Give the service key the scope crm.objects.users.read."


def test_an_owner_does_not_tell_when_they_work(portal: FactPortal) -> None:
    works(portal, "Europe/Madrid", '[{"days":"EVERY_DAY","startMinute":540,"endMinute":1020}]')
    connector = portal.opens()
    assert [len(row) for row in connector.owners().to_pylist()] == [4]
