"""Answers of the simulated portal have the keys and types that were recorded of the real one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hubspot_fixtures import Served, serving

RECORDED = json.loads((Path(__file__).parent / "shapes" / "hubspot.json").read_text("utf-8"))
OBJECTS = "/crm/v3/objects"
PROPERTIES = "/crm/v3/properties/contacts"
ANA = "ana@acme.example"
TYPES: dict[str, Any] = {
    "text": str,
    "number": int,
    "bool": bool,
    "object": dict,
    "list": list,
    "text or null": (str, type(None)),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def note(portal: Served) -> Any:
    owner = portal.world.put("owners", {"email": "o@acme.example"})
    values = {
        "hs_timestamp": "2026-03-12T10:00:00Z",
        "hs_note_body": "x",
        "hubspot_owner_id": owner,
    }
    return portal.post(f"{OBJECTS}/notes", {"properties": values}, 201)


def task(portal: Served) -> Any:
    values = {
        "hs_task_subject": "x",
        "hs_task_type": "TODO",
        "hs_task_priority": "MEDIUM",
        "hs_timestamp": "2024-12-31T23:59:59Z",
        "hs_task_status": "NOT_STARTED",
    }
    return portal.post(f"{OBJECTS}/tasks", {"properties": values}, 201)


def owner(portal: Served) -> Any:
    portal.world.put("owners", {"email": "o@acme.example"})
    return portal.get("/crm/v3/owners")["results"][0]


def found_lists(portal: Served) -> Any:
    body = {"name": "Test", "objectTypeId": "0-1", "processingType": "MANUAL"}
    portal.post("/crm/v3/lists", body)
    return portal.post("/crm/v3/lists/search", {"additionalProperties": ["hs_list_size"]})


def made_property(portal: Served) -> Any:
    body = {"name": "interests", "label": "Interests", "type": "enumeration"}
    body |= {"fieldType": "select", "groupName": "contactinformation"}
    portal.post(PROPERTIES, body, 201)
    return portal.call("PATCH", f"{PROPERTIES}/interests", 200, json={"label": "Of interest"})


def taken_property(portal: Served) -> Any:
    made_property(portal)
    body = {"name": "interests", "label": "x", "type": "string", "fieldType": "text"}
    inputs = {"inputs": [{**body, "groupName": "contactinformation"}]}
    return portal.post(f"{PROPERTIES}/batch/create", inputs, 207)["errors"][0]


def version(portal: Served) -> Any:
    id_ = portal.world.put("contacts", {"lastname": "R"}, source="CRM_UI/userId:51446676")
    body = portal.get(f"{OBJECTS}/contacts/{id_}", propertiesWithHistory="lastname")
    return body["propertiesWithHistory"]["lastname"][0]


def flow(portal: Served) -> Any:
    does = {"field": "lastname", "action": "upper"}
    told = {"kind": "workflow", "name": "Shout", "object": "contacts", "does": does}
    portal.post("/__control__/declare", told)
    return portal.get("/automation/v4/flows")["results"][0]


def status_v4(portal: Served) -> Any:
    return portal.get(f"/communication-preferences/v4/statuses/{ANA}")["results"][0]


def status_v3(portal: Served) -> Any:
    path = f"/communication-preferences/v3/status/email/{ANA}"
    return portal.get(path)["subscriptionStatuses"][0]


def pipeline(portal: Served) -> Any:
    return portal.get("/crm/v3/pipelines/deals")["results"][0]


TOLD: Mapping[str, Callable[[Served], Any]] = {
    "create_note": note,
    "create_task": task,
    "owner": owner,
    "list": lambda portal: found_lists(portal)["lists"][0],
    "list_search": found_lists,
    "property_group": lambda portal: portal.get(f"{PROPERTIES}/groups")["results"][0],
    "property": made_property,
    "property_error": taken_property,
    "stage": lambda portal: pipeline(portal)["stages"][0],
    "pipeline": pipeline,
    "version": version,
    "flow": flow,
    "status_v4": status_v4,
    "status_v3": status_v3,
}


@pytest.mark.parametrize("name", [name for name in RECORDED if name != "note"])
def test_an_answer_has_the_keys_and_types_that_were_recorded(portal: Served, name: str) -> None:
    recorded, told = RECORDED[name], TOLD[name](portal)
    keys = recorded["keys"]
    assert set(told) <= {key.rstrip("?") for key in keys}
    assert {key for key in keys if not key.endswith("?")} <= set(told)
    for key, value in told.items():
        expected = TYPES[keys.get(key) or keys[f"{key}?"]]
        assert isinstance(value, expected), (key, value)
        assert expected is bool or not isinstance(value, bool), (key, value)


@pytest.mark.parametrize("name", ["create_note", "create_task"])
def test_a_new_activity_tells_the_properties_that_were_recorded(portal: Served, name: str) -> None:
    recorded, told = RECORDED[name], TOLD[name](portal)["properties"]
    assert set(told) == set(recorded["properties"]) - set(recorded.get("left_out", ()))
    assert all(isinstance(value, str) for value in told.values())
