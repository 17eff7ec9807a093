"""A linked record that is not there any more: nobody takes its place, and it does not come back by itself."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, Person, conflicts, met
from crmsync.commands.plan import changes_of, make_plan
from crmsync.core.planning import Held, LinkLine
from crmsync.errors import LimitExceeded, PlanStale
from crmsync.sandbox.hubspot.records import archive


def gone(pair: Pair, contact: str) -> None:
    """Somebody deletes a HubSpot contact."""
    archive(pair.servers.hubspot.portal, "contacts", contact)


def test_a_deleted_record_is_not_created_again(pair: Pair) -> None:
    ana = met(pair, "Ana")
    pair.night()
    gone(pair, ana[1])
    pair.salesforce("Contact", ana[0], Title="Director")
    plan = pair.plan()
    assert not changes_of(plan)
    (reason,) = [line.reason for line in plan.lines if isinstance(line, Held)]
    assert reason.startswith("deleted:hubspot,")


def test_nobody_takes_the_place_of_a_record_that_is_gone(pair: Pair) -> None:
    """Luis has Ana's number and surname; what he is called must not become her name in Salesforce."""
    phone = "+34911234567"
    ana = met(pair, "Ana")
    pair.night()
    gone(pair, ana[1])
    surname = pair.of_salesforce("Contact", ana[0])["LastName"]
    pair.hubspot(
        "contacts", firstname="Luis", lastname=surname, email="luis@people.example", phone=phone
    )
    plan = pair.plan()
    assert not changes_of(plan)
    assert not [
        line for line in plan.lines if isinstance(line, LinkLine) and line.entity == "contact"
    ]
    assert plan.header.counts["ambiguous"] == 1


def test_a_new_record_is_not_made_from_one_that_changed_since_the_plan(pair: Pair) -> None:
    new = pair.salesforce("Contact", FirstName="Noa", LastName="Gil", Email="noa@gil.example")
    pair.plan()
    pair.salesforce("Contact", new, HasOptedOutOfEmail=True)
    assert pair.apply().states == {"DROPPED": 1}
    assert not pair.servers.hubspot.tables.ids("contacts")
    pair.night()
    (made,) = pair.servers.hubspot.tables.ids("contacts")
    assert pair.of_hubspot("contacts", made)["hs_email_optout"] == "true"


def test_a_shrunken_read_is_still_one_on_the_second_night(pair: Pair) -> None:
    people = [met(pair, name) for name in ("Ana", "Eva", "Luz", "Mar", "Noa")]
    pair.night()
    for person in people[1:]:
        gone(pair, person[1])
    for _night in range(2):
        plan = pair.plan()
        assert [breach["limit"] for breach in plan.header.breaches] == ["shrunken"]
        with pytest.raises(LimitExceeded):
            pair.apply()


def test_limits_are_counted_again_when_a_plan_is_carried_out(person: Person) -> None:
    """Neither an edited header with a matching id nor a plan from before the limits were set gets past them."""
    pair = person.pair
    person.in_salesforce(Title="Director")
    pair.plan()
    pair.project("\nlimits: {rewrites: {at_most: 0}}\n")
    with pytest.raises(LimitExceeded, match="rewrites"):
        pair.apply()


def test_a_plan_is_as_old_as_what_it_was_made_from(person: Person) -> None:
    pair = person.pair
    person.in_salesforce(Title="Director")
    pair.pull()
    pair.watch.turn(hours=25)
    make_plan(pair.workspace, to=pair.plan_file)
    with pytest.raises(PlanStale, match="hours old"):
        pair.apply()


def test_an_old_read_is_not_taken_for_edits(person: Person) -> None:
    """Before the next pull the snapshot still shows what we overwrote; that is nobody's edit."""
    pair = person.pair
    person.in_hubspot(jobtitle="Head of sales")
    pair.night()
    with pytest.raises(PlanStale, match="older than the last run that wrote"):
        make_plan(pair.workspace, to=pair.plan_file)


def test_another_native_field_was_never_settled(person: Person) -> None:
    """The new field holds something else; it must not look as if somebody had edited the title."""
    pair = person.pair
    person.in_hubspot(gender="female")
    pair.mapping("contact", ("hubspot: jobtitle", "hubspot: gender"))
    plan = pair.plan()
    assert not [change for change in changes_of(plan) if change.system == "salesforce"]
    assert conflicts(plan) == {"job_title"}
