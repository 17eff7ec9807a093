"""Search in the simulated portal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, DEALS, Served, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def where(name: str, operator: str, **more: Any) -> dict[str, Any]:
    return {"filters": [{"propertyName": name, "operator": operator, **more}]}


def find(portal: Served, *groups: dict[str, Any], path: str = COMPANIES, **more: Any) -> list[str]:
    body = {"filterGroups": list(groups), "properties": ["name"], "limit": 200, **more}
    results = portal.post(f"{path}/search", body)["results"]
    return [one["properties"]["name"] for one in results]


@pytest.fixture
def companies(portal: Served) -> Served:
    rows = [
        (
            "Acme",
            {"city": "Lima", "numberofemployees": 9, "type": "PARTNER", "domain": "acme.example"},
        ),
        ("Beta Labs", {"city": "Madrid", "numberofemployees": 100}),
        ("Gamma", {"numberofemployees": 20, "type": "VENDOR"}),
    ]
    for day, (name, more) in enumerate(rows, 1):
        moment = f"2026-01-0{day}T00:00:00Z"
        stamps = {"createdate": moment, "hs_lastmodifieddate": moment}
        portal.world.put("companies", {"name": name, **more, **stamps})
    return portal


@pytest.mark.parametrize(
    ("group", "found"),
    [
        (where("city", "EQ", value="LIMA"), ["Acme"]),
        (where("type", "EQ", value="partner"), []),
        (where("type", "EQ", value="PARTNER"), ["Acme"]),
        (where("city", "NEQ", value="lima"), ["Beta Labs", "Gamma"]),
        (where("numberofemployees", "GT", value="9"), ["Beta Labs", "Gamma"]),
        (where("numberofemployees", "GTE", value="20"), ["Beta Labs", "Gamma"]),
        (where("numberofemployees", "LT", value="20"), ["Acme"]),
        (where("numberofemployees", "LTE", value="20"), ["Acme", "Gamma"]),
        (
            where("numberofemployees", "BETWEEN", value="10", highValue="100"),
            ["Beta Labs", "Gamma"],
        ),
        (where("city", "IN", values=["lima", "madrid"]), ["Acme", "Beta Labs"]),
        (where("city", "IN", values=["Lima"]), []),
        (where("city", "NOT_IN", values=["lima"]), ["Beta Labs", "Gamma"]),
        (where("type", "HAS_PROPERTY"), ["Acme", "Gamma"]),
        (where("type", "NOT_HAS_PROPERTY"), ["Beta Labs"]),
        (where("name", "CONTAINS_TOKEN", value="labs"), ["Beta Labs"]),
        (where("name", "CONTAINS_TOKEN", value="*mm*"), ["Gamma"]),
        (where("name", "NOT_CONTAINS_TOKEN", value="labs"), ["Acme", "Gamma"]),
        (where("hs_lastmodifieddate", "GTE", value="1767312000000"), ["Beta Labs", "Gamma"]),
        (where("hs_lastmodifieddate", "LT", value="2026-01-02T00:00:00Z"), ["Acme"]),
    ],
)
def test_an_operator_finds_what_it_says(
    companies: Served, group: dict[str, Any], found: list[str]
) -> None:
    assert find(companies, group) == found


def test_filters_are_anded_and_groups_ored(companies: Served) -> None:
    both = {"filters": where("city", "HAS_PROPERTY")["filters"] * 1}
    both["filters"] += where("numberofemployees", "GT", value="50")["filters"]
    assert find(companies, both) == ["Beta Labs"]
    assert find(companies, both, where("type", "EQ", value="VENDOR")) == ["Beta Labs", "Gamma"]


def test_free_text_looks_at_names_and_domains(companies: Served) -> None:
    assert find(companies, query="acm") == ["Acme"]
    assert find(companies, query="beta lab") == ["Beta Labs"]


def test_one_sort_in_either_direction(companies: Served) -> None:
    order = [{"propertyName": "numberofemployees", "direction": "DESCENDING"}]
    assert find(companies, sorts=order) == ["Beta Labs", "Gamma", "Acme"]
    companies.post(f"{COMPANIES}/search", {"sorts": order * 2}, 400)


@pytest.mark.parametrize(("direction", "step"), [("ASCENDING", 1), ("DESCENDING", -1)])
def test_records_are_sorted_by_the_number_they_have(
    companies: Served, direction: str, step: int
) -> None:
    order = [{"propertyName": "hs_object_id", "direction": direction}]
    names = ["Acme", "Beta Labs", "Gamma"]
    assert find(companies, sorts=order) == names[::step]
    companies.world.put("companies", {"name": "First", "hs_object_id": "1"}, "999999999999")
    assert find(companies, sorts=order) == ["First", *names][::step]


def test_pages_go_by_offset_and_tell_the_total(companies: Served) -> None:
    body = companies.post(f"{COMPANIES}/search", {"limit": 2})
    assert (body["total"], body["paging"]) == (3, {"next": {"after": "2"}})
    rest = companies.post(f"{COMPANIES}/search", {"limit": 2, "after": "2"})
    assert len(rest["results"]) == 1
    assert "paging" not in rest


def test_a_change_is_found_at_once(companies: Served) -> None:
    group = where("city", "EQ", value="Quito")
    assert find(companies, group) == []
    companies.world.put("companies", {"name": "Delta", "city": "Quito"})
    assert find(companies, group) == ["Delta"]


def test_archived_records_are_never_found(companies: Served) -> None:
    id_ = companies.post(f"{COMPANIES}/search", {"limit": 1})["results"][0]["id"]
    companies.call("DELETE", f"{COMPANIES}/{id_}", 204)
    assert find(companies) == ["Beta Labs", "Gamma"]


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 200, "after": "9900"},
        {"after": "ten"},
        {"query": "x" * 3000},
        {"filterGroups": [where("name", "HAS_PROPERTY")] * 6},
        {"filterGroups": [{"filters": where("name", "HAS_PROPERTY")["filters"] * 7}]},
        {"filterGroups": [{"filters": where("name", "HAS_PROPERTY")["filters"] * 5}] * 4},
        {"filterGroups": [where("nonsense", "HAS_PROPERTY")]},
        {"filterGroups": [where("name", "LIKE", value="x")]},
        {"filterGroups": [where("numberofemployees", "GT", value="many")]},
    ],
)
def test_what_search_cannot_do_is_refused(portal: Served, body: dict[str, Any]) -> None:
    assert portal.post(f"{DEALS if 'limit' in body else COMPANIES}/search", body, 400)["category"]


def test_exactly_ten_thousand_can_be_paged(portal: Served) -> None:
    assert portal.post(f"{CONTACTS}/search", {"limit": 200, "after": "9800"})["total"] == 0


@pytest.mark.parametrize(
    ("group", "found"),
    [
        ({"operator": "EQ", "value": "501"}, ["Ana", "Bea"]),
        ({"operator": "EQ", "value": "502"}, ["Bea"]),
        ({"operator": "NEQ", "value": "502"}, ["Ana", "Cy"]),
        ({"operator": "IN", "values": ["502", "9"]}, ["Bea"]),
        ({"operator": "NOT_IN", "values": ["501", "9"]}, ["Cy"]),
        ({"operator": "HAS_PROPERTY"}, ["Ana", "Bea"]),
        ({"operator": "NOT_HAS_PROPERTY"}, ["Cy"]),
    ],
)
@pytest.mark.parametrize("far", ["company", "companies", "0-2"])
def test_records_are_found_by_what_they_are_tied_to(
    portal: Served, group: dict[str, Any], found: list[str], far: str
) -> None:
    put = portal.world.put
    people = [put("contacts", {"firstname": name}) for name in ("Ana", "Bea", "Cy")]
    for id_ in ("501", "502"):
        put("companies", {"name": id_}, id_)
    for person, company in ((0, "501"), (1, "501"), (1, "502")):
        portal.world.associate("contacts", people[person], "companies", company, [279])
    body = {
        "filters": [{"propertyName": f"associations.{far}", **group}],
        "properties": ["firstname"],
    }
    results = portal.post(f"{CONTACTS}/search", body)["results"]
    assert [one["properties"]["firstname"] for one in results] == found


def test_a_tie_made_between_two_searches_is_found(portal: Served) -> None:
    """Ties of two contacts show in no property, so nothing else says that a search has to look again."""
    one, other = (portal.world.put("contacts", {"firstname": name}) for name in "ab")
    body = {"filters": [{"propertyName": "associations.contact", "operator": "EQ", "value": other}]}
    assert portal.post(f"{CONTACTS}/search", body)["total"] == 0
    portal.world.associate("contacts", one, "contacts", other, [449])
    assert [found["id"] for found in portal.post(f"{CONTACTS}/search", body)["results"]] == [one]


@pytest.mark.parametrize(
    "body",
    [
        {"filters": [{"propertyName": "associations.nobody", "operator": "EQ", "value": "1"}]},
        {"filters": [{"propertyName": "associations.company", "operator": "GT", "value": "1"}]},
        {"filters": [{"propertyName": "associations.company", "operator": "EQ"}]},
        {"filters": [{"propertyName": "associations.company", "operator": "IN"}]},
        {"sorts": [{"propertyName": "name", "direction": "SIDEWAYS"}]},
        {"filters": [{"propertyName": "numberofemployees", "operator": "GT", "value": "٣"}]},
        {"filters": [{"propertyName": "numberofemployees", "operator": "GT", "value": "NaN"}]},
        {"properties": 1},
        {"limit": "ten"},
    ],
)
def test_what_makes_no_sense_is_refused(portal: Served, body: dict[str, Any]) -> None:
    told = portal.post(
        f"{CONTACTS if 'associations' in str(body) else COMPANIES}/search", body, 400
    )
    assert told["status"] == "error"
