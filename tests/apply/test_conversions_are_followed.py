"""A lead becomes a contact: the link goes along, the side begins without a base, and nothing is lost or doubled."""

from __future__ import annotations

import pytest

from apply import prospects
from apply.pairs import Pair, cells, conflicts, everything_allowed, key_of, met
from apply.prospects import EMAIL, Prospect, aliases, asked, created, in_hubspot, lead_of
from crmsync.commands.plan import changes_of, is_quiet, make_plan
from crmsync.commands.pull import pull
from crmsync.commands.settling import base_digest
from crmsync.core.planning import LinkLine
from crmsync.sandbox.hubspot.records import archive
from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records

prospect = prospects.prospect


def test_the_link_goes_to_the_contact_and_nothing_is_created_or_deleted(
    prospect: Prospect,
) -> None:
    pair = prospect.pair
    contact = prospect.converts()
    plan = pair.plan()
    assert aliases(plan) == [(prospect.lead, "Contact", contact, True)]
    assert asked(plan) == []
    assert not is_quiet(plan)
    assert created(plan) == []
    pair.apply()
    assert prospect.links() == [("contacts", prospect.hubspot), ("Contact", contact)]
    assert is_quiet(pair.plan())
    with pair.workspace.store() as store:
        (alias,) = store.aliases_of("contact", [prospect.key])[prospect.key]
    assert (alias.old.object, alias.new.object, alias.why) == ("Lead", "Contact", "converted")


@pytest.mark.slow
@pytest.mark.parametrize("says", ["nothing", "the lead", "the contact", "both"])
def test_a_native_link_may_still_say_lead_or_already_contact(prospect: Prospect, says: str) -> None:
    """Neither is crossed nor broken, on the night of the conversion and after it."""
    pair = prospect.pair
    contact = prospect.converts()
    natives = {"salesforceleadid": prospect.lead, "salesforcecontactid": contact}
    told = {"nothing": [], "the lead": ["salesforceleadid"], "the contact": ["salesforcecontactid"]}
    for name in told.get(says, list(natives)):
        pair.hubspot("contacts", prospect.hubspot, **{name: natives[name]})
    plan = pair.plan()
    assert asked(plan) == []
    assert aliases(plan) == [(prospect.lead, "Contact", contact, True)]
    pair.apply()
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_the_side_begins_without_a_base(prospect: Prospect) -> None:
    """Equal is adopted, a blank is filled, and what differs follows each field's policy: nobody's edit."""
    pair = prospect.pair
    contact = prospect.converts()
    pair.salesforce("Contact", contact, Title="Buyer", Phone=None)
    plan = pair.plan()
    assert conflicts(plan) == {"job_title"}
    assert cells(plan) == {("salesforce", "phone", "+34911234567")}
    pair.apply()
    base = pair.base("contact", prospect.key)
    assert base["salesforce"]["last_name"] == "Ruiz"
    assert "job_title" not in base["salesforce"]
    assert base["hubspot"]["job_title"] == "Analyst"
    assert conflicts(pair.plan()) == {"job_title"}


@pytest.mark.slow
def test_an_opt_out_outlives_the_lead(pair: Pair) -> None:
    """Whoever converts a lead may forget the tick, and it may be taken out of HubSpot the same day."""
    lead, contact = lead_of(pair, HasOptedOutOfEmail=True), in_hubspot(pair, hs_email_optout=True)
    pair.night()
    key = key_of(pair, "contact", lead)
    with (
        pair.workspace.store() as store,
        store.lease("test", pair.watch()),
        store.transaction() as tx,
    ):
        tx.forget_base("contact", "hubspot", "opted_out", base_digest)
    there = convert_lead(pair.servers.salesforce, {"lead": lead})["contact"]
    pair.salesforce("Contact", str(there), HasOptedOutOfEmail=False)
    pair.hubspot("contacts", contact, hs_email_optout=False)
    plan = pair.plan()
    assert ("salesforce", "opted_out", "true") in cells(plan)
    pair.apply(everything_allowed(plan))
    assert pair.of_salesforce("Contact", str(there))["HasOptedOutOfEmail"] is True
    assert pair.base("contact", key)["salesforce"]["opted_out"] == "true"


@pytest.mark.slow
def test_an_edit_in_hubspot_in_the_same_night_is_not_lost(prospect: Prospect) -> None:
    """The policy decides between it and what the contact holds; a fill goes over by itself."""
    pair = prospect.pair
    contact = prospect.converts()
    pair.hubspot("contacts", prospect.hubspot, jobtitle="Director", mobilephone="+34600111222")
    plan = pair.plan()
    assert cells(plan) == {("salesforce", "mobile", "+34600111222")}
    assert conflicts(plan) == {"job_title"}
    pair.apply()
    assert pair.of_salesforce("Contact", contact)["MobilePhone"] == "+34600111222"
    assert prospect.at_hubspot("jobtitle") == "Director"
    assert conflicts(pair.plan()) == {"job_title"}


@pytest.mark.slow
def test_d30_a_conversion_into_a_contact_of_another_customer_is_left_to_a_person(
    pair: Pair,
) -> None:
    """Two customers became one in Salesforce, and are two in HubSpot: only a person can merge them there."""
    there = met(pair, "Eva")
    lead, contact = lead_of(pair), in_hubspot(pair)
    pair.night()
    state = pair.state()
    convert_lead(pair.servers.salesforce, {"lead": lead, "contact": there[0]})
    for natives in ({}, {"salesforceleadid": lead}):
        pair.hubspot("contacts", contact, **natives)
        plan = pair.plan()
        refs = tuple(sorted(f"hubspot/contacts/{id_}" for id_ in (there[1], contact)))
        assert asked(plan) == [("needs_merge", (f"salesforce/Contact/{there[0]}", *refs))]
        assert aliases(plan) == []
        assert changes_of(plan) == []
        assert pair.state() == state
    pair.hubspot("contacts", there[1], jobtitle="Director")
    pair.hubspot("contacts", contact, jobtitle="Somebody else")
    assert cells(pair.plan()) == {("salesforce", "job_title", "Director")}


@pytest.mark.slow
def test_d30_once_the_two_are_merged_in_hubspot_too_the_link_goes_along(pair: Pair) -> None:
    there = met(pair, "Eva")
    lead, contact = lead_of(pair), in_hubspot(pair)
    pair.night()
    convert_lead(pair.servers.salesforce, {"lead": lead, "contact": there[0]})
    archive(pair.servers.hubspot.portal, "contacts", contact)
    pair.hubspot("contacts", there[1], hs_merged_object_ids=contact)
    plan = pair.plan()
    assert asked(plan) == []
    assert created(plan) == []
    pair.apply(everything_allowed(plan))
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_a_conversion_into_a_contact_that_belongs_to_nobody_takes_it(prospect: Prospect) -> None:
    """An existing contact keeps what it holds; only its blanks are filled by Salesforce."""
    pair = prospect.pair
    there = pair.salesforce("Contact", LastName="Ruiz", Title="Buyer")
    assert prospect.converts(contact=there) == there
    plan = pair.plan()
    assert aliases(plan) == [(prospect.lead, "Contact", there, True)]
    assert conflicts(plan) == {"job_title"}
    assert created(plan) == []


@pytest.mark.slow
@pytest.mark.parametrize("nights", [1, 2], ids=["in one night", "a night later"])
def test_the_contact_may_be_merged_after_the_conversion(prospect: Prospect, nights: int) -> None:
    pair = prospect.pair
    contact = prospect.converts()
    if nights == 2:
        pair.night()
        base = pair.base("contact", prospect.key)
    winner = pair.salesforce("Contact", FirstName="Ana", LastName="Ruiz", Email=EMAIL)
    body = {"object": "Contact", "winner": winner, "losers": [contact]}
    merge_records(pair.servers.salesforce, body)
    plan = pair.plan()
    old = contact if nights == 2 else prospect.lead
    assert aliases(plan) == [(old, "Contact", winner, nights == 1)]
    assert asked(plan) == []
    if nights == 2:
        assert pair.base("contact", prospect.key) == base
    pair.apply()
    assert prospect.links() == [("contacts", prospect.hubspot), ("Contact", winner)]
    assert created(pair.plan()) == []


@pytest.mark.slow
def test_a_lead_that_was_merged_and_then_converted_is_followed_to_the_contact(
    prospect: Prospect,
) -> None:
    pair = prospect.pair
    other = lead_of(pair, Email="ana2@people.example")
    world = pair.servers.salesforce
    merge_records(world, {"object": "Lead", "winner": other, "losers": [prospect.lead]})
    contact = str(convert_lead(world, {"lead": other})["contact"])
    plan = pair.plan()
    assert aliases(plan) == [(prospect.lead, "Contact", contact, True)]
    pair.hubspot("contacts", prospect.hubspot, salesforceleadid=prospect.lead)
    assert asked(pair.plan()) == []


@pytest.mark.slow
def test_a_conversion_into_a_contact_outside_the_scope_keeps_its_seat_and_is_not_written(
    prospect: Prospect,
) -> None:
    pair = prospect.pair
    pair.mapping(
        "contact",
        ("\nmatch:\n", "\nscope: {salesforce: {Contact: {Department: [Sales]}}}\nmatch:\n"),
    )
    contact = prospect.converts()
    pair.hubspot("contacts", prospect.hubspot, jobtitle="Director")
    plan = pair.plan()
    assert aliases(plan) == [(prospect.lead, "Contact", contact, True)]
    assert changes_of(plan) == []
    assert asked(plan) == []
    pair.apply()
    assert prospect.links() == [("contacts", prospect.hubspot), ("Contact", contact)]
    pair.salesforce("Contact", contact, Department="Sales")
    assert conflicts(pair.plan()) == {"job_title"}


@pytest.mark.slow
def test_a_conversion_into_a_contact_that_cannot_be_seen_is_told_and_creates_nobody(
    prospect: Prospect,
) -> None:
    """Hidden from this user by sharing, or deleted since: the link waits where it is."""
    pair = prospect.pair
    old, new = "object: Contact, create: never", "object: Contact, create: {when: {email: present}}"
    pair.mapping("contact", (old, new))
    contact = prospect.converts()
    world = pair.servers.salesforce
    hidden = dict(world.tables.get("Contact", contact) or {})
    world.rows.drop("Contact", contact)
    pair.hubspot("contacts", prospect.hubspot, jobtitle="Director", salesforceleadid=prospect.lead)
    plan = pair.plan()
    refs = (f"hubspot/contacts/{prospect.hubspot}", f"salesforce/Lead/{prospect.lead}")
    assert asked(plan) == [("unseen", refs)]
    assert (aliases(plan), changes_of(plan)) == ([], [])
    pair.apply()
    world.rows.save("Contact", contact, hidden)
    assert aliases(pair.plan()) == [(prospect.lead, "Contact", contact, True)]


def test_a_native_link_to_a_lead_that_was_never_linked_finds_the_contact(pair: Pair) -> None:
    """Nothing else would tie them: another address, another name."""
    lead = lead_of(pair)
    contact = convert_lead(pair.servers.salesforce, {"lead": lead})["contact"]
    theirs = pair.hubspot("contacts", lastname="R.", salesforceleadid=lead)
    plan = pair.plan()
    (line,) = (each for each in plan.lines if isinstance(each, LinkLine))
    assert (line.how, {ref[2] for ref in line.refs}) == ("native_link", {contact, theirs})
    assert asked(plan) == []
    assert created(plan) == []


def test_two_native_links_to_one_contact_are_double_also_where_one_says_lead(pair: Pair) -> None:
    lead = lead_of(pair)
    contact = convert_lead(pair.servers.salesforce, {"lead": lead})["contact"]
    pair.hubspot("contacts", lastname="R.", salesforceleadid=lead)
    pair.hubspot("contacts", lastname="S.", salesforcecontactid=contact)
    plan = pair.plan()
    assert [reason for reason, _ in asked(plan)] == ["double"]
    assert not [each for each in plan.lines if isinstance(each, LinkLine)]


@pytest.mark.slow
def test_a_pull_that_cannot_see_what_leads_become_says_so(prospect: Prospect) -> None:
    """The lead is not written and nobody is created, but its link cannot go along."""
    pair, told = prospect.pair, list[str]()
    prospect.converts()
    pair.servers.salesforce.hide_field("Lead", "ConvertedContactId")
    pair.hubspot("contacts", prospect.hubspot, jobtitle="Director")
    pull(pair.workspace, tell=told.append)
    assert [line for line in told if "ConvertedContactId" in line] == [
        "salesforce: Lead has no column for ConvertedContactId"
    ]
    plan = make_plan(pair.workspace)
    assert (aliases(plan), changes_of(plan)) == ([], [])


@pytest.mark.slow
def test_an_unconverted_copy_is_nobodys_successor(prospect: Prospect) -> None:
    """A lead that carries the ids of a conversion, but is open, was copied from a converted one."""
    pair = prospect.pair
    contact = pair.salesforce("Contact", LastName="Gil", Email="gil@people.example")
    pair.salesforce("Lead", prospect.lead, ConvertedContactId=contact)
    plan = pair.plan()
    assert aliases(plan) == []
    assert prospect.links() == [("contacts", prospect.hubspot), ("Lead", prospect.lead)]
