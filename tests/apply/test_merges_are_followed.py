"""Two records that people merge: the link goes along, and nobody is moved to another customer silently."""

from __future__ import annotations

from typing import Any

import pytest

from apply.pairs import Pair, Person, cells, key_of, met
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.commands.planfile import Plan
from crmsync.core.planning import AliasLine, Held, Settle
from crmsync.sandbox.hubspot.records import archive

SURVIVOR = "900000000001"


def merge(pair: Pair, *olds: str, into: str = SURVIVOR, **values: Any) -> str:
    """What HubSpot does: a record with the values of the first, which lists the merged ids; they are gone."""
    first = pair.of_hubspot("contacts", olds[0])
    kept = {
        name: first.get(name)
        for name in ("firstname", "lastname", "email", "phone", "jobtitle", "hubspot_owner_id")
    }
    listed = ";".join(each for each in olds if each != into)
    for old in olds:
        if old != into:
            archive(pair.servers.hubspot.portal, "contacts", old)
    pair.hubspot("contacts", into, **{**kept, "hs_merged_object_ids": listed, **values})
    return into


def aliases(plan: Plan) -> list[tuple[str, str]]:
    return [(line.old, line.new) for line in plan.lines if isinstance(line, AliasLine)]


def asked(plan: Plan) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (line.reason, line.refs) for line in plan.lines if isinstance(line, Held) and not line.key
    ]


def links(pair: Pair, key: str) -> list[str]:
    with pair.workspace.store() as store:
        return [ref.id for ref in store.links_of("contact", [key])[key]]


def test_a_link_follows_a_merge_and_nothing_is_created_or_deleted(person: Person) -> None:
    pair = person.pair
    other = pair.hubspot("contacts", firstname="Ana", lastname="Ruiz", email="ana2@people.example")
    merge(pair, person.hubspot, other)
    plan = pair.plan()
    assert aliases(plan) == [(person.hubspot, SURVIVOR)]
    assert not is_quiet(plan)
    assert not changes_of(plan)
    assert not [line for line in plan.lines if isinstance(line, Held)]
    before = person.base
    pair.apply()
    assert links(pair, person.key) == [SURVIVOR, person.salesforce]
    assert person.base == before
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_the_base_stays_so_an_edit_of_the_survivor_is_an_edit(person: Person) -> None:
    """Not a first meeting: only what changed in HubSpot goes over, and what changed in Salesforce comes back."""
    merge(person.pair, person.hubspot, jobtitle="Director")
    person.in_salesforce(Phone="+34912222222")
    plan = person.pair.plan()
    assert cells(plan) == {
        ("salesforce", "job_title", "Director"),
        ("hubspot", "phone", "+34912222222"),
    }
    (change,) = (each for each in changes_of(plan) if each.system == "hubspot")
    assert change.native_id == SURVIVOR
    person.pair.apply()
    assert person.at_salesforce("Title") == "Director"
    assert person.pair.of_hubspot("contacts", SURVIVOR)["phone"] == "+34912222222"


@pytest.mark.slow
def test_a_second_merge_is_followed_from_where_the_first_led(person: Person) -> None:
    pair = person.pair
    merge(pair, person.hubspot)
    pair.night()
    merge(pair, SURVIVOR, into="900000000002")
    plan = pair.plan()
    assert aliases(plan) == [(SURVIVOR, "900000000002")]
    pair.apply()
    assert links(pair, person.key) == ["900000000002", person.salesforce]
    with pair.workspace.store() as store:
        known = {
            each.old.id: each.new_id
            for each in store.aliases_of("contact", [person.key])[person.key]
        }
    assert known == {person.hubspot: SURVIVOR, SURVIVOR: "900000000002"}


@pytest.mark.slow
def test_a_portal_that_keeps_the_first_id_is_followed_too(person: Person) -> None:
    pair = person.pair
    other = pair.hubspot("contacts", firstname="Ana", lastname="Ruiz", email="ana2@people.example")
    merge(pair, person.hubspot, other, into=person.hubspot)
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_two_customers_merged_in_one_system_are_named_and_left_where_they_are(pair: Pair) -> None:
    ana, eva = met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    state = pair.state()
    merge(pair, ana[1], eva[1])
    plan = pair.plan()
    refs = (
        f"hubspot/contacts/{SURVIVOR}",
        *(f"salesforce/Contact/{id_}" for id_ in sorted((ana[0], eva[0]))),
    )
    assert [each for each in asked(plan) if each[0] == "needs_merge"] == [("needs_merge", refs)]
    assert not [line for line in plan.lines if isinstance(line, Held) and line.key]
    assert plan.header.counts["ambiguous"] >= 1
    assert aliases(plan) == []
    assert not changes_of(plan)
    assert not [line for line in plan.lines if isinstance(line, Settle)]
    assert pair.state() == state


@pytest.mark.slow
def test_a_merge_into_a_customer_who_is_there_needs_one_elsewhere_too(pair: Pair) -> None:
    ana, eva = met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    merge(pair, ana[1], eva[1], into=ana[1])
    plan = pair.plan()
    refs = (
        f"hubspot/contacts/{ana[1]}",
        *(f"salesforce/Contact/{id_}" for id_ in sorted((ana[0], eva[0]))),
    )
    assert [each for each in asked(plan) if each[0] == "needs_merge"] == [("needs_merge", refs)]
    assert not [line for line in plan.lines if isinstance(line, Held) and line.key]
    assert links(pair, key_of(pair, "contact", eva[0])) == [eva[1], eva[0]]


@pytest.mark.slow
def test_a_record_that_is_there_again_is_not_taken_for_merged(person: Person) -> None:
    """The id is listed by another record, and the record is there all the same."""
    person.pair.hubspot(
        "contacts", SURVIVOR, email="otra@people.example", hs_merged_object_ids=person.hubspot
    )
    plan = person.pair.plan()
    assert aliases(plan) == []
    assert links(person.pair, person.key) == [person.hubspot, person.salesforce]


@pytest.mark.slow
def test_a_record_that_is_gone_and_was_not_merged_stays_gone(person: Person) -> None:
    archive(person.pair.servers.hubspot.portal, "contacts", person.hubspot)
    person.in_salesforce(Title="Director")
    plan = person.pair.plan()
    assert aliases(plan) == []
    (reason,) = [line.reason for line in plan.lines if isinstance(line, Held)]
    assert reason.startswith("deleted:hubspot,")


@pytest.mark.slow
def test_an_apply_that_is_done_again_says_the_same(person: Person) -> None:
    """A process that dies after links were kept carries the plan out again."""
    pair = person.pair
    merge(pair, person.hubspot, jobtitle="Director")
    pair.plan()

    def die(point: str) -> None:
        if point == "after links and agreement were kept":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pair.apply(at=die)
    pair.resume()
    assert person.at_salesforce("Title") == "Director"
    assert links(pair, person.key) == [SURVIVOR, person.salesforce]
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_nothing_is_created_where_a_broken_native_link_says_something_was(
    person: Person,
) -> None:
    pair = person.pair
    old, new = (
        "object: Contact, create: never",
        "object: Contact, create: {when: {last_name: present}}",
    )
    pair.mapping("contact", (old, new))
    pair.hubspot(
        "contacts",
        lastname="Gil",
        email="gil@people.example",
        salesforcecontactid="0037sD00000009zABA",
    )
    pair.hubspot("contacts", lastname="Paz", email="paz@people.example")
    plan = pair.plan()
    created = [change for change in changes_of(plan) if change.action == "create"]
    assert [{c.field: c.after for c in each.cells}["last_name"] for each in created] == ["Paz"]
    assert [line.reason for line in plan.lines if isinstance(line, Held)] == ["gone"]


@pytest.mark.slow
def test_a_crossed_native_link_is_held_in_the_plan_and_links_nobody(person: Person) -> None:
    pair = person.pair
    luis = pair.salesforce("Contact", LastName="Gil", Email="luis@people.example")
    person.in_hubspot(salesforcecontactid=luis)
    plan = pair.plan()
    refs = tuple(
        sorted(
            (
                f"hubspot/contacts/{person.hubspot}",
                f"salesforce/Contact/{person.salesforce}",
                f"salesforce/Contact/{luis}",
            )
        )
    )
    assert asked(plan) == [("crossed", refs)]
    assert not changes_of(plan)


def test_a_portal_without_the_native_connector_is_told_once_and_is_no_error(pair: Pair) -> None:
    from crmsync.commands.pull import pull

    told: list[str] = []
    assert pull(pair.workspace, tell=told.append).complete
    (note,) = (each for each in told if "native connector" in each)
    assert "deals.hs_salesforceopportunityid" in note


@pytest.mark.slow
def test_a_native_link_that_is_no_longer_shown_is_reported(person: Person) -> None:
    from crmsync.commands.pull import pull

    pair = person.pair
    pair.pull()
    portal = pair.servers.hubspot.portal
    whole = portal.definitions("contacts")["salesforcecontactid"]
    portal.save_definition("contacts", {**whole, "archived": True})
    assert "hubspot contacts.salesforcecontactid" in pull(pair.workspace).vanished
