"""Calls, e-mails, meetings, notes and tasks are objects of the simulated portal, as on the platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import CONTACTS, Served, serving

OBJECTS = "/crm/v3/objects"
NOON = "2026-03-02T12:00:00Z"
KINDS: dict[str, dict[str, Any]] = {
    "calls": {"hs_call_title": "Demo", "hs_call_direction": "OUTBOUND"},
    "emails": {"hs_email_subject": "Demo", "hs_email_direction": "EMAIL"},
    "meetings": {"hs_meeting_title": "Demo", "hs_meeting_outcome": "COMPLETED"},
    "notes": {"hs_note_body": "Demo"},
    "tasks": {"hs_task_subject": "Demo"},
}
# From the activity to a contact: developers.hubspot.com, association type ids (read 2026-11).
TO_CONTACT = {"calls": 194, "emails": 198, "meetings": 200, "notes": 202, "tasks": 204}


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


@pytest.fixture
def ana(portal: Served) -> str:
    return portal.world.put("contacts", {"email": "ana@acme.example"})


def log(portal: Served, kind: str, contact: str = "", **values: Any) -> dict[str, Any]:
    """The answer to the creation of an activity, tied to a contact if one is given."""
    types = [
        {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TO_CONTACT[kind]},
    ]
    body: dict[str, Any] = {"properties": {"hs_timestamp": NOON, **KINDS[kind], **values}}
    if contact:
        body["associations"] = [{"to": {"id": contact}, "types": types}]
    made: dict[str, Any] = portal.post(f"{OBJECTS}/{kind}", body, 201)
    return made


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_activity_is_made_listed_read_found_changed_and_archived(
    portal: Served, kind: str
) -> None:
    made = log(portal, kind)
    path, names = f"{OBJECTS}/{kind}", ",".join(KINDS[kind])
    assert made["createdAt"] == made["properties"]["hs_createdate"] == NOON
    assert [one["id"] for one in portal.get(path)["results"]] == [made["id"]]
    read = portal.post(f"{path}/batch/read", {"inputs": [{"id": made["id"]}]})["results"]
    assert set(read[0]["properties"]) == {"hs_createdate", "hs_lastmodifieddate", "hs_object_id"}
    assert portal.get(f"{path}/{made['id']}", properties=names)["properties"].items() >= (
        KINDS[kind].items()
    )
    (found,) = portal.post(f"{path}/search", {"query": "demo"})["results"]
    assert found["id"] == made["id"]
    portal.world.clock.advance(60)
    changed = portal.patch(f"{path}/{made['id']}", {"hs_timestamp": "2026-03-01T09:00:00Z"})
    assert changed["updatedAt"] == "2026-03-02T12:01:00Z"
    portal.call("DELETE", f"{path}/{made['id']}", 204)
    portal.call("GET", f"{path}/{made['id']}", 404)


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_activity_needs_to_say_when_it_was(portal: Served, kind: str) -> None:
    refused = portal.post(f"{OBJECTS}/{kind}", {"properties": KINDS[kind]}, 400)
    assert refused["context"] == {"properties": ["hs_timestamp"]}


def test_an_email_needs_a_direction(portal: Served) -> None:
    refused = portal.post(f"{OBJECTS}/emails", {"properties": {"hs_timestamp": NOON}}, 400)
    assert refused["context"] == {"properties": ["hs_email_direction"]}


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("calls", "hs_call_direction", "OUT"),
        ("calls", "hs_call_disposition", "Connected"),
        ("calls", "hs_call_status", "DONE"),
        ("emails", "hs_email_direction", "INBOUND"),
        ("meetings", "hs_meeting_outcome", "Completed"),
        ("tasks", "hs_task_status", "DONE"),
    ],
)
def test_an_outcome_is_one_of_those_there_are(
    portal: Served, kind: str, name: str, value: str
) -> None:
    values = {"hs_timestamp": NOON, **KINDS[kind], name: value}
    refused = portal.post(f"{OBJECTS}/{kind}", {"properties": values}, 400)
    assert refused["errors"][0]["code"] == "INVALID_OPTION"


def test_the_outcomes_of_calls_are_told_and_taken(portal: Served) -> None:
    told = {one["label"]: one["id"] for one in portal.get("/calling/v1/dispositions")}
    made = log(portal, "calls", hs_call_disposition=told["Connected"])
    assert made["properties"]["hs_call_disposition"] == "f240bbac-87c9-4f6e-bf70-924b57d47db7"


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_activity_is_tied_both_ways_by_its_own_types(
    portal: Served, ana: str, kind: str
) -> None:
    made = log(portal, kind, ana)
    body = portal.get(f"/crm/v4/objects/{kind}/{made['id']}/associations/contacts")
    assert body["results"] == [
        {
            "toObjectId": int(ana),
            "associationTypes": [
                {"category": "HUBSPOT_DEFINED", "typeId": TO_CONTACT[kind], "label": None}
            ],
        }
    ]
    listed = portal.get(f"{CONTACTS}/{ana}", associations=kind)["associations"][kind]["results"]
    assert listed == [{"id": made["id"], "type": f"contact_to_{kind[:-1]}"}]


def test_the_type_of_the_other_direction_is_refused(portal: Served, ana: str) -> None:
    body = {
        "properties": {"hs_timestamp": NOON, "hs_note_body": "x"},
        "associations": [
            {
                "to": {"id": ana},
                "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 201}],
            }
        ],
    }
    refused = portal.post(f"{OBJECTS}/notes", body, 400)
    assert "invalid from object type 0-46" in refused["message"]


def test_two_activities_cannot_be_tied(portal: Served) -> None:
    note, task = log(portal, "notes")["id"], log(portal, "tasks")["id"]
    ties = f"/crm/v4/objects/notes/{note}/associations"
    refused = portal.call("PUT", f"{ties}/default/tasks/{task}", 400)
    assert "between 0-46 and 0-27" in refused["message"]


def test_a_person_knows_how_many_activities_there_were_and_the_last(
    portal: Served, ana: str
) -> None:
    portal.world.clock.advance(3600)
    log(portal, "notes", ana)
    names = ("num_notes", "num_contacted_notes", "notes_last_updated", "notes_last_contacted")
    told = portal.contact(ana, *names)
    assert [told[name] for name in names] == ["1", "0", NOON, None]
    call = log(portal, "calls", ana, hs_timestamp="2026-03-02T12:30:00Z")
    told = portal.contact(ana, *names, "lastmodifieddate")
    assert [told[name] for name in names] == ["2", "1", *["2026-03-02T12:30:00Z"] * 2]
    assert told["lastmodifieddate"] == "2026-03-02T13:00:00Z"
    portal.patch(f"{OBJECTS}/calls/{call['id']}", {"hs_timestamp": "2026-03-01T12:30:00Z"})
    assert portal.contact(ana, *names)["notes_last_contacted"] == "2026-03-01T12:30:00Z"
    portal.call("DELETE", f"{OBJECTS}/calls/{call['id']}", 204)
    told = portal.contact(ana, *names)
    assert [told[name] for name in names] == ["1", "0", NOON, None]


def test_what_is_still_to_come_was_not_yet(portal: Served, ana: str) -> None:
    log(portal, "meetings", ana, hs_timestamp="2026-03-02T11:00:00.500Z")
    log(portal, "meetings", ana, hs_timestamp="2026-03-02T11:00:00Z")
    log(
        portal, "meetings", ana, hs_timestamp="2026-03-09T12:00:00Z", hs_meeting_outcome="SCHEDULED"
    )
    told = portal.contact(ana, "num_notes", "notes_last_contacted")
    assert (told["num_notes"], told["notes_last_contacted"]) == ("3", "2026-03-02T11:00:00.500Z")


def test_a_task_is_done_when_its_status_says_so(portal: Served) -> None:
    made = log(portal, "tasks", hs_timestamp="2026-03-01T12:00:00Z")
    assert made["properties"]["hs_task_status"] == "NOT_STARTED"
    assert made["properties"]["hs_task_is_overdue"] == "true"
    path = f"{OBJECTS}/tasks/{made['id']}"
    portal.patch(path, {"hs_task_status": "COMPLETED"})
    names = "hs_task_is_completed,hs_task_completion_date,hs_task_is_overdue"
    assert portal.get(path, properties=names)["properties"].items() >= {
        ("hs_task_is_completed", "1"),
        ("hs_task_completion_date", NOON),
        ("hs_task_is_overdue", "false"),
    }


def test_an_email_tells_its_people_from_its_headers(portal: Served) -> None:
    headers = '{"from": {"email": "a@acme.example"}, "to": [{"email": "b@uno.example"}]}'
    told = log(portal, "emails", hs_email_headers=headers)["properties"]
    assert told["hs_email_from_email"] == "a@acme.example"
    assert told["hs_email_to_email"] == "b@uno.example"
    assert log(portal, "emails", hs_email_headers="no JSON")["properties"]["hs_object_id"]


def test_a_meeting_without_start_starts_at_its_timestamp(portal: Served) -> None:
    assert log(portal, "meetings")["properties"]["hs_meeting_start_time"] == NOON
