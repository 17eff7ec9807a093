"""What was merged in HubSpot: told with the changes, by the survivor, whichever id it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.moving_portals import Desk, desk
from connectors.rigs import hubspot_connector, hubspot_settings
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.testing.proxy import rewrites
from crmsync.testing.rig import update

KEPT = pytest.mark.parametrize("keeps", [False, True])


@pytest.fixture
def portal() -> Iterator[Desk]:
    with desk() as made:
        yield made


def merged(portal: Desk, primary: str, other: str, object_: str = "contacts") -> str:
    return merge(portal.world.portal, OBJECTS[object_], primary, other)


def settled(portal: Desk, *names: str) -> tuple[list[str], str]:
    """Contacts of a while ago, and a cursor of after that."""
    ids = [portal.put(lastname=each, email=f"{each}@people.example") for each in names]
    portal.later()
    since = portal.cursor()
    portal.later()
    return ids, since


@KEPT
@pytest.mark.parametrize("archived", [False, True])
def test_the_survivor_lives_and_the_others_say_into_whom_they_went(
    portal: Desk, keeps: bool, archived: bool
) -> None:
    portal.world.switches.merge_keeps_primary = keeps
    portal.world.switches.merged_are_archived = archived
    (one, other), since = settled(portal, "a", "b")
    survivor = merged(portal, one, other)
    assert (survivor == one) == keeps
    live, gone, _cursor = portal.told(since, "lastname", "hs_additional_emails")
    assert set(live) == {survivor}
    assert live[survivor]["hs_additional_emails"] == "b@people.example"
    olds = {other} if keeps else {one, other}
    assert {id_: (row["why"], row["into"]) for id_, row in gone.items()} == dict.fromkeys(
        olds, ("merged", survivor)
    )
    assert all(row["at"] > since for row in gone.values())


@KEPT
def test_chains_of_merges_lead_to_the_last_survivor(portal: Desk, keeps: bool) -> None:
    portal.world.switches.merge_keeps_primary = keeps
    (one, other, third), since = settled(portal, "a", "b", "c")
    first = merged(portal, one, other)
    last = merged(portal, third, first)
    live, gone, _cursor = portal.told(since)
    assert set(live) == {last}
    assert {row["into"] for row in gone.values()} == {last}
    assert set(gone) == {one, other, first, third} - {last}


@KEPT
def test_companies_merge_like_contacts(portal: Desk, keeps: bool) -> None:
    """They have no property that says when."""
    portal.world.switches.merge_keeps_primary = keeps
    one, other = (portal.put("companies", name=each) for each in "ab")
    portal.later()
    since = portal.cursor("companies")
    portal.later()
    survivor = merged(portal, one, other, "companies")
    live, gone, _cursor = portal.told(since, "name", object_="companies")
    assert set(live) == {survivor}
    assert gone[other] == {"id": other, "at": None, "why": "merged", "into": survivor}


def test_a_merged_id_that_search_still_finds_is_read_as_its_survivor(portal: Desk) -> None:
    (one, other), since = settled(portal, "a", "b")
    portal.world.switches.search_lag = 20
    portal.put(id_=other, jobtitle="Director")
    portal.later(21)
    survivor = merged(portal, one, other)
    live, gone, _cursor = portal.told(since)
    assert set(live) == {survivor}
    assert gone[other]["into"] == survivor


def test_a_property_of_the_survivor_that_was_not_asked_is_in_no_row(portal: Desk) -> None:
    (one, other), since = settled(portal, "a", "b")
    survivor = merged(portal, one, other)
    live, _gone, _cursor = portal.told(since, "lastname")
    assert set(live[survivor]) == {"_id", "_created_at", "_modified_at", "lastname"}


def test_ids_of_few_digits_and_of_twelve_merge_into_each_other(portal: Desk) -> None:
    small = portal.put(id_="101", lastname="Small", email="s@people.example")
    (large,), since = settled(portal, "a")
    survivor = merged(portal, small, large)
    live, gone, _cursor = portal.told(since)
    assert (set(live), set(gone)) == ({survivor}, {small, large})


def test_a_contact_of_three_addresses_is_one_record(portal: Desk) -> None:
    (one, other, third), since = settled(portal, "a", "b", "c")
    last = merged(portal, merged(portal, one, other), third)
    fields = ["email", "hs_additional_emails"]
    [row] = [row for batch in portal.opens().read("contacts", fields) for row in batch.to_pylist()]
    assert row["_id"] == last
    assert row["email"] == "a@people.example"
    assert set(row["hs_additional_emails"].split(";")) == {"b@people.example", "c@people.example"}
    live, _gone, _cursor = portal.told(since, *fields)
    assert live[last] == row


@KEPT
def test_who_was_merged_makes_nobody_else_of_the_batch_look_gone(portal: Desk, keeps: bool) -> None:
    """An answer that leaves somebody out is no word about them, whoever else in it was merged."""
    portal.world.switches.merge_keeps_primary = keeps
    ids = [portal.put(lastname=each) for each in "abcd"]
    merged(portal, ids[3], ids[1])
    connector = portal.opens()
    connector.schema("contacts")

    def without_c(page: Any) -> Any:
        return {**page, "results": [one for one in page["results"] if one["id"] != ids[2]]}

    portal.proxy.only, portal.proxy.faults = "batch/read", [rewrites(without_c)]
    found = connector.get("contacts", ids[:3], ["lastname"])
    assert {one: cells["lastname"] for one, cells in found.items()} == {ids[0]: "a", ids[2]: "c"}
    assert portal.proxy.count("batch/read") == 2


@KEPT
def test_a_tie_to_who_was_merged_a_moment_ago_says_whom_it_is_to(portal: Desk, keeps: bool) -> None:
    """Its end is known: nobody has to look it up, and the next plan ties to the survivor."""
    portal.world.switches.merge_keeps_primary = keeps
    person = portal.put(lastname="a")
    one, other = (portal.put("companies", name=each) for each in "ab")
    survivor = merged(portal, one, other, "companies")
    settings, now = hubspot_settings(portal.sandbox, portal.proxy), portal.world.clock.now()
    writer = hubspot_connector(settings, [], now, writes=True)
    tie = "associations.companies.primary"
    [end] = writer.write("contacts", [update(person, {tie: other})])
    writer.close()
    assert (end.outcome, end.fields) == ("refused", (tie,))
    assert end.message == f"{other} was merged: the tie is to {survivor} now"
