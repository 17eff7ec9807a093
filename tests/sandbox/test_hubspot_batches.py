"""Batches of the simulated portal: 100 records, partial answers, and all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, Served, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


READ, CREATE = f"{CONTACTS}/batch/read", f"{CONTACTS}/batch/create"
UPDATE, UPSERT = f"{CONTACTS}/batch/update", f"{CONTACTS}/batch/upsert"


def put(portal: Served, name: str, **more: Any) -> str:
    return portal.world.put("contacts", {"email": f"{name}@example.com", **more})


def create(*names: str, traced: bool = False) -> dict[str, Any]:
    inputs: list[dict[str, Any]] = [
        {"properties": {"email": f"{name}@example.com"}} for name in names
    ]
    for place, one in enumerate(inputs if traced else ()):
        one["objectWriteTraceId"] = str(place)
    return {"inputs": inputs}


def emails(portal: Served) -> list[str]:
    return [one["properties"]["email"] for one in portal.get(CONTACTS)["results"]]


def test_a_read_finds_everybody_asked_for(portal: Served) -> None:
    ids = [put(portal, name) for name in "abc"]
    body = portal.post(READ, {"properties": ["email"], "inputs": [{"id": id_} for id_ in ids]})
    assert {one["id"] for one in body["results"]} == set(ids)
    assert body["status"] == "COMPLETE"
    assert "errors" not in body


def test_a_read_tells_all_missing_ids_in_one_error_of_a_207(portal: Served) -> None:
    id_ = put(portal, "a")
    inputs = [{"id": "7"}, {"id": id_}, {"id": "8"}]
    body = portal.post(READ, {"properties": [], "inputs": inputs}, 207)
    assert [one["id"] for one in body["results"]] == [id_]
    assert body["numErrors"] == 1
    (error,) = body["errors"]
    assert error["category"] == "OBJECT_NOT_FOUND"
    assert error["context"] == {"ids": ["7", "8"]}
    assert error["message"].startswith("Could not get some CONTACT objects")


def test_a_read_of_nobody_known_is_207_with_no_results(portal: Served) -> None:
    body = portal.post(READ, {"idProperty": "email", "inputs": [{"id": "x@example.com"}]}, 207)
    assert body["results"] == []


def test_a_read_by_email_finds_the_record(portal: Served) -> None:
    id_ = put(portal, "a")
    body = portal.post(READ, {"idProperty": "email", "inputs": [{"id": "A@example.com"}]})
    assert [one["id"] for one in body["results"]] == [id_]


def test_a_read_shows_archived_records_only_when_asked(portal: Served) -> None:
    id_ = put(portal, "a")
    portal.call("DELETE", f"{CONTACTS}/{id_}", 204)
    asked = {"inputs": [{"id": id_}]}
    portal.post(READ, asked, 207)
    assert portal.post(f"{READ}?archived=true", asked)["results"][0]["archived"] is True


def test_a_read_with_history_takes_50(portal: Served) -> None:
    inputs = [{"id": str(number)} for number in range(51)]
    body = portal.post(READ, {"propertiesWithHistory": ["email"], "inputs": inputs}, 400)
    assert "property histories is 50" in body["message"]


@pytest.mark.parametrize("path", [READ, UPDATE, UPSERT])
def test_the_same_id_twice_is_refused(portal: Served, path: str) -> None:
    id_ = put(portal, "a")
    inputs = [{"id": id_, "properties": {}}] * 2
    body = portal.post(path, {"inputs": inputs}, 400)
    assert body["message"] == (f"Duplicate IDs found in batch input: [{id_}]. IDs must be unique")
    assert body["context"] == {"ids": [id_]}


@pytest.mark.parametrize("path", [READ, CREATE, UPDATE, UPSERT, f"{CONTACTS}/batch/archive"])
def test_more_than_100_inputs_are_refused(portal: Served, path: str) -> None:
    inputs = [{"id": str(number), "properties": {}} for number in range(101)]
    body = portal.post(path, {"inputs": inputs}, 400)
    assert "supported in a batch is 100" in body["message"]


def test_a_create_answers_201(portal: Served) -> None:
    body = portal.post(CREATE, create("a", "b"), 201)
    assert {one["properties"]["email"] for one in body["results"]} == set(emails(portal))


def test_a_create_without_trace_ids_is_all_or_nothing(portal: Served) -> None:
    id_ = put(portal, "b")
    body = portal.post(CREATE, create("a", "b", "c"), 409)
    assert body["message"] == f"Contact already exists. Existing ID: {id_}"
    assert emails(portal) == ["b@example.com"]


def test_a_create_with_an_invalid_property_creates_nothing(portal: Served) -> None:
    inputs = create("a")["inputs"] + [{"properties": {"email": "nobody"}}]
    assert "INVALID_EMAIL" in portal.post(CREATE, {"inputs": inputs}, 400)["message"]
    assert emails(portal) == []


def test_a_create_with_trace_ids_creates_what_it_can(portal: Served) -> None:
    id_ = put(portal, "b")
    body = portal.post(CREATE, create("a", "b", "c", traced=True), 207)
    assert {one["objectWriteTraceId"] for one in body["results"]} == {"0", "2"}
    (error,) = body["errors"]
    assert error["category"] == "CONFLICT"
    assert error["context"] == {"objectWriteTraceId": ["1"], "existingId": [id_]}
    assert sorted(emails(portal)) == ["a@example.com", "b@example.com", "c@example.com"]


def test_one_input_without_trace_id_makes_it_all_or_nothing(portal: Served) -> None:
    put(portal, "b")
    asked = create("a", "b", traced=True)
    del asked["inputs"][0]["objectWriteTraceId"]
    portal.post(CREATE, asked, 409)
    assert emails(portal) == ["b@example.com"]


def test_an_email_twice_in_one_create_is_refused(portal: Served) -> None:
    body = portal.post(CREATE, create("a", "a"), 409)
    assert body["message"] == "Contact already exists"
    assert emails(portal) == []


def test_results_of_a_create_are_not_in_the_order_of_the_inputs(portal: Served) -> None:
    body = portal.post(CREATE, create("a", "b", "c"), 201)
    assert [one["properties"]["email"][0] for one in body["results"]] == ["c", "b", "a"]


def test_an_update_writes_what_it_finds_and_tells_what_it_does_not(portal: Served) -> None:
    id_ = put(portal, "a")
    inputs = [{"id": one, "properties": {"city": "Lima"}} for one in ("9", id_)]
    body = portal.post(UPDATE, {"inputs": inputs}, 207)
    assert [one["id"] for one in body["results"]] == [id_]
    assert body["errors"][0]["context"] == {"ids": ["9"]}
    assert portal.contact(id_, "city")["city"] == "Lima"


def test_an_update_with_one_invalid_input_writes_nothing(portal: Served) -> None:
    good, bad = put(portal, "a"), put(portal, "b")
    inputs = [
        {"id": good, "properties": {"city": "Lima"}},
        {"id": bad, "properties": {"lifecyclestage": "LEAD"}},
    ]
    portal.post(UPDATE, {"inputs": inputs}, 400)
    assert portal.contact(good, "city")["city"] is None


def test_an_upsert_by_our_key_changes_or_creates(portal: Served) -> None:
    id_ = portal.world.put("companies", {"name": "Acme", "crmsync_key": "k1"})
    inputs = [
        {"id": key, "idProperty": "crmsync_key", "properties": {"name": f"Name {key}"}}
        for key in ("k1", "k2")
    ]
    body = portal.post(f"{COMPANIES}/batch/upsert", {"inputs": inputs})
    told = {one["properties"]["crmsync_key"]: one for one in body["results"]}
    assert told["k1"]["id"] == id_
    assert (told["k1"]["new"], told["k2"]["new"]) == (False, True)
    assert told["k1"]["properties"]["name"] == "Name k1"


def test_an_upsert_by_email_finds_the_contact(portal: Served) -> None:
    id_ = put(portal, "a")
    one = {"id": "a@example.com", "idProperty": "email", "properties": {"city": "Lima"}}
    (result,) = portal.post(UPSERT, {"inputs": [one]})["results"]
    assert (result["id"], result["new"]) == (id_, False)


@pytest.mark.parametrize("name", ["domain", "name", "hs_object_id"])
def test_an_upsert_by_a_property_that_is_not_unique_is_refused(portal: Served, name: str) -> None:
    one = {"id": "acme.example", "idProperty": name, "properties": {"name": "Acme"}}
    body = portal.post(f"{COMPANIES}/batch/upsert", {"inputs": [one]}, 400)
    assert body["message"] == f"Unable to perform update/upsert by non-unique 0-2 property {name}"


def test_a_unique_value_of_somebody_else_is_refused(portal: Served) -> None:
    portal.world.put("companies", {"name": "A", "crmsync_key": "k1"})
    body = {"properties": {"name": "B", "crmsync_key": "k1"}}
    told = portal.post(COMPANIES, body, 400)
    assert told["errors"][0]["code"] == "CONFLICTING_UNIQUE_VALUE"


def test_a_batch_archive_is_204_whoever_is_there(portal: Served) -> None:
    ids = [put(portal, name) for name in "ab"]
    body = {"inputs": [{"id": id_} for id_ in (*ids, "9")]}
    assert portal.post(f"{CONTACTS}/batch/archive", body, 204) is None
    assert emails(portal) == []


@pytest.mark.parametrize("body", [{}, {"inputs": {}}, {"inputs": ["1"]}, []])
def test_malformed_inputs_are_a_400_without_category(portal: Served, body: Any) -> None:
    assert "category" not in portal.post(UPDATE, body, 400)
