"""Traps of HubSpot that concern ties, properties, stages and owners: 4 to 7, and a thread of 13b.

Where else they are tested: `test_traps_of_hubspot.py`.
"""

from __future__ import annotations

from typing import Any

import pytest

from connectors import trapped_portals
from connectors.trapped_portals import DEAL, Open
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.values import numbers
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import Proxy, rewrites, says

connector = trapped_portals.connector
portal = trapped_portals.portal


def ties_of(connector: HubspotConnector, from_object: str, to_object: str) -> set[tuple[str, str]]:
    """Both ends of every tie."""
    found = connector.associations(from_object, to_object)
    return {(row["from_id"], row["to_id"]) for batch in found for row in batch.to_pylist()}


def test_4_nobody_tied_is_said_by_207_and_no_failure(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    one = portal.put("deals", {**DEAL, "dealname": unique})
    field = "associations.contacts.all"
    assert connector.get("deals", [one], [field]) == {one: {field: None}}


def test_4_results_are_never_matched_by_their_place(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str
) -> None:
    """Inputs without ties are left out of the results, which have no order either."""
    deals = [portal.put("deals", {**DEAL, "dealname": f"{unique}{at}"}) for at in range(4)]
    people = [portal.put("contacts", {"lastname": f"{unique}{at}"}) for at in range(4)]
    for at in (1, 3):
        portal.associate("deals", deals[at], "contacts", people[at], [3])
    connector.schema("deals")
    hubspot_proxy.only = "/associations/"
    hubspot_proxy.always = rewrites(lambda body: body | {"results": body["results"][::-1]})
    field = "associations.contacts.all"
    found = connector.get("deals", deals, [field])
    assert [found[one][field] for one in deals] == [None, people[1], None, people[3]]


@pytest.mark.parametrize("kind", [str, int])
def test_4_ids_of_both_ends_are_texts_or_numbers(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str, kind: Any
) -> None:
    """In one and the same answer, against its specification."""
    deal = portal.put("deals", {**DEAL, "dealname": unique})
    person = portal.put("contacts", {"lastname": unique})
    portal.associate("deals", deal, "contacts", person, [3])

    def typed(body: Any) -> Any:
        for result in body["results"]:
            result["from"]["id"] = kind(result["from"]["id"])
            for to in result["to"]:
                to["toObjectId"] = kind(to["toObjectId"])
        return body

    hubspot_proxy.only, hubspot_proxy.always = "/associations/deals/contacts/batch", rewrites(typed)
    assert (deal, person) in ties_of(connector, "deals", "contacts")


def test_4_a_label_reads_as_it_is_called_from_its_own_side(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    """Labels have a name for each direction; the one asked from counts."""
    there, back = f"Advises {unique}", f"Advised by {unique}"
    type_id = portal.define_label("contacts", "companies", there, back)
    person, firm = (
        portal.put("contacts", {"lastname": unique}),
        portal.put("companies", {"name": unique}),
    )
    portal.associate("contacts", person, "companies", firm, [type_id])
    field = "associations.companies.roles"
    assert connector.get("contacts", [person], [field])[person] == {field: f"{firm}|{there}"}
    options = connector.schema("contacts").fields[field].options or frozenset()
    assert there in options
    assert back not in options


def test_5_a_property_in_the_recycling_bin_is_no_field(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    def archived(body: Any) -> Any:
        mark = {"phone": {"archived": True}}
        return body | {"results": [one | mark.get(one["name"], {}) for one in body["results"]]}

    hubspot_proxy.only, hubspot_proxy.faults = "/properties/companies", [rewrites(archived)]
    fields = connector.schema("companies").fields
    assert "phone" not in fields
    assert "name" in fields


def test_5_hidden_options_are_values_that_records_still_have(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    name = f"choice_{unique}".lower().replace("-", "_")
    options = [
        {"label": "Old", "value": "old", "hidden": True, "displayOrder": 0},
        {"label": "New", "value": "new", "hidden": False, "displayOrder": 1},
    ]
    portal.define_property("companies", name, "enumeration", "select", options=options)
    field = connector.schema("companies").fields[name]
    assert set(field.options or ()) == {"old", "new"}
    assert [value for value, _ in field.listed] == ["new"]


def test_5_options_that_are_kept_elsewhere_are_no_list_of_none(
    connector: HubspotConnector,
) -> None:
    """Owners, pipelines and stages: their options are empty, and any value may be one."""
    fields = connector.schema("deals").fields
    for name in ("dealstage", "pipeline", "hubspot_owner_id"):
        assert (fields[name].options, fields[name].type) == (None, "picklist"), name


@pytest.mark.parametrize("version", ["v3", "2026-03"])
def test_13b_ties_are_never_read_by_v3_which_stops_at_a_hundred(
    open_hubspot: Open, hubspot_proxy: Proxy, portal: HubspotWorld, version: str
) -> None:
    company = portal.put("companies", {"name": "Acme"})
    people = [portal.put("contacts", {"lastname": f"N{at}"}) for at in range(101)]
    for one in people:
        portal.associate("companies", company, "contacts", one, [280])
    connector = open_hubspot(api_version=version)
    rows = [row for batch in connector.read("contacts", []) for row in batch.to_pylist()]
    assert {row["_id"] for row in rows} >= set(people)
    tied = [row for b in connector.associations("contacts", "companies") for row in b.to_pylist()]
    assert {row["from_id"] for row in tied if row["to_id"] == company} == set(people)
    assert not hubspot_proxy.count("/crm/v3/associations/")


@pytest.mark.parametrize(
    ("metadata", "marks"),
    [
        ({"isClosed": "true", "probability": "1.0"}, ("true", "true")),
        ({"isClosed": "true", "probability": "1"}, ("true", "true")),
        ({"isClosed": True, "probability": 1}, ("true", "true")),
        ({"isClosed": "true", "probability": "0.0"}, ("true", "false")),
        ({"isClosed": "false", "probability": "1.0"}, ("false", "false")),
        ({"isClosed": "true", "state": "CLOSED"}, ("true", "false")),
        ({}, (None, None)),
    ],
)
def test_6_what_a_stage_says_of_itself_is_text(
    connector: HubspotConnector,
    hubspot_proxy: Proxy,
    metadata: Any,
    marks: tuple[str | None, str | None],
) -> None:
    stage = {"id": "3206386937", "label": "S", "displayOrder": 0, "metadata": metadata}
    pipeline = {"id": "default", "label": "P", "displayOrder": 0, "stages": [stage]}
    hubspot_proxy.only, hubspot_proxy.faults = "/pipelines/", [says(200, {"results": [pipeline]})]
    [row] = connector.stages().to_pylist()
    assert (row["stage"], row["is_closed"], row["is_won"]) == ("3206386937", *marks)


def test_6_a_probability_comes_with_all_its_binary_digits() -> None:
    told = "0.200000000000000011102230246251565404236316680908203125"
    assert numbers([told]) == [told]


def test_7_an_owner_is_known_by_its_id_and_not_by_its_user(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    owner = {
        "id": "88842095",
        "userId": 27,
        "userIdIncludingInactive": 27,
        "email": "a@owners.example",
    }
    hubspot_proxy.only, hubspot_proxy.faults = "owners", [says(200, {"results": [owner]})]
    ids = [
        row["id"] for row in connector.owners().to_pylist() if row["email"] == "a@owners.example"
    ]
    assert ids == ["88842095"]
