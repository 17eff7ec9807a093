"""What was merged in HubSpot: told with the changes, by the survivor, whichever id it has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.moving_portals import Desk, desk
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS

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
