"""What a portal tells of scopes before anything is written: which are needed, which a token has. Nothing is claimed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors import reviewed_portals
from connectors.portals import Portal
from connectors.reviewed_portals import lines
from crmsync.commands.doctor import doctor, exit_code_of
from crmsync.commands.scopes import scopes
from crmsync.commands.workspace import open_workspace
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.rights import FACTS, needs
from crmsync.core.records import Native, Schema
from crmsync.core.rights import Demand, Review, Right
from crmsync.errors import ExitCode
from crmsync.language import choose
from crmsync.reports.scopes_text import scopes_text
from crmsync.testing.proxy import Proxy, says

portal, proxy, workspace = (
    reviewed_portals.portal,
    reviewed_portals.proxy,
    reviewed_portals.workspace,
)
READS = Demand("contacts", {"email": ("contact.email",)}, {})
WRITES = Demand(
    "contacts",
    {"email": ("contact.email",), "associations.companies.primary": ("contact.company",)},
    {"phone": ("contact.phone",), "hs_email_optout": ("contact.opted_out",)},
    creates=True,
    key="crmsync_key",
)
DEALS = Demand("deals", {"amount": ("deal.amount",)}, {"amount": ("deal.amount",)})


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
    found = places(READS, facts=("hours", "lists", "consent"))
    optional = {place for place, needed in found.items() if not needed}
    assert optional == {
        "crm.objects.users.read",
        "crm.lists.read",
        "communication_preferences.read",
        "automation",
    }
    assert "crm.lists.read" not in places(READS, facts=())


USERS = "crm.objects.users.read"
BATCH = "communication_preferences.statuses.batch.read"


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, {USERS, "crm.lists.read", "communication_preferences.read"}),
        ({"lists": "false", "consent": "false"}, {USERS}),
        ({"lists": "false", "consent": "false", "activities_days": "0"}, set()),
        (
            {"consent": "statuses"},
            {USERS, "crm.lists.read", "communication_preferences.read", BATCH},
        ),
    ],
)
def test_scopes_of_facts_are_those_that_the_settings_ask_for(
    portal: Portal, settings: dict[str, str], wanted: set[str]
) -> None:
    found = portal.connect(**settings).reviewer().needs([READS])
    assert {each.right.place for each in found if each.why == "facts"} == wanted


@pytest.mark.parametrize("shape", ["nested", "flat"])
def test_the_scope_of_statuses_is_looked_at_by_asking_for_nobody(
    portal: Portal, shape: str
) -> None:
    portal.turn(scope_refusal=shape)
    every = reviewed(portal.connect(consent="statuses"), READS)
    assert every[BATCH] == "held"
    key = portal.key(*(each for each in every if each != BATCH))
    found = reviewed(portal.connect(consent="statuses", token=key), READS)
    assert {place for place, state in found.items() if state == "missing"} == {BATCH}


# What a token has


def test_a_key_is_looked_at_by_reading_one_row_and_never_by_writing(portal: Portal) -> None:
    connector = portal.connect()
    found = reviewed(connector, WRITES, DEALS)
    assert {place for place, state in found.items() if state == "held"} == {
        "crm.objects.owners.read",
        "crm.objects.contacts.read",
        "crm.objects.companies.read",
        "crm.objects.deals.read",
        "crm.objects.users.read",
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
        "crm.objects.users.read",
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


def test_doctor_says_what_is_missing_and_what_was_not_looked_at(
    portal: Portal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [said] = lines(workspace, "rights")
    assert said.startswith("ok none of the rights that can be looked at is missing; not checked:")
    assert "crm.objects.contacts.write" in said
    monkeypatch.setenv("THAT_TOKEN", portal.key("crm.objects.contacts.read"))
    said, spared = lines(workspace, "rights")
    assert said.startswith("error rights that this mapping needs are missing:")
    assert "crm.objects.owners.read" in said
    assert "Service Keys" in said
    assert "permission set" not in said
    assert spared.startswith("warning optional, and not there:")
    assert "automation" in spared
    assert "automation" not in said


def test_a_scope_that_the_mapping_needs_and_lacks_is_exit_8_and_an_optional_one_is_not(
    portal: Portal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = [need for review in scopes(open_workspace(workspace), "hub") for need in review.needs]
    needed = [need.right.place for need in needs if need.needed]
    monkeypatch.setenv("THAT_TOKEN", portal.key(*needed))
    found = [check for check in doctor(open_workspace(workspace)) if check.subject == "hub"]
    assert [check.level for check in found if check.topic == "rights"] == ["warning"]
    assert exit_code_of(found) is ExitCode.OK
    monkeypatch.setenv("THAT_TOKEN", portal.key(*(each for each in needed if "owners" not in each)))
    assert exit_code_of(doctor(open_workspace(workspace))) is ExitCode.ACCESS


def test_what_only_the_credential_that_writes_may_do_is_not_missing(
    portal: Portal, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [review] = scopes(open_workspace(workspace), "hub")
    needed = [need.right.place for need in review.needs if need.needed]
    monkeypatch.setenv("THAT_TOKEN", portal.key(*(one for one in needed if "write" not in one)))
    monkeypatch.setenv("THAT_TOKEN_WRITE", portal.key(*needed))
    [review] = scopes(open_workspace(workspace), "hub")
    assert not [need for need in review.missing if need.needed]
    assert exit_code_of(doctor(open_workspace(workspace))) is ExitCode.OK


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
    said, part = lines(workspace, "version")
    assert "API 2026-03 (2026-03-30): ends about 2027-09-30" in said
    assert "/automation/v4 2027-03-30" in said
    assert "/calling/v1 2027-09-01" in said
    assert "API /automation/v4: ends about 2027-03-30, in every version" in part
    try:
        choose("es")
        said, part = lines(workspace, "version")
    finally:
        choose("en")
    assert "termina hacia el 2027-09-30" in said
    assert "termina hacia el 2027-03-30, en todas las versiones" in part
