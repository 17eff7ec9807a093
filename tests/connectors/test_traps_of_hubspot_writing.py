"""Traps of HubSpot that lie in wait for who writes. One test a trap, named after its section of the fact sheet.

Elsewhere: batches, and what the client makes of statuses, in test_traps_of_hubspot_batches.py; 0.7 and 12, stages
that go back, in test_hubspot_lifecycle.py and apply/test_stages_go_back.py; 0.8 and 10, opt-outs, in
test_hubspot_consent.py; 3.3 and 13b, 409 and 400 with two ids, in test_hubspot_late_matches.py and
apply/test_a_contact_that_is_there_already.py; 4, ties, in test_hubspot_ties.py and test_hubspot_writing.py.
Left out, for the connector has no such call: 3.3, single creates with inline ties; 3.6, erasing; 3.7, merging.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors import hubspot_traps
from connectors.hubspot_traps import bodies, changing, creating, held
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.errors import TryLater
from crmsync.sandbox.hubspot import consent, records
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.rules import declare_rule
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import HTML, Proxy, Reply, says

ana, connector, portal, unique = (
    hubspot_traps.ana,
    hubspot_traps.connector,
    hubspot_traps.portal,
    hubspot_traps.unique,
)

# 3.3 to 3.7: single records


@pytest.mark.parametrize(
    ("object_", "cells", "word"),
    [
        ("companies", {"city": "Vigo"}, "required properties"),
        ("deals", {"dealname": "x"}, "required properties"),
        ("contacts", {"city": "Vigo"}, "required properties"),
    ],
)
def test_3_3_a_create_that_lacks_what_is_required_is_refused_and_made_by_nobody(
    connector: HubspotConnector, unique: str, object_: str, cells: Cells, word: str
) -> None:
    [end] = connector.write(object_, [WriteRequest("c", "create", None, unique, cells)])
    assert end.outcome == "refused"
    assert word in end.message
    assert connector.find(object_, [unique]) == {}


def test_3_4_one_invalid_property_writes_nothing_and_every_one_is_named(
    connector: HubspotConnector, ana: str
) -> None:
    cells = {"email": "none", "hs_lead_status": "Nuevo", "no_such": "x", "city": "Vigo"}
    [end] = connector.write("contacts", [changing(ana, **cells)])
    assert (end.outcome, set(end.fields)) == ("refused", {"email", "hs_lead_status", "no_such"})
    assert held(connector, "contacts", ana, "city") == {"city": None}


def test_3_4_an_update_sends_what_changes_and_nothing_else(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str
) -> None:
    connector.write("contacts", [changing(ana, city="Vigo")])
    [body] = bodies(hubspot_proxy)
    assert [one["properties"] for one in body["inputs"]] == [{"city": "Vigo"}]


def test_3_5_what_is_gone_is_removed_without_a_word(connector: HubspotConnector, ana: str) -> None:
    for one in (ana, ana, "993"):
        connector.remove_record("contacts", one)
    assert connector.get("contacts", [ana], []) == {}
    [end] = connector.write("contacts", [changing(ana, city="Vigo")])
    assert end.outcome == "missing"


@pytest.mark.parametrize("keeps", [False, True])
def test_3_7_who_was_merged_away_meanwhile_is_missing_and_who_stayed_is_written(
    connector: HubspotConnector, portal: HubspotWorld, unique: str, keeps: bool
) -> None:
    portal.switches.merge_keeps_primary = keeps
    first, second = (portal.put("contacts", {"lastname": f"{unique}{at}"}) for at in "ab")
    survivor = merge(portal.portal, OBJECTS["contacts"], first, second)
    requests = [changing(one, city="Vigo") for one in (first, second)]
    ends = [connector.write("contacts", [each])[0] for each in requests]
    assert [end.outcome for end in ends] == ["written" if keeps else "missing", "missing"]
    assert [end.native_id for end in ends] == [first, second]
    assert (survivor == first) == keeps


# 10: consent


def test_10_an_opt_out_outlives_the_contact_and_binds_the_next_one(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    email = f"{unique}@gone.example"
    one = portal.put("contacts", {"email": email})
    connector.write("contacts", [changing(one, hs_email_optout="true")])
    records.archive(portal.portal, "contacts", one)
    [made] = connector.write("contacts", [creating(unique, email=email)])
    cells = held(connector, "contacts", made.native_id or "", "hs_email_optout")
    assert cells == {"hs_email_optout": "true"}
    assert consent.consent_of(portal.portal, email)["all"]


# 12: values


@pytest.mark.parametrize(
    ("object_", "name", "text"),
    [
        ("contacts", "hs_buying_role", "BLOCKER;CHAMPION"),
        ("contacts", "phone", "+34 (91) 123-45-67 ext. 8"),
        ("contacts", "jobtitle", '  Jefa de Área 💡\nand «more»; \\ "x" '),
        ("contacts", "do_not_call", "true"),
        ("contacts", "do_not_call", "false"),
        ("contacts", "annualrevenue", "1,200"),
        ("companies", "annualrevenue", "1234567.89"),
        ("companies", "numberofemployees", "0"),
        ("deals", "amount", "5000.00"),
        ("deals", "closedate", "2027-03-28T01:30:00.123Z"),
    ],
)
def test_12_a_value_comes_back_as_it_was_written(
    connector: HubspotConnector, portal: HubspotWorld, object_: str, name: str, text: str
) -> None:
    one = portal.put(object_, {"description": "x"})
    [end] = connector.write(object_, [changing(one, **{name: text})])
    assert end.outcome == "written", end.message
    assert held(connector, object_, one, name) == {name: text}


def test_12_options_replace_those_there_are_though_a_leading_semicolon_would_add(
    connector: HubspotConnector, portal: HubspotWorld, ana: str
) -> None:
    portal.put("contacts", {"hs_buying_role": "CHAMPION"}, ana)
    connector.write("contacts", [changing(ana, hs_buying_role=";BLOCKER")])
    assert held(connector, "contacts", ana, "hs_buying_role") == {"hs_buying_role": "BLOCKER"}


def test_12_a_domain_fills_the_website_and_what_is_sent_stays_apart(
    connector: HubspotConnector, unique: str
) -> None:
    """The website that HubSpot fills in by itself is read back, as anybody's edit would be."""
    cells: Cells = {"name": unique, "domain": f"{unique}.example"}
    [made] = connector.write("companies", [WriteRequest("c", "create", None, unique, cells)])
    told = held(connector, "companies", made.native_id or "", "domain", "website")
    assert told == {"domain": f"{unique}.example", "website": f"{unique}.example"}


def test_12_an_address_is_kept_in_small_letters_and_is_the_same_address(
    connector: HubspotConnector, unique: str
) -> None:
    email = f"{unique}@CASES.example"
    [made] = connector.write("contacts", [creating(unique, email=email)])
    assert held(connector, "contacts", made.native_id or "", "email") == {"email": email.lower()}


# 13: limits and errors


@pytest.mark.parametrize(
    ("body", "waited"),
    [
        ({"message": "You have reached your secondly limit.", "category": "RATE_LIMITS"}, 1.0),
        (
            {
                "message": "You have reached your ten_secondly_rolling limit.",
                "errorType": "RATE_LIMIT",
                "policyName": "TEN_SECONDLY_ROLLING",
            },
            10.0,
        ),
        ({}, 10.0),
    ],
)
def test_13_a_write_over_a_limit_of_the_moment_waits_and_goes_once_more(
    connector: HubspotConnector,
    hubspot_proxy: Proxy,
    slept: list[float],
    ana: str,
    body: Any,
    waited: float,
) -> None:
    hubspot_proxy.only, hubspot_proxy.faults = "/batch/up", [says(429, body)]
    [end] = connector.write("contacts", [changing(ana, city="Vigo")])
    assert (end.outcome, slept, hubspot_proxy.count("/batch/up")) == ("written", [waited], 2)


@pytest.mark.parametrize(("status", "body"), [(429, {"policyName": "DAILY"}), (477, {})])
def test_13_a_portal_that_is_closed_for_today_is_for_later(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str, status: int, body: Any
) -> None:
    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", says(status, body)
    with pytest.raises(TryLater):
        connector.write("contacts", [changing(ana, city="Vigo")])


def test_13_a_lock_is_waited_for_and_one_that_stays_is_that_of_its_record_alone(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float], unique: str
) -> None:
    """A lock lasts two seconds; one record that is written all the time must not hold 99 others back."""

    def locked(seen: Any, forward: Callable[[], Reply]) -> Reply:
        return (
            says(423, {"message": "locked"})(seen, forward) if b"Busy" in seen.body else forward()
        )

    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", locked
    requests = [creating(f"{unique}{at}", jobtitle="Busy" if at == 1 else "x") for at in range(4)]
    ends = connector.write("contacts", requests)
    assert [end.outcome for end in ends] == ["written", "refused", "written", "written"]
    assert "left to the next plan" in ends[1].message
    assert set(slept) == {2.0}


@pytest.mark.parametrize("status", [500, 502, 503, 504, 521, 522, 523, 524])
def test_13_a_gateway_that_gives_up_leaves_the_write_unknown_and_found_by_its_key(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str, status: int
) -> None:
    """The answer is a page of HTML, and the write was done."""

    def late(seen: Any, forward: Callable[[], Reply]) -> Reply:
        forward()
        return Reply(status, {"Content-Type": "text/html"}, HTML)

    hubspot_proxy.only, hubspot_proxy.faults = "/batch/up", [late]
    [end] = connector.write("contacts", [creating(unique)])
    assert (end.outcome, hubspot_proxy.count("/batch/up")) == ("unknown", 1)
    assert list(connector.find("contacts", [unique])) == [unique]


def test_13_properties_that_either_list_of_an_error_names_are_named(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str
) -> None:
    """Recorded: four in the message and three in `errors`, and each list may have what the other lacks."""
    body = {
        "category": "VALIDATION_ERROR",
        "subCategory": {"name": "an object here, a text there"},
        "message": 'Property values were not valid: [{"isValid":false,"name":"city"}]',
        "errors": [{"message": "no", "code": "X", "context": {"propertyName": ["jobtitle"]}}],
    }
    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", says(400, body)
    [end] = connector.write("contacts", [changing(ana, city="x", jobtitle="y", phone="1")])
    assert (end.outcome, set(end.fields)) == ("refused", {"city", "jobtitle"})


def test_13a_a_rule_of_an_administrator_names_the_property_it_is_about(
    connector: HubspotConnector, portal: HubspotWorld, ana: str
) -> None:
    rule = {"kind": "validation", "object": "contacts", "property": "city"}
    told = {**rule, "rule": "MAX_LENGTH", "arguments": [3]}
    declare_rule(portal.portal, told)
    try:
        [end] = connector.write("contacts", [changing(ana, city="Pontevedra", jobtitle="Chair")])
    finally:
        declare_rule(portal.portal, {**told, "active": False})
    assert (end.outcome, end.fields) == ("refused", ("city",))


@pytest.mark.parametrize("bound", ["every", "never"])
def test_13a_a_property_that_must_be_there_is_told_in_the_portals_words(
    connector: HubspotConnector, portal: HubspotWorld, unique: str, bound: str
) -> None:
    portal.switches.write_rules = bound
    rule = {"kind": "required", "object": "contacts", "names": ["jobtitle"]}
    declare_rule(portal.portal, rule)
    try:
        [end] = connector.write("contacts", [creating(unique)])
    finally:
        declare_rule(portal.portal, {**rule, "active": False})
    assert end.outcome == ("refused" if bound == "every" else "written")
    assert ("required" in end.message) == (bound == "every")
