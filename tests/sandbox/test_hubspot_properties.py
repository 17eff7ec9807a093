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
