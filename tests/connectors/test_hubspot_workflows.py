"""Workflows of a portal are listed with what they write, and its native connector is recognised. Nothing is claimed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors import reviewed_portals
from connectors.portals import Portal, served_portal
from connectors.reviewed_portals import lines
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.hubspot.survey import KIND
from crmsync.language import choose
from crmsync.sandbox.hubspot.declaring import declare
from crmsync.sandbox.native.ticking import attach
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy, says

portal, proxy, workspace = (
    reviewed_portals.portal,
    reviewed_portals.proxy,
    reviewed_portals.workspace,
)

# Workflows


def flow(
    portal: Portal, name: str, object_: str = "contacts", active: bool = True, **does: Any
) -> None:
    declare(
        portal.world,
        {"kind": "workflow", "name": name, "object": object_, "does": does, "active": active},
    )


def test_workflows_are_listed_with_what_they_write(portal: Portal) -> None:
    flow(portal, "Tidy", action="title", field="jobtitle")
    flow(portal, "Copy", action="copy", field="city", to="companies.city")
    flow(portal, "Late", "companies", action="copy", field="phone", to="contacts.phone", delay=60)
    flow(portal, "Off", active=False, action="upper", field="state")
    flow(portal, "Deals", "deals", action="upper", field="dealname")
    found = portal.connect().reviewer().survey(["contacts", "companies"])
    told = {one.name: (one.object, one.writes, one.reads, one.active) for one in found.automations}
    assert told == {
        "Tidy": ("contacts", ("contacts.jobtitle",), ("jobtitle",), True),
        "Copy": ("contacts", ("companies.city",), ("city",), True),
        "Late": ("companies", ("contacts.phone",), ("phone",), True),
        "Off": ("contacts", (), (), False),
    }
    assert [one.read for one in found.automations] == [True, True, True, False]
    assert {one.kind for one in found.automations} == {KIND}
    assert (found.rules, found.unchecked) == ((), ())


def test_more_workflows_than_a_page_are_all_listed_and_read_100_a_call(portal: Portal) -> None:
    for at in range(205):
        flow(portal, f"Flow {at}", action="title", field="jobtitle")
    portal.world.requests.clear()
    found = portal.connect().reviewer().survey(["contacts"])
    assert sum(one.read for one in found.automations) == 205
    assert len(portal.calls("/automation/v4/flows")) == 3 + 3


def test_a_token_without_automation_is_told_that_nobody_could_look(portal: Portal) -> None:
    connector = portal.connect(token=portal.key("crm.objects.contacts.read"))
    found = connector.reviewer().survey(["contacts"])
    assert (found.automations, found.unchecked) == ((), (KIND,))


@pytest.mark.parametrize(
    "answer", [says(500), says(200, {"results": "none"}), says(404, b"<html>")]
)
def test_workflows_of_which_only_the_names_come_are_listed_as_unread(
    portal: Portal, proxy: Proxy, answer: Any
) -> None:
    flow(portal, "Tidy", action="title", field="jobtitle")
    proxy.only, proxy.always = "/flows/batch/read", answer
    [one] = portal.connect().reviewer().survey(["contacts"]).automations
    assert (one.name, one.active, one.read, one.writes) == ("Tidy", True, False, ())


def test_workflows_of_another_shape_than_was_seen_are_unread_and_no_defect(
    portal: Portal, proxy: Proxy
) -> None:
    flow(portal, "Tidy", action="title", field="jobtitle")
    proxy.only = "/automation/v4/flows?"
    proxy.faults = [says(200, {"results": [{"name": "no id", "objectTypeId": "0-1"}]})]
    assert portal.connect().reviewer().survey(["contacts"]).unchecked == (KIND,)


def changed(name: str) -> dict[str, Any]:
    """An event as workflows have it: a property got another value."""
    told = {"property": "hs_name", "filterType": "PROPERTY", "operation": {"value": name}}
    return {"eventTypeId": "4-655002", "filters": [told], "filterBranches": []}


def tree(*filters: dict[str, Any], kind: str = "AND") -> dict[str, Any]:
    inner = {"filterBranchType": kind, "filters": list(filters), "filterBranches": []}
    return {"filterBranchType": "OR", "filters": [], "filterBranches": [inner]}


PHONE = {"property": "phone", "filterType": "PROPERTY", "operation": {"operator": "IS_KNOWN"}}
IN_LIST = {"filterType": "IN_LIST", "listId": "7"}
CREATED = {"eventTypeId": "4-1463224", "filters": [], "filterBranches": []}


@pytest.mark.parametrize(
    ("criteria", "reads", "starts_on"),
    [
        ({"type": "LIST_BASED", "listFilterBranch": tree(PHONE)}, ("phone",), ("phone",)),
        ({"type": "LIST_BASED", "listFilterBranch": tree(PHONE, IN_LIST)}, ("phone",), ()),
        (
            {"type": "LIST_BASED", "listFilterBranch": tree(PHONE, kind="ASSOCIATION")},
            ("phone",),
            (),
        ),
        ({"type": "EVENT_BASED", "eventFilterBranches": [changed("city")]}, ("city",), ("city",)),
        ({"type": "EVENT_BASED", "eventFilterBranches": [changed("city"), CREATED]}, ("city",), ()),
        ({"type": "MANUAL"}, (), ()),
        ({}, (), ()),
    ],
)
def test_what_starts_a_workflow_is_what_its_enrolment_looks_at(
    portal: Portal,
    proxy: Proxy,
    criteria: dict[str, Any],
    reads: tuple[str, ...],
    starts_on: tuple[str, ...],
) -> None:
    flow(portal, "Tidy", action="title", field="jobtitle")
    [head] = portal.connect().reviewer().survey(["contacts"]).automations
    whole = {"id": head.id, "actions": [], "enrollmentCriteria": criteria}
    proxy.only, proxy.faults = "/flows/batch/read", [says(200, {"results": [whole]})]
    [one] = portal.connect().reviewer().survey(["contacts"]).automations
    assert (one.reads, one.starts_on, one.read) == (reads, starts_on, True)


def test_doctor_counts_the_workflows_that_write_mapped_properties(
    portal: Portal, workspace: Path
) -> None:
    flow(portal, "Tidy", action="title", field="jobtitle")
    flow(portal, "Other", action="upper", field="state")
    [said] = lines(workspace, "automations")
    assert said.startswith("warning what is written here sets off others: 2 HubSpot workflows;")
    assert "1 of them write mapped fields: Tidy" in said
    try:
        choose("es")
        [said] = lines(workspace, "automations")
    finally:
        choose("en")
    assert "2 workflows de HubSpot" in said


# The native connector


def test_the_native_connector_is_recognised_once_it_has_synced_a_record() -> None:
    with served_portal() as portal:
        clock = portal.world.clock
        salesforce = SalesforceWorld(Tables("salesforce"), clock)
        attach(salesforce, portal.world)
        one = portal.world.put("contacts", {"lastname": "Ruiz", "email": "ana@uno.example"})
        salesforce.put("Contact", {"LastName": "Ruiz", "Email": "ana@uno.example"})
        connector = portal.connect()
        reviewer = connector.reviewer()
        assert portal.world.native is not None
        portal.world.native({"on": True})
        assert reviewer.native_connector(["contacts", "companies"]) is None
        connector.write("contacts", [WriteRequest("c", "update", one, None, {"jobtitle": "CEO"})])
        portal.later(900)
        found = reviewer.native_connector(["contacts", "companies"])
    assert found is not None
    assert "contacts.salesforcecontactid" in found.traces
    assert "contacts.salesforcelastsynctime" in found.traces
    assert not any(each.startswith("companies.") for each in found.traces)
    assert {"contacts.email", "companies.name"} <= set(found.usually)


def test_ids_that_somebody_else_filled_are_no_trace_of_it(portal: Portal) -> None:
    portal.world.put("contacts", {"lastname": "Ruiz", "salesforcecontactid": "003000000000001AAA"})
    assert portal.connect().reviewer().native_connector(["contacts"]) is None


def test_who_may_not_search_learns_nothing_of_it_and_goes_on(portal: Portal, proxy: Proxy) -> None:
    proxy.only, proxy.always = "/search", says(403, {"message": "no"})
    assert portal.connect().reviewer().native_connector(["contacts"]) is None
