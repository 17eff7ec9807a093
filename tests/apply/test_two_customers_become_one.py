"""Two customers whose records people merged in both systems, whichever each system kept, are one from then on."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, cells, changes_of, everything_allowed, key_of, met
from crmsync.commands.plan import is_quiet
from crmsync.commands.planfile import Plan
from crmsync.core.planning import Held
from crmsync.sandbox.hubspot.records import archive
from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records

Both = tuple[str, str]
"""The Salesforce contact and the HubSpot contact of one customer."""


def keep_in_hubspot(pair: Pair, kept: str, lost: str) -> None:
    archive(pair.servers.hubspot.portal, "contacts", lost)
    pair.hubspot("contacts", kept, hs_merged_object_ids=lost)


def keep_in_salesforce(pair: Pair, kept: str, lost: str) -> None:
    merge_records(pair.servers.salesforce, {"object": "Contact", "winner": kept, "losers": [lost]})


def questions(plan: Plan) -> list[str]:
    return [line.reason for line in plan.lines if isinstance(line, Held) and not line.key]


def settle(pair: Pair) -> Plan:
    """Two nights; the plan of the third."""
    for _ in range(2):
        pair.apply(everything_allowed(pair.plan()))
    return pair.plan()


@pytest.fixture
def two(pair: Pair) -> tuple[Both, Both]:
    ana, eva = met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    assert is_quiet(pair.plan())
    return ana, eva


def speaks(pair: Pair, salesforce: str, hubspot: str) -> None:
    """An edit on either side reaches the other one."""
    pair.hubspot("contacts", hubspot, jobtitle="Director")
    plan = pair.plan()
    assert cells(plan) == {("salesforce", "job_title", "Director")}
    pair.apply(everything_allowed(plan))
    pair.salesforce("Contact", salesforce, Title="President")
    plan = pair.plan()
    assert cells(plan) == {("hubspot", "job_title", "President")}
    pair.apply(everything_allowed(plan))
    assert is_quiet(pair.plan())


def test_merged_crosswise_they_are_one_customer(pair: Pair, two: tuple[Both, Both]) -> None:
    """Salesforce kept one customer's record and HubSpot the other's: which one is people's free choice."""
    ana, eva = two
    keep_in_salesforce(pair, ana[0], eva[0])
    keep_in_hubspot(pair, eva[1], ana[1])
    plan = pair.plan()
    assert questions(plan) == []
    assert not [each for each in changes_of(plan) if each.action == "create"]
    pair.apply(everything_allowed(plan))
    assert key_of(pair, "contact", ana[0]) == key_of(pair, "contact", eva[1])


@pytest.mark.slow
def test_merged_crosswise_they_are_kept_in_step(pair: Pair, two: tuple[Both, Both]) -> None:
    ana, eva = two
    keep_in_salesforce(pair, ana[0], eva[0])
    keep_in_hubspot(pair, eva[1], ana[1])
    for name, native in (("FirstName", "firstname"), ("LastName", "lastname")):
        pair.hubspot("contacts", eva[1], **{native: pair.of_salesforce("Contact", ana[0])[name]})
    pair.hubspot("contacts", eva[1], email=pair.of_salesforce("Contact", ana[0])["Email"])
    assert is_quiet(settle(pair))
    speaks(pair, ana[0], eva[1])


@pytest.mark.slow
def test_first_in_one_system_and_a_night_later_crosswise_in_the_other(
    pair: Pair, two: tuple[Both, Both]
) -> None:
    ana, eva = two
    keep_in_salesforce(pair, ana[0], eva[0])
    plan = pair.plan()
    assert questions(plan) == ["needs_merge"]
    pair.apply(everything_allowed(plan))
    keep_in_hubspot(pair, eva[1], ana[1])
    assert questions(settle(pair)) == []
    assert key_of(pair, "contact", ana[0]) == key_of(pair, "contact", eva[1])


@pytest.mark.slow
def test_whoever_answers_by_deleting_the_twin_is_understood(
    pair: Pair, two: tuple[Both, Both]
) -> None:
    ana, eva = two
    keep_in_salesforce(pair, ana[0], eva[0])
    assert questions(pair.plan()) == ["needs_merge"]
    archive(pair.servers.hubspot.portal, "contacts", eva[1])
    plan = pair.plan()
    assert questions(plan) == []
    assert not [each for each in changes_of(plan) if each.action == "create"]
    pair.apply(everything_allowed(plan))
    assert is_quiet(pair.plan())
    speaks(pair, *ana)


@pytest.mark.slow
def test_a_lead_that_became_the_contact_of_a_customer_deleted_in_hubspot_joins_it(
    pair: Pair,
) -> None:
    there = met(pair, "Eva")
    values = {"FirstName": "Ana", "LastName": "Ruiz", "Email": "ana@people.example"}
    lead = pair.salesforce("Lead", Company="Acme", **values)
    contact = pair.hubspot("contacts", **{name.lower(): text for name, text in values.items()})
    pair.night()
    archive(pair.servers.hubspot.portal, "contacts", there[1])
    pair.night()
    convert_lead(pair.servers.salesforce, {"lead": lead, "contact": there[0]})
    plan = pair.plan()
    assert questions(plan) == []
    assert not [each for each in changes_of(plan) if each.action == "create"]
    pair.apply(everything_allowed(plan))
    assert key_of(pair, "contact", there[0]) == key_of(pair, "contact", contact)


@pytest.mark.parametrize("kept", [0, 1])
def test_two_leads_that_became_one_contact_and_were_merged_in_hubspot_are_one(
    pair: Pair, kept: int
) -> None:
    """Whatever the keys are called."""
    leads, contacts = [], []
    for name in ("Ana", "Eva"):
        email = f"{name.lower()}@people.example"
        values = {"FirstName": name, "LastName": "Ruiz", "Email": email}
        leads.append(pair.salesforce("Lead", Company="Acme", **values))
        contacts.append(pair.hubspot("contacts", firstname=name, lastname="Ruiz", email=email))
    pair.night()
    made = str(convert_lead(pair.servers.salesforce, {"lead": leads[0]})["contact"])
    convert_lead(pair.servers.salesforce, {"lead": leads[1], "contact": made})
    keep_in_hubspot(pair, contacts[kept], contacts[1 - kept])
    plan = pair.plan()
    assert questions(plan) == []
    pair.apply(everything_allowed(plan))
    assert key_of(pair, "contact", made) == key_of(pair, "contact", contacts[kept])
