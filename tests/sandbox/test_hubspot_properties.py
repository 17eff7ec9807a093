"""Properties are archived and brought back as on the platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import CONTACTS, Served, serving

PATH = "/crm/v3/properties/contacts"
KEY = f"{PATH}/crmsync_key"


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def definition(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": name,
        "type": "string",
        "fieldType": "text",
        "groupName": "contactinformation",
        **more,
    }


def test_an_archived_property_is_seen_by_nobody_but_those_who_ask(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"lastname": "Ruiz", "crmsync_key": "k1"})
    portal.call("DELETE", KEY, 204)
    portal.call("GET", KEY, 404)
    assert portal.get(KEY, archived="true")["archived"] is True
    assert "crmsync_key" not in {one["name"] for one in portal.get(PATH)["results"]}
    assert [one["name"] for one in portal.get(PATH, archived="true")["results"]] == ["crmsync_key"]
    record = portal.get(f"{CONTACTS}/{id_}", properties="lastname,crmsync_key")
    assert record["properties"]["lastname"] == "Ruiz"
    assert "crmsync_key" not in record["properties"]
    portal.patch(f"{CONTACTS}/{id_}", {"crmsync_key": "k2"}, 400)


def test_a_list_is_about_properties_of_one_sensitivity(portal: Served) -> None:
    portal.post(PATH, definition("salary", dataSensitivity="sensitive"), 201)
    assert "salary" not in {one["name"] for one in portal.get(PATH)["results"]}
    found = portal.get(PATH, dataSensitivity="sensitive")["results"]
    assert [one["name"] for one in found] == ["salary"]
    portal.call("DELETE", f"{PATH}/salary", 204)
    assert portal.get(PATH, archived="true")["results"] == []
    refused = portal.call("GET", f"{PATH}?dataSensitivity=secret", 400)
    assert "secret is not one of" in refused["message"]


def test_the_name_of_an_archived_property_brings_it_back(portal: Served) -> None:
    before = portal.get(KEY)["createdAt"]
    portal.call("DELETE", KEY, 204)
    again = portal.post(PATH, definition("crmsync_key", hasUniqueValue=True), 201)
    assert (again["createdAt"], again["archived"]) == (before, False)
    portal.call("GET", f"{KEY}?archived=true", 404)
    portal.post(PATH, definition("crmsync_key"), 409)


def test_a_property_that_was_dropped_is_gone_for_good(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"lastname": "Ruiz", "crmsync_key": "k1"})
    portal.world.drop_property("contacts", "crmsync_key")
    portal.call("GET", f"{KEY}?archived=true", 404)
    portal.post(PATH, definition("crmsync_key", hasUniqueValue=True), 201)
    record = portal.get(f"{CONTACTS}/{id_}", properties="crmsync_key")
    assert record["properties"]["crmsync_key"] is None


def test_what_a_formula_uses_and_what_is_hubspots_own_is_not_archived(portal: Served) -> None:
    portal.post(PATH, definition("copy", calculationFormula="crmsync_key"), 201)
    refused = portal.call("DELETE", KEY, 400)
    assert refused["subCategory"].endswith("CANNOT_DELETE_PROPERTY_IN_USE")
    portal.call("DELETE", f"{PATH}/lastname", 400)
    portal.call("DELETE", f"{PATH}/nothing", 404)


def test_an_eleventh_unique_property_is_refused(portal: Served) -> None:
    for number in range(9):
        portal.post(PATH, definition(f"extra_{number}", hasUniqueValue=True), 201)
    refused = portal.post(PATH, definition("one_more", hasUniqueValue=True), 400)
    assert "10 unique" in refused["message"]


def edit(portal: Served, body: dict[str, Any], expected: int = 200) -> Any:
    return portal.post("/__control__/declare", {"kind": "property", **body}, expected)


def test_a_property_changes_its_words_and_options_but_not_its_name(portal: Served) -> None:
    portal.post(PATH, definition("tier", type="enumeration", fieldType="select", options=[]), 201)
    options = [{"label": "Gold", "value": "gold"}, {"label": "Silver", "value": "silver"}]
    news = {"label": "Level", "options": options, "name": "level", "hasUniqueValue": True}
    told = portal.call("PATCH", f"{PATH}/tier", 200, json=news)
    assert (told["name"], told["label"], told["hasUniqueValue"]) == ("tier", "Level", False)
    assert [(one["value"], one["displayOrder"]) for one in told["options"]] == [
        ("gold", 0),
        ("silver", 1),
    ]
    assert portal.get(f"{PATH}/tier") == told
    portal.call("PATCH", f"{PATH}/tier", 400, json={"fieldType": "date"})
    portal.call("PATCH", f"{PATH}/tier", 400, json={"options": [options[0], options[0]]})
    portal.call("PATCH", f"{PATH}/tier", 400, json={"groupName": "nowhere"})
    portal.call("PATCH", f"{PATH}/nothing", 404, json={"label": "x"})


def test_of_hubspots_own_only_some_options_change(portal: Served) -> None:
    stages = portal.get(f"{PATH}/lifecyclestage")["options"]
    more = [*stages, {"label": "Partner", "value": "3206386901"}]
    portal.call("PATCH", f"{PATH}/lifecyclestage", 200, json={"options": more})
    id_ = portal.world.put("contacts", {"lastname": "Ruiz", "lifecyclestage": "lead"})
    portal.patch(f"{CONTACTS}/{id_}", {"lifecyclestage": "3206386901"})
    portal.patch(f"{CONTACTS}/{id_}", {"lifecyclestage": "customer"})
    assert portal.contact(id_, "lifecyclestage")["lifecyclestage"] == "3206386901"
    portal.call("PATCH", f"{PATH}/lifecyclestage", 400, json={"label": "Stage"})
    portal.call("PATCH", f"{PATH}/hs_analytics_source", 400, json={"options": []})


def test_a_batch_of_properties_names_those_that_are_there(portal: Served) -> None:
    inputs = {"inputs": [definition("one"), definition("crmsync_key")]}
    told = portal.post(f"{PATH}/batch/create", inputs, 207)
    assert [one["name"] for one in told["results"]] == ["one"]
    assert told["errors"][0]["context"] == {"name": ["crmsync_key"]}
    assert told["errors"][0]["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS"
    portal.post(f"{PATH}/batch/archive", {"inputs": [{"name": "one"}]}, 204)
    portal.call("GET", f"{PATH}/one", 404)


def test_groups_are_made_renamed_and_deleted_when_empty(portal: Served) -> None:
    groups = f"{PATH}/groups"
    portal.post(groups, {"name": "ours", "label": "Ours"}, 201)
    portal.post(groups, {"name": "ours", "label": "Ours"}, 409)
    portal.post(groups, {"name": "theirs"}, 400)
    portal.call("PATCH", f"{groups}/ours", 200, json={"label": "All ours"})
    assert portal.get(f"{groups}/ours")["label"] == "All ours"
    portal.post(PATH, definition("tier", groupName="ours"), 201)
    portal.call("DELETE", f"{groups}/ours", 400)
    portal.call("DELETE", f"{PATH}/tier", 204)
    portal.call("DELETE", f"{groups}/ours", 204)
    portal.call("GET", f"{groups}/ours", 404)


def test_overnight_a_property_gets_another_name_and_keeps_its_values(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"lastname": "Ruiz", "crmsync_key": "k1"})
    edit(portal, {"object": "contacts", "name": "crmsync_key", "rename": "their_key"})
    portal.call("GET", KEY, 404)
    assert portal.contact(id_, "their_key")["their_key"] == "k1"
    edit(portal, {"object": "contacts", "name": "crmsync_key", "label": "x"}, 400)
    edit(portal, {"object": "contacts", "name": "their_key", "rename": "lastname"}, 400)
    edit(portal, {"object": "contacts", "name": "their_key", "archive": True})
    portal.call("GET", f"{PATH}/their_key", 404)


def test_overnight_options_come_go_and_are_called_otherwise(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"lastname": "Ruiz", "hs_lead_status": "NEW"})
    options = {"add": {"WON": "Won"}, "remove": ["NEW"], "label": {"OPEN": "Working"}}
    edit(portal, {"object": "contacts", "name": "hs_lead_status", "options": options})
    told = portal.get(f"{PATH}/hs_lead_status")["options"]
    assert {one["value"]: one["label"] for one in told}.items() >= {("WON", "Won")}
    assert next(one["label"] for one in told if one["value"] == "OPEN") == "Working"
    assert portal.contact(id_, "hs_lead_status")["hs_lead_status"] == "NEW"
    portal.patch(f"{CONTACTS}/{id_}", {"hs_lead_status": "NEW"}, 400)
    edit(portal, {"object": "contacts", "name": "hs_lead_status", "options": options}, 400)
