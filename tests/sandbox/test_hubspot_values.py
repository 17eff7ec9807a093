"""What the simulated portal makes of values: validation, lifecycle, derived properties, history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, DEALS, Served, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


@pytest.fixture
def ana(portal: Served) -> str:
    return portal.world.put("contacts", {"email": "ana@example.com", "firstname": "Ana"})


@pytest.mark.parametrize(
    ("path", "name", "value", "code"),
    [
        (CONTACTS, "nonsense", "x", "PROPERTY_DOESNT_EXIST"),
        (CONTACTS, "hs_object_id", "5", "READ_ONLY_VALUE"),
        (CONTACTS, "createdate", "2024-01-01T00:00:00Z", "READ_ONLY_VALUE"),
        (CONTACTS, "email", "ana at example", "INVALID_EMAIL"),
        (CONTACTS, "lifecyclestage", "Lead", "INVALID_OPTION"),
        (CONTACTS, "hs_email_optout", "true", "READ_ONLY_VALUE"),
        (CONTACTS, "do_not_call", "True", "INVALID_OPTION"),
        (CONTACTS, "hubspot_owner_id", "12", "INVALID_OPTION"),
        (CONTACTS, "associatedcompanyid", "12", "INVALID_INTEGER"),
        (COMPANIES, "industry", "Computer software", "INVALID_OPTION"),
        (COMPANIES, "numberofemployees", "1,200", "INVALID_INTEGER"),
        (COMPANIES, "annualrevenue", "1e6", "INVALID_INTEGER"),
        (COMPANIES, "numberofemployees", "٣", "INVALID_INTEGER"),
        (COMPANIES, "city", "x" * 65_537, "PROPERTY_VALUE_TOO_LONG"),
        (CONTACTS, "associatedcompanyid", "٣", "INVALID_INTEGER"),
        (DEALS, "closedate", "31/12/2026", "INVALID_LONG"),
        (DEALS, "closedate", "٢٠٢٦-01-01", "INVALID_LONG"),
        (DEALS, "dealstage", "Closed Won", "INVALID_OPTION"),
        (DEALS, "hs_is_closed", "true", "READ_ONLY_VALUE"),
    ],
)
def test_an_invalid_value_is_refused_by_its_code(
    portal: Served, path: str, name: str, value: str, code: str
) -> None:
    id_ = portal.world.put(path.rpartition("/")[2], {"description": "x"})
    body = portal.patch(f"{path}/{id_}", {name: value}, 400)
    assert body["category"] == "VALIDATION_ERROR"
    listed = json.loads(body["message"].removeprefix("Property values were not valid: "))
    assert [(one["name"], one["error"], one["isValid"]) for one in listed] == [(name, code, False)]
    assert body["errors"][0]["code"] == code
    assert body["errors"][0]["context"] == {"propertyName": [name]}


def test_one_invalid_property_keeps_the_others_from_being_written(portal: Served, ana: str) -> None:
    body = portal.patch(f"{CONTACTS}/{ana}", {"city": "Lima", "nope": "1", "no2": "2"}, 400)
    assert len(body["errors"]) == 2
    assert portal.contact(ana, "city")["city"] is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2026-12-31T10:00:00.5+02:00", "2026-12-31T08:00:00.500Z"),
        ("1798704000000", "2026-12-31T08:00:00Z"),
        (1798704000123, "2026-12-31T08:00:00.123Z"),
    ],
)
def test_an_instant_is_taken_in_two_forms_and_kept_in_one(
    portal: Served, told: Any, kept: str
) -> None:
    id_ = portal.world.put("deals", {"dealname": "D"})
    portal.patch(f"{DEALS}/{id_}", {"closedate": told})
    assert portal.get(f"{DEALS}/{id_}")["properties"]["closedate"] == kept


@pytest.mark.parametrize(
    ("told", "status", "kept"),
    [
        ("2026-02-28", 200, "2026-02-28"),
        ("1772236800000", 200, "2026-02-28"),
        ("1772236800001", 400, None),
        ("2026-02-30", 400, None),
        ("2026-02-28T00:00:00Z", 400, None),
    ],
)
def test_a_date_is_a_day_or_midnight_in_utc(
    portal: Served, ana: str, told: str, status: int, kept: str | None
) -> None:
    portal.world.define_property("contacts", "renewal", "date", "date")
    portal.patch(f"{CONTACTS}/{ana}", {"renewal": told}, status)
    assert portal.contact(ana, "renewal")["renewal"] == kept


def test_numbers_and_booleans_of_json_become_strings_as_written(portal: Served) -> None:
    body = {"properties": {"name": "A", "annualrevenue": "5000.00", "numberofemployees": 12}}
    shown = portal.post(COMPANIES, body | {}, 201)["properties"]
    assert (shown["annualrevenue"], shown["numberofemployees"]) == ("5000.00", "12")


def test_a_leading_semicolon_appends_to_a_checkbox(portal: Served, ana: str) -> None:
    path = f"{CONTACTS}/{ana}"
    portal.patch(path, {"hs_buying_role": "CHAMPION;BLOCKER"})
    portal.patch(path, {"hs_buying_role": ";END_USER"})
    assert portal.contact(ana, "hs_buying_role")["hs_buying_role"] == "CHAMPION;BLOCKER;END_USER"
    portal.patch(path, {"hs_buying_role": "END_USER"})
    assert portal.contact(ana, "hs_buying_role")["hs_buying_role"] == "END_USER"


def stage_after(portal: Served, id_: str, *writes: str) -> str | None:
    for stage in writes:
        portal.patch(f"{CONTACTS}/{id_}", {"lifecyclestage": stage})
    told: str | None = portal.contact(id_, "lifecyclestage")["lifecyclestage"]
    return told


def test_the_lifecycle_stage_moves_forward(portal: Served, ana: str) -> None:
    assert stage_after(portal, ana, "opportunity") == "opportunity"


def test_a_write_back_is_200_and_changes_nothing(portal: Served, ana: str) -> None:
    assert stage_after(portal, ana, "customer", "lead") == "customer"


def test_clearing_first_lets_the_stage_go_back(portal: Served, ana: str) -> None:
    assert stage_after(portal, ana, "customer", "", "lead") == "lead"


def test_a_portal_can_be_told_to_accept_a_stage_going_back(portal: Served, ana: str) -> None:
    portal.world.switches.lifecycle_backward = "accepted"
    assert stage_after(portal, ana, "customer", "lead") == "lead"


def test_a_portal_can_be_told_to_refuse_a_stage_going_back(portal: Served, ana: str) -> None:
    portal.world.switches.lifecycle_backward = "refused"
    portal.patch(f"{CONTACTS}/{ana}", {"lifecyclestage": "customer"})
    body = portal.patch(f"{CONTACTS}/{ana}", {"lifecyclestage": "lead", "city": "Vigo"}, 400)
    assert "lead is before customer" in body["message"]
    held = portal.contact(ana, "lifecyclestage", "city")
    assert (held["lifecyclestage"], held["city"]) == ("customer", None)
    assert stage_after(portal, ana, "", "lead") == "lead"


def test_an_optout_is_no_property_to_write_unless_the_switch_says_so(
    portal: Served, ana: str
) -> None:
    path = "/crm/v3/properties/contacts/hs_email_optout"
    assert portal.get(path)["modificationMetadata"]["readOnlyValue"] is True
    body = portal.patch(f"{CONTACTS}/{ana}", {"hs_email_optout": "false"}, 400)
    assert "is a read only property; its value cannot be set" in body["message"]
    portal.world.switches.writable_optout = True
    assert portal.get(path)["modificationMetadata"]["readOnlyValue"] is False
    portal.patch(f"{CONTACTS}/{ana}", {"hs_email_optout": "true"})
    assert portal.contact(ana, "hs_email_optout")["hs_email_optout"] == "true"


@pytest.mark.parametrize(
    ("stage", "closed", "won", "probability"),
    [
        ("closedwon", "true", "true", "1"),
        ("closedlost", "true", "false", "0"),
        (
            "appointmentscheduled",
            "false",
            "false",
            "0.200000000000000011102230246251565404236316680908203125",
        ),
    ],
)
def test_the_stage_of_a_deal_says_whether_it_is_closed_and_won(
    portal: Served, stage: str, closed: str, won: str, probability: str
) -> None:
    id_ = portal.world.put("deals", {"dealname": "D", "dealstage": "contractsent"})
    portal.patch(f"{DEALS}/{id_}", {"dealstage": stage})
    names = "hs_is_closed,hs_is_closed_won,hs_deal_stage_probability"
    shown = portal.get(f"{DEALS}/{id_}", properties=names)["properties"]
    assert shown["hs_is_closed"] == closed
    assert shown["hs_is_closed_won"] == won
    assert shown["hs_deal_stage_probability"] == probability


def values(portal: Served, id_: str, name: str) -> list[tuple[str, str, str]]:
    body = portal.get(f"{CONTACTS}/{id_}", propertiesWithHistory=name)
    told = body["propertiesWithHistory"][name]
    return [(one["value"], one["timestamp"], one["sourceType"]) for one in told]


def test_history_starts_with_the_first_value_and_is_newest_first(portal: Served, ana: str) -> None:
    portal.world.clock.advance(60)
    portal.patch(f"{CONTACTS}/{ana}", {"firstname": "Anna"})
    portal.world.clock.advance(60)
    portal.patch(f"{CONTACTS}/{ana}", {"firstname": ""})
    assert values(portal, ana, "firstname") == [
        ("", "2026-03-02T12:02:00Z", "INTEGRATION"),
        ("Anna", "2026-03-02T12:01:00Z", "INTEGRATION"),
        ("Ana", "2026-03-02T12:00:00Z", "IMPORT"),
    ]


def test_a_value_written_again_is_not_a_change(portal: Served, ana: str) -> None:
    portal.patch(f"{CONTACTS}/{ana}", {"firstname": "Ana"})
    assert len(values(portal, ana, "firstname")) == 1


def test_history_of_a_property_never_set_is_empty(portal: Served, ana: str) -> None:
    assert values(portal, ana, "city") == []


def test_history_comes_with_lists_and_batch_reads(portal: Served, ana: str) -> None:
    (listed,) = portal.get(CONTACTS, propertiesWithHistory="firstname")["results"]
    asked = {"propertiesWithHistory": ["firstname"], "inputs": [{"id": ana}]}
    (read,) = portal.post(f"{CONTACTS}/batch/read", asked)["results"]
    assert listed["propertiesWithHistory"] == read["propertiesWithHistory"]
    assert listed["propertiesWithHistory"]["firstname"][0]["value"] == "Ana"


def test_an_edit_can_be_backdated_and_attributed(portal: Served, ana: str) -> None:
    change = {"firstname": "Anita", "lastmodifieddate": "2026-02-01T09:00:00Z"}
    portal.world.put("contacts", change, ana, source="CRM_UI")
    assert values(portal, ana, "firstname")[0] == ("Anita", "2026-02-01T09:00:00Z", "CRM_UI")


def test_the_longest_text_is_taken(portal: Served, ana: str) -> None:
    portal.patch(f"{CONTACTS}/{ana}", {"city": "ñ" * 65_536})
    assert portal.contact(ana, "city")["city"] == "ñ" * 65_536
