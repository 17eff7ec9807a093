"""What a portal tells before anything is written: scopes, workflows, versions, who else writes. Nothing is claimed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.portals import NOW, Portal, served_portal
from crmsync.commands.doctor import doctor
from crmsync.commands.scopes import scopes
from crmsync.commands.workspace import open_workspace
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.paths import DATED, NEWEST, USUAL, VERSIONS, path_in
from crmsync.connectors.hubspot.problems import words
from crmsync.connectors.hubspot.rights import FACTS, needs
from crmsync.connectors.hubspot.survey import KIND
from crmsync.connectors.hubspot.versions import version_of
from crmsync.core.records import Native, Schema
from crmsync.core.rights import Demand, Review, Right
from crmsync.language import choose
from crmsync.reports.scopes_text import scopes_text
from crmsync.sandbox.hubspot.declaring import declare
from crmsync.sandbox.hubspot.ends import end_of
from crmsync.sandbox.hubspot.paths import find
from crmsync.sandbox.native.ticking import attach
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy, proxied, says

READS = Demand("contacts", {"email": ("contact.email",)}, {})
WRITES = Demand(
    "contacts",
    {"email": ("contact.email",), "associations.companies.primary": ("contact.company",)},
    {"phone": ("contact.phone",), "hs_email_optout": ("contact.opted_out",)},
    creates=True,
    key="crmsync_key",
)
DEALS = Demand("deals", {"amount": ("deal.amount",)}, {"amount": ("deal.amount",)})


@pytest.fixture
def portal() -> Iterator[Portal]:
    with served_portal() as portal:
        yield portal


@pytest.fixture
def proxy(portal: Portal) -> Iterator[Proxy]:
    with proxied(portal.url) as proxy:
        portal.url = proxy.url
        yield proxy


def reviewed(connector: HubspotConnector, *demands: Demand) -> dict[str, str]:
    """How it stands with each scope that is needed."""
    reviewer = connector.reviewer()
    review = Review("hub", "hubspot", tuple(reviewer.needs(demands)), reviewer.held(demands))
    return {need.right.place: review.state(need) for need in review.needs}


# What is needed


def places(*demands: Demand, there: bool = True, facts: Any = FACTS) -> dict[str, bool]:
    fields = {"crmsync_key": Native("crmsync_key", "string")} if there else {}
    schema = Schema("hub", "contacts", fields)
    return {each.right.place: each.needed for each in needs(demands, lambda _: schema, facts)}


def test_scopes_go_by_object_and_direction() -> None:
    found = places(READS, DEALS)
    needed = {place for place, is_needed in found.items() if is_needed}
    assert needed == {
        "crm.objects.owners.read",
        "crm.objects.contacts.read",
        "crm.schemas.contacts.read",
        "crm.objects.deals.read",
        "crm.schemas.deals.read",
        "crm.objects.deals.write",
    }


def test_ties_take_the_scope_of_the_other_object_and_opt_outs_one_of_their_own() -> None:
    found = places(WRITES)
    assert found["crm.objects.companies.read"]
    assert found["communication_preferences.read_write"]
    assert "communication_preferences.read_write" not in places(READS, DEALS)


def test_who_may_make_properties_is_asked_for_only_until_our_key_is_there() -> None:
    assert places(WRITES, there=False)["crm.schemas.contacts.write"] is False
    assert "crm.schemas.contacts.write" not in places(WRITES, there=True)


def test_facts_and_workflows_take_scopes_without_which_a_sync_goes_on() -> None:
    found = places(READS)
    optional = {place for place, needed in found.items() if not needed}
    assert optional == {"crm.lists.read", "communication_preferences.read", "automation"}
    assert "crm.lists.read" not in places(READS, facts=())


# What a token has


def test_a_key_is_looked_at_by_reading_one_row_and_never_by_writing(portal: Portal) -> None:
    connector = portal.connect()
    found = reviewed(connector, WRITES, DEALS)
    assert {place for place, state in found.items() if state == "held"} == {
        "crm.objects.owners.read",
        "crm.objects.contacts.read",
        "crm.objects.companies.read",
        "crm.objects.deals.read",
        "crm.lists.read",
        "communication_preferences.read",
        "automation",
    }
    assert "missing" not in found.values()
    assert {each["method"] for each in portal.calls()} == {"GET"}
    assert all(found[each] == "unchecked" for each in found if each.endswith("write"))


@pytest.mark.parametrize("shape", ["nested", "flat"])
@pytest.mark.parametrize(
    "scope",
    [
        "crm.objects.owners.read",
        "crm.objects.contacts.read",
        "crm.objects.companies.read",
        "crm.objects.deals.read",
        "crm.lists.read",
        "communication_preferences.read",
        "automation",
    ],
)
def test_a_key_without_one_scope_is_told_that_one(portal: Portal, scope: str, shape: str) -> None:
    portal.turn(scope_refusal=shape)
    lacking = {scope}
    if scope == "communication_preferences.read":  # one that contains it would be enough
        lacking.add("communication_preferences.read_write")
    every = reviewed(portal.connect(), WRITES, DEALS)
    connector = portal.connect(token=portal.key(*(each for each in every if each not in lacking)))
    found = reviewed(connector, WRITES, DEALS)
    assert {place for place, state in found.items() if state == "missing"} == lacking


def test_a_403_for_another_reason_says_nothing_about_a_scope(portal: Portal, proxy: Proxy) -> None:
    connector = portal.connect()
    proxy.only, proxy.always = "/owners", says(403, {"message": "This address is blocked"})
    assert reviewed(connector, READS)["crm.objects.owners.read"] == "unchecked"


def test_an_app_is_told_its_scopes_and_nothing_is_probed(portal: Portal) -> None:
    portal.side_door(
        app_scopes=[
            "oauth",
            "crm.objects.contacts.read",
            "crm.lists.write",
            "crm.objects.deals.read",
        ]
    )
    connector = portal.connect("OAuth app")
    reviewer = connector.reviewer()
    portal.world.requests.clear()
    held = reviewer.held([READS])
    assert [each["path"] for each in portal.calls()] == [
        "/oauth/2026-03/token",
        "/oauth/2026-03/token/introspect",
    ]
    review = Review("hub", "hubspot", tuple(reviewer.needs([READS])), held)
    states = {need.right.place: review.state(need) for need in review.needs}
    assert states["crm.objects.contacts.read"] == "held"
    assert states["crm.objects.owners.read"] == "missing"
    assert states["crm.schemas.contacts.read"] == "unchecked"  # the other one shows the same
    assert review.excess == [Right("crm.lists.write")]


def test_one_scope_that_contains_another_is_enough(portal: Portal) -> None:
    portal.side_door(app_scopes=["communication_preferences.write"])
    found = reviewed(portal.connect("OAuth app"), WRITES)
    assert found["communication_preferences.read_write"] == "held"
    assert found["communication_preferences.read"] == "held"


@pytest.mark.parametrize("answer", [says(404, b"<html>"), says(200, {"active": False}), says(200)])
def test_an_app_that_may_not_ask_is_looked_at_as_a_key_is(
    portal: Portal, proxy: Proxy, answer: Any
) -> None:
    connector = portal.connect("OAuth app")
    proxy.only, proxy.always = "/introspect", answer
    found = reviewed(connector, READS, DEALS)
    assert found["crm.objects.contacts.read"] == "held"
    assert found["crm.objects.deals.write"] == "unchecked"


# What is told of it


@pytest.fixture
def workspace(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THAT_TOKEN", portal.world.token)
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "contact.yml").write_text(
        "entity: contact\nseats: [{system: hub, object: contacts}, {system: crm, object: people}]\n"
        "match: [email]\nfields:\n"
        "  - {field: email, type: email, names: {hub: email, crm: Email}}\n"
        "  - {field: title, type: text, names: {hub: jobtitle, crm: Title}}\n"
    )
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "people.csv").write_text("Email,Title\na@b.example,\n")
    (tmp_path / "crmsync.yml").write_text(
        f"name: t\nregion: ES\nsystems:\n  hub:\n    kind: hubspot\n    url: {portal.url}\n"
        "    token: ${THAT_TOKEN}\n  crm:\n    kind: files\n    folder: exports\n"
        "    objects: {people: {file: people.csv, id: Email}}\n"
    )
    return tmp_path


def lines(workspace: Path, topic: str) -> list[str]:
    return [
        f"{each.level} {each.message} → {each.remedy}"
        for each in doctor(open_workspace(workspace))
        if each.topic == topic and each.subject == "hub"
    ]


def test_doctor_says_what_is_missing_and_what_was_not_looked_at(
    portal: Portal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [said] = lines(workspace, "rights")
    assert said.startswith("ok none of the rights that can be looked at is missing; not checked:")
    assert "crm.objects.contacts.write" in said
    monkeypatch.setenv("THAT_TOKEN", portal.key("crm.objects.contacts.read"))
    [said] = lines(workspace, "rights")
    assert said.startswith("warning rights that this mapping needs are missing:")
    assert "crm.objects.owners.read" in said
    assert "Service Keys" in said
    assert "permission set" not in said


@pytest.mark.parametrize("language", ["en", "es"])
def test_scopes_are_listed_in_the_language_of_the_reader(
    portal: Portal, workspace: Path, language: str
) -> None:
    text = scopes_text(scopes(open_workspace(workspace), "hub"), language)
    rows = {line.split()[0]: line for line in text.splitlines() if line.startswith("  crm.")}
    states = {"en": ("has it", "not checked"), "es": ("lo tiene", "sin comprobar")}[language]
    assert states[0] in rows["crm.objects.contacts.read"]
    assert states[1] in rows["crm.objects.contacts.write"]
    assert "HubSpot" in text
    assert "sharing" not in text
    assert "compart" not in text


def test_doctor_names_the_ends_of_the_version_in_both_languages(workspace: Path) -> None:
    [said] = lines(workspace, "version")
    assert "API 2026-03 (2026-03-30): ends about 2027-09-30" in said
    assert "/automation/v4 2027-03-30" in said
    assert "/calling/v1 2027-09-01" in said
    try:
        choose("es")
        [said] = lines(workspace, "version")
    finally:
        choose("en")
    assert "termina hacia el 2027-09-30" in said


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


# Versions


def test_a_version_says_when_each_part_of_it_ends() -> None:
    classic, dated, newest = (version_of(each) for each in VERSIONS)
    assert (classic.ends, dated.ends, newest.ends) == (
        date(2027, 3, 30),
        date(2027, 9, 30),
        date(2028, 3, 8),
    )
    assert ("/crm/v3", date(2027, 9, 1)) in classic.parts  # of a month without a day, the first
    for each in (classic, dated, newest):
        assert ("/automation/v4", date(2027, 3, 30)) in each.parts
        assert ("/calling/v1", date(2027, 9, 1)) in each.parts
    assert {each.usual for each in (classic, dated, newest)} == {USUAL} == {DATED}
    assert {each.newest for each in (classic, dated, newest)} == {NEWEST}


ASKED = (
    "/crm/v3/objects/contacts",
    "/crm/v3/objects/contacts/batch/read",
    "/crm/v3/properties/contacts",
    "/crm/v3/pipelines/deals",
    "/crm/v3/owners",
    "/crm/v3/lists",
    "/crm/v4/associations/contacts/companies/batch/read",
    "/crm/v4/objects/contacts/1/associations/companies",
    "/communication-preferences/v4/definitions",
    "/account-info/v3/details",
    "/oauth/v3/token",
)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", ASKED)
def test_no_path_ends_before_its_version_is_said_to(version: str, path: str) -> None:
    said, ends = version_of(version).ends, end_of(path_in(version, path))
    assert said is not None
    assert ends is None or ends >= said


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", ASKED[:-1])
def test_every_path_is_there_in_every_version(version: str, path: str) -> None:
    found = [find(method, path_in(version, path)) for method in ("GET", "POST")]
    assert any(found)


@pytest.mark.parametrize(
    ("version", "day", "level"),
    [
        ("v3", date(2026, 11, 22), "warning"),
        ("2026-03", date(2026, 11, 22), "ok"),
        ("2026-03", date(2027, 4, 30), "warning"),
        ("2026-09", date(2027, 4, 30), "ok"),
        ("2026-09", date(2028, 3, 8), "warning"),
    ],
)
def test_doctor_warns_half_a_year_ahead(version: str, day: date, level: str) -> None:
    from crmsync.commands.doctor_review import _version

    [check] = _version("hub", version_of(version), day)
    assert check.level == level
    assert version_of(version).ends is not None
    assert bool(check.remedy) == (level == "warning")
    if level == "warning":
        assert "2026-09" in check.remedy
        assert ("leave it out" in check.remedy) == (version != USUAL)


def test_a_portal_past_the_end_of_v4_is_told_so_and_reads_by_dates(portal: Portal) -> None:
    portal.turn(versions_end=True)
    portal.world.clock.freeze(NOW.replace(year=2027, month=5))
    assert portal.connect().whoami().id
    ids = [portal.world.put("contacts", {"lastname": "Ruiz"})]
    assert portal.connect().get("contacts", ids, ["lastname", "associations.companies.primary"])


# Rules of the portal


@pytest.fixture
def ruled(portal: Portal) -> Portal:
    """A portal in which a contact must have a job title."""
    portal.connect().install_key("contacts", [])
    rule = {"kind": "required", "object": "contacts", "names": ["jobtitle"], "on": "write"}
    declare(portal.world, rule)
    return portal


def creates(key: str, **cells: str | None) -> WriteRequest:
    given = {"lastname": key, "email": f"{key}@people.example", **cells}
    return WriteRequest(key, "create", None, key, given)


def test_a_rule_of_the_portal_refuses_one_request_and_says_what_helps(ruled: Portal) -> None:
    connector = ruled.connect(api_version="2026-09")
    bad, good = connector.write("contacts", [creates("bad"), creates("good", jobtitle="Buyer")])
    assert (bad.outcome, good.outcome) == ("refused", "written")
    assert "VALIDATION_ERROR" in bad.message
    assert "a rule of the portal: fill jobtitle" in bad.message
    assert "older `api_version`" in bad.message
    assert (
        bad.fields == ()
    )  # it is no field of the request: without one there is nothing else to send


def test_older_versions_let_it_through(ruled: Portal) -> None:
    for version in ("v3", "2026-03"):
        [result] = ruled.connect(api_version=version).write("contacts", [creates(f"k-{version}")])
        assert result.outcome == "written"


def test_only_a_rule_is_called_one() -> None:
    wrong = {"category": "VALIDATION_ERROR", "message": "Property values were not valid: []"}
    assert words(wrong) == "VALIDATION_ERROR: Property values were not valid: []"
    assert "a rule of the portal" in words(
        {
            "category": "VALIDATION_ERROR",
            "message": "The user does not have the permission Edit Associations",
        }
    )


@pytest.mark.parametrize("status", [200, 204])
def test_any_2xx_is_a_success_whatever_it_says_of_archived_ties(
    portal: Portal, status: int
) -> None:
    portal.turn(dated_archive_status=status)
    portal.connect().install_key("contacts", [])
    one = portal.world.put("contacts", {"lastname": "Ruiz"})
    other = portal.world.put("companies", {"name": "Uno"})
    connector = portal.connect()
    name = "associations.companies.primary"
    for value in (other, None):
        [result] = connector.write(
            "contacts", [WriteRequest("c", "update", one, None, {name: value})]
        )
        assert result.outcome == "written", result
        assert connector.get("contacts", [one], [name])[one][name] == value
