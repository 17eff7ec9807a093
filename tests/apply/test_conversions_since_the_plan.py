"""A lead that was converted since the plan, between two reads or between two attempts is not written."""

from __future__ import annotations

import pytest

from apply import prospects
from apply.pairs import Pair, cells, key_of
from apply.prospects import EMAIL, Prospect, aliases, created, in_hubspot, lead_of
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.sandbox.salesforce.becoming import convert_lead

prospect = prospects.prospect


@pytest.mark.slow
def test_d29_a_lead_converted_since_the_plan_is_not_written_and_the_next_plan_is_for_the_contact(
    prospect: Prospect,
) -> None:
    pair = prospect.pair
    pair.hubspot("contacts", prospect.hubspot, mobilephone="+34600111222")
    plan = pair.plan()
    assert cells(plan) == {("salesforce", "mobile", "+34600111222")}
    contact = prospect.converts()
    before = pair.of_salesforce("Lead", prospect.lead)
    pair.forget_requests()
    applied = pair.apply()
    assert applied.states == {"DROPPED": 1}
    assert pair.writes() == []
    assert pair.of_salesforce("Lead", prospect.lead) == before
    again = pair.plan()
    (change,) = changes_of(again)
    assert (change.object, change.native_id) == ("Contact", contact)
    pair.apply()
    assert pair.of_salesforce("Contact", contact)["MobilePhone"] == "+34600111222"
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_d29_the_same_without_a_where_on_the_seat(prospect: Prospect) -> None:
    """The credential may be one that can write converted leads: crmsync looks by itself."""
    pair = prospect.pair
    pair.mapping("contact", ("object: Lead, where: {IsConverted: false}", "object: Lead"))
    pair.hubspot("contacts", prospect.hubspot, mobilephone="+34600111222")
    pair.plan()
    contact = prospect.converts()
    pair.forget_requests()
    applied = pair.apply()
    assert applied.states == {"DROPPED": 1}
    assert pair.writes() == []
    with pair.workspace.store() as store:
        (op,) = store.ops(applied.run)
    assert op.message == "it was converted since the plan"
    assert aliases(pair.plan()) == [(prospect.lead, "Contact", contact, True)]


def test_nobody_is_created_from_a_lead_that_was_converted_since_the_plan(pair: Pair) -> None:
    lead = lead_of(pair)
    plan = pair.plan()
    assert created(plan) == ["hubspot"]
    contact = convert_lead(pair.servers.salesforce, {"lead": lead})["contact"]
    assert pair.apply().states == {"DROPPED": 1}
    pair.night()
    (found,) = (row for row in pair.servers.hubspot.tables.ids("contacts"))
    key = key_of(pair, "contact", str(contact))
    assert pair.of_hubspot("contacts", found)["email"] == EMAIL
    assert key == key_of(pair, "contact", found)


@pytest.mark.slow
def test_a_conversion_between_two_reads_is_seen_by_the_second(prospect: Prospect) -> None:
    """The first has the open lead and its contact: nobody is doubled, and nothing is linked wrongly."""
    pair = prospect.pair
    contact = prospect.converts()
    world = pair.servers.salesforce
    pair.salesforce("Lead", prospect.lead, IsConverted=False)
    plan = pair.plan()
    assert (created(plan), aliases(plan)) == ([], [])
    assert prospect.links() == [("contacts", prospect.hubspot), ("Lead", prospect.lead)]
    pair.salesforce("Lead", prospect.lead, IsConverted=True)
    assert world.rows.live("Lead", prospect.lead)
    assert aliases(pair.plan()) == [(prospect.lead, "Contact", contact, True)]
    pair.apply()
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_an_apply_that_is_done_again_keeps_the_base_of_the_contact(prospect: Prospect) -> None:
    """What the first attempt settled with the contact is not taken for what the lead held."""
    pair = prospect.pair
    other = lead_of(pair, LastName="Gil", Email="gil@people.example")
    theirs = in_hubspot(pair, lastname="Gil", email="gil@people.example")
    pair.night()
    contact = prospect.converts()
    for id_ in (theirs, prospect.hubspot):
        pair.hubspot("contacts", id_, mobilephone="+34600111222")
    assert [change.object for change in changes_of(pair.plan())] == ["Contact", "Lead"]

    def die(point: str) -> None:
        if point == "after VERIFIED":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pair.apply(at=die)
    pair.resume()
    assert pair.of_salesforce("Contact", contact)["MobilePhone"] == "+34600111222"
    assert pair.of_salesforce("Lead", other)["MobilePhone"] == "+34600111222"
    assert pair.base("contact", prospect.key)["salesforce"]["mobile"] == "+34600111222"
    assert is_quiet(pair.plan())
