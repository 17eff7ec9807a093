"""A record that was deleted or merged in Salesforce: plan, explain and state links say so.

What comes back is itself again.
"""

from __future__ import annotations

import pytest

from apply.pairs import Pair, Person, cells, met
from crmsync.commands.apply import Permission
from crmsync.commands.plan import changes_of, is_quiet, make_plan
from crmsync.commands.pull import pull
from crmsync.commands.rendering_links import links_json, links_text
from crmsync.commands.state import links_of
from crmsync.commands.view import find_customers
from crmsync.core.extents import Wish
from crmsync.core.planning import Held, LinkLine
from crmsync.reports.explain_text import Telling, explain_text
from crmsync.reports.plan_text import plan_text
from crmsync.sandbox.salesforce.recycling import empty_bin, undelete

BOTH = pytest.mark.parametrize("wish", ["full", "changes"])


CREATES = ("object: Contact, create: never", "object: Contact, create: {when: {email: present}}")
"""Of what may be created in no case nothing is held back."""


def night(pair: Pair, wish: Wish) -> None:
    """A pull at the org's own time."""
    pair.watch.moment = max(pair.watch.moment, pair.servers.salesforce.clock.now())
    pull(pair.workspace, wish=wish)


def planned(pair: Pair) -> list[str]:
    """What the plan over the last read holds back, and nothing else may be in it."""
    plan = make_plan(pair.workspace, to=pair.plan_file)
    assert not changes_of(plan)
    assert not [line for line in plan.lines if isinstance(line, LinkLine)]
    return [line.reason for line in plan.lines if isinstance(line, Held)]


def deleted(person: Person, wish: Wish) -> str:
    """The day on which a settled person was deleted in Salesforce; minutes later that was read.

    What went in the last minute is told a minute later: getDeleted knows no seconds.
    """
    pair = person.pair
    pair.mapping("contact", CREATES)
    night(pair, "full")
    pair.servers.salesforce.clock.advance(3600)
    person.in_salesforce(IsDeleted=True)
    day = pair.servers.salesforce.clock.now().date().isoformat()
    person.in_hubspot(jobtitle="Director")
    pair.servers.salesforce.clock.advance(120)
    night(pair, wish)
    return day


@pytest.mark.slow_but("full")
@BOTH
def test_a_plan_says_when_it_was_deleted(person: Person, wish: Wish) -> None:
    day = deleted(person, wish)
    assert planned(person.pair) == [f"deleted:salesforce,{day}"]
    plan = make_plan(person.pair.workspace, to=person.pair.plan_file)
    text = plan_text(plan.header, plan.lines, "en", 5)
    assert "It was deleted in Salesforce on" in text
    assert "1 record not created in Salesforce: There was a record and it is gone" in text


@pytest.mark.slow
@BOTH
def test_every_plan_says_it_though_nothing_else_has_changed(person: Person, wish: Wish) -> None:
    """And the nights are as quiet as before: there is nothing to write."""
    pair = person.pair
    pair.mapping("contact", CREATES)
    night(pair, "full")
    assert planned(pair) == []
    pair.servers.salesforce.clock.advance(3600)
    person.in_salesforce(IsDeleted=True)
    day = pair.servers.salesforce.clock.now().date().isoformat()
    pair.servers.salesforce.clock.advance(120)
    state = pair.state()
    pair.forget_requests()
    for _night in range(2):
        night(pair, wish)
        assert planned(pair) == [f"deleted:salesforce,{day}"]
    pair.watch.moment = max(pair.watch.moment, pair.servers.salesforce.clock.now())
    synced = pair.sync(Permission({"shrunken": 1}))
    assert is_quiet(synced.plan)
    assert synced.applied is None
    assert (pair.writes(), pair.state()) == ([], state)
    undelete(pair.servers.salesforce, person.salesforce)
    night(pair, wish)
    assert planned(pair) == []


@pytest.mark.slow
def test_nothing_is_said_where_none_may_be_created(person: Person) -> None:
    pair = person.pair
    person.in_salesforce(IsDeleted=True)
    night(pair, "full")
    assert planned(pair) == []


@pytest.mark.slow_but("full")
@BOTH
def test_explain_and_links_say_so_too(person: Person, wish: Wish) -> None:
    day = deleted(person, wish)
    workspace = person.pair.workspace
    (found,) = find_customers(workspace, person.key)
    text = explain_text(found.view, Telling("en"))
    assert f"Salesforce Contact {person.salesforce}: deleted on" in text
    (together,) = links_of(workspace, person.key)
    assert "deleted on" in links_text([together])
    records = {each["record"]: each["gone"] for each in links_json([together])[0]["records"]}
    assert records[f"hubspot/contacts/{person.hubspot}"] is None
    gone = records[f"salesforce/Contact/{person.salesforce}"]
    assert gone is not None
    assert (gone["at"][:10], gone["why"], gone["into"]) == (day, "deleted", None)


@pytest.mark.slow
def test_it_is_still_known_when_salesforce_has_forgotten(person: Person) -> None:
    """Salesforce tells of a deletion for 15 days; what it told once is kept."""
    day = deleted(person, "full")
    clock = person.pair.servers.salesforce.clock
    empty_bin(person.pair.servers.salesforce)
    clock.advance(40 * 86_400)
    night(person.pair, "full")
    assert planned(person.pair) == [f"deleted:salesforce,{day}"]


@pytest.mark.slow
def test_of_a_record_that_nobody_told_of_it_is_only_known_that_it_is_gone(person: Person) -> None:
    pair = person.pair
    pair.mapping("contact", CREATES)
    night(pair, "full")
    person.in_salesforce(IsDeleted=True)
    empty_bin(pair.servers.salesforce)
    person.in_hubspot(jobtitle="Director")
    night(pair, "full")
    assert planned(pair) == ["gone"]
    (found,) = find_customers(pair.workspace, person.key)
    assert "not there when last read" in explain_text(found.view, Telling("en"))


@pytest.mark.slow
@BOTH
def test_what_was_undeleted_has_its_link_and_its_base_again(person: Person, wish: Wish) -> None:
    """What was edited meanwhile elsewhere is an edit, and nothing is planned twice."""
    pair = person.pair
    base = person.base
    deleted(person, wish)
    assert planned(pair)
    undelete(pair.servers.salesforce, person.salesforce)
    night(pair, wish)
    assert person.base == base
    plan = make_plan(pair.workspace, to=pair.plan_file)
    assert not [line for line in plan.lines if isinstance(line, Held | LinkLine)]
    assert cells(plan) == {("salesforce", "job_title", "Director")}
    pair.apply()
    assert person.at_salesforce("Title") == "Director"
    (together,) = links_of(pair.workspace, person.key)
    assert not together.absent


@pytest.mark.slow
def test_a_loser_whose_winner_nobody_knows_is_told_as_merged(pair: Pair) -> None:
    """Its winner was deleted as well, so the link leads nowhere."""
    from crmsync.sandbox.salesforce.becoming import merge_records

    pair.mapping("contact", CREATES)
    ana = met(pair, "Ana")
    pair.night()
    night(pair, "full")
    world = pair.servers.salesforce
    other = pair.salesforce("Contact", LastName="Ruiz")
    merge_records(world, {"object": "Contact", "winner": other, "losers": [ana[0]]})
    pair.salesforce("Contact", other, IsDeleted=True)
    pair.hubspot("contacts", ana[1], jobtitle="Director")
    night(pair, "changes")
    (reason,) = planned(pair)
    assert reason.startswith("merged_away:salesforce,")
    assert reason.endswith(other)


def test_who_was_merged_in_hubspot_is_told_as_merged_and_not_as_deleted(pair: Pair) -> None:
    """A merge of two customers is followed for neither, and HubSpot tells of no day on which it was."""
    from crmsync.sandbox.hubspot.rehearsing import portal_commands

    ana, eva = met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    night(pair, "full")
    world = pair.servers.hubspot
    asked = {"object": "contacts", "winner": ana[1], "losers": [eva[1]]}
    left = portal_commands(world)["merge"](world.tables, asked)["id"]
    pair.salesforce("Contact", eva[0], Title="Director")
    night(pair, "full")
    plan = make_plan(pair.workspace, to=pair.plan_file)
    (reason,) = (line.reason for line in plan.lines if isinstance(line, Held) and line.key)
    assert reason == f"merged_away:hubspot,,{left}"
    told = plan_text(plan.header, plan.lines, "en", samples=20)
    assert f"It was merged in HubSpot into {left};" in told
    assert "It was merged into another record;" in told
    assert "deleted" not in told
