"""Lists of the simulated portal and who is in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import Served, serving

LISTS = "/crm/v3/lists"


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def made(portal: Served, name: str, kind: str = "MANUAL", **more: Any) -> str:
    body = {"name": name, "objectTypeId": "0-1", "processingType": kind, **more}
    id_: str = portal.post(LISTS, body)["list"]["listId"]
    return id_


def put(portal: Served, path: str, body: Any, expected: int = 200) -> Any:
    return portal.call("PUT", f"{LISTS}/{path}", expected, json=body)


def people(portal: Served, count: int) -> list[str]:
    return [portal.world.put("contacts", {"lastname": f"P{at}"}) for at in range(count)]


def test_a_list_is_found_by_number_by_name_and_by_search(portal: Served) -> None:
    id_ = made(portal, "Friends")
    made(portal, "Everybody", "DYNAMIC")
    assert portal.get(f"{LISTS}/{id_}")["list"]["name"] == "Friends"
    assert portal.get(f"{LISTS}/object-type-id/0-1/name/friends")["list"]["listId"] == id_
    found = portal.post(f"{LISTS}/search", {"query": "friend"})
    assert (found["total"], found["offset"], found["hasMore"]) == (1, 1, False)
    only = portal.post(f"{LISTS}/search", {"processingTypes": ["DYNAMIC"]})["lists"]
    assert [one["name"] for one in only] == ["Everybody"]
    first = portal.post(f"{LISTS}/search", {"count": 1})
    assert (first["total"], first["offset"], first["hasMore"]) == (2, 1, True)
    assert [one["listId"] for one in portal.get(LISTS, listIds=id_)["lists"]] == [id_]
    portal.call("GET", f"{LISTS}/99", 404)


def test_what_is_counted_is_told_as_text_when_asked_for(portal: Served) -> None:
    id_ = made(portal, "Friends")
    put(portal, f"{id_}/memberships/add", people(portal, 2))
    asked = {"additionalProperties": ["hs_list_size", "hs_last_record_added_at"]}
    (one,) = portal.post(f"{LISTS}/search", asked)["lists"]
    assert one["additionalProperties"] == {
        "hs_list_size": "2",
        "hs_last_record_added_at": "1772452800000",
    }


def test_members_come_by_id_or_as_they_joined_in_pages(portal: Served) -> None:
    id_, ids = made(portal, "Friends"), people(portal, 3)
    for one in reversed(ids):
        portal.world.clock.advance(1)
        put(portal, f"{id_}/memberships/add", [one])
    path = f"{LISTS}/{id_}/memberships"
    first = portal.get(path, limit="2")
    rest = portal.get(path, limit="2", after=first["paging"]["next"]["after"])
    assert [one["recordId"] for one in first["results"] + rest["results"]] == ids
    assert ("paging" in rest, rest["total"]) == (False, 3)
    joined = portal.get(f"{path}/join-order")["results"]
    assert [one["recordId"] for one in joined] == ids[::-1]
    assert joined[0]["membershipTimestamp"] == "2026-03-02T12:00:01Z"
    portal.call("GET", f"{path}?limit=251", 400)


def test_who_is_unknown_or_there_already_is_ignored(portal: Served) -> None:
    id_, (one, other) = made(portal, "Friends"), people(portal, 2)
    told = put(portal, f"{id_}/memberships/add", [one, "5"])
    assert told == {"recordsIdsAdded": [one], "recordIdsRemoved": [], "recordIdsMissing": ["5"]}
    assert put(portal, f"{id_}/memberships/add", [one])["recordsIdsAdded"] == []
    body = {"recordIdsToAdd": [other], "recordIdsToRemove": [one, "5"]}
    told = put(portal, f"{id_}/memberships/add-and-remove", body)
    assert (told["recordsIdsAdded"], told["recordIdsRemoved"]) == ([other], [one])
    assert put(portal, f"{id_}/memberships/remove", [other])["recordIdsRemoved"] == [other]
    put(portal, f"{id_}/memberships/add", {"ids": [one]}, 400)


def test_the_members_of_a_dynamic_list_are_not_written(portal: Served) -> None:
    id_ = made(portal, "Everybody", "DYNAMIC")
    refused = put(portal, f"{id_}/memberships/add", people(portal, 1), 400)
    assert "DYNAMIC list" in refused["message"]
    refused = portal.call("DELETE", f"{LISTS}/{id_}/memberships", 400)
    assert "DYNAMIC list" in refused["message"]


def test_a_record_knows_its_lists(portal: Served) -> None:
    id_, (one,) = made(portal, "Friends"), people(portal, 1)
    put(portal, f"{id_}/memberships/add", [one])
    path = f"{LISTS}/records/0-1/{one}/memberships"
    (told,) = portal.get(path)["results"]
    assert told["listId"] == id_
    portal.call("DELETE", f"{LISTS}/{id_}/memberships", 204)
    assert portal.get(path)["results"] == []


def test_a_deleted_list_can_be_restored(portal: Served) -> None:
    id_ = made(portal, "Friends")
    portal.call("DELETE", f"{LISTS}/{id_}", 204)
    portal.call("GET", f"{LISTS}/{id_}", 404)
    put(portal, f"{id_}/restore", None, 204)
    assert portal.get(f"{LISTS}/{id_}")["list"]["name"] == "Friends"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "['name']"),
        ({"processingType": "STATIC"}, "STATIC"),
        ({"objectTypeId": "0-9999"}, "0-9999"),
        ({}, "'friends' already exists"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(
    portal: Served, more: dict[str, str], words: str
) -> None:
    made(portal, "Friends")
    body = {"name": "friends", "objectTypeId": "0-1", "processingType": "MANUAL"}
    assert words in portal.post(LISTS, body | more, 400)["message"]
    assert portal.post(f"{LISTS}/search", {})["total"] == 1


def test_archived_members_are_not_told(portal: Served) -> None:
    id_, (one, other) = made(portal, "Friends"), people(portal, 2)
    put(portal, f"{id_}/memberships/add", [one, other])
    portal.call("DELETE", f"/crm/v3/objects/contacts/{one}", 204)
    assert [each["recordId"] for each in portal.get(f"{LISTS}/{id_}/memberships")["results"]] == [
        other
    ]


def test_filters_come_only_when_asked_for(portal: Served) -> None:
    id_ = made(portal, "Big", "DYNAMIC", filterBranch={"filterBranchType": "OR"})
    assert "filterBranch" not in portal.get(f"{LISTS}/{id_}")["list"]
    told = portal.get(f"{LISTS}/{id_}", includeFilters="true")["list"]
    assert told["filterBranch"] == {"filterBranchType": "OR"}


def test_dated_paths_of_lists_are_the_same(portal: Served) -> None:
    id_ = made(portal, "Friends")
    assert portal.get(f"/crm/lists/2026-03/{id_}") == portal.get(f"{LISTS}/{id_}")
