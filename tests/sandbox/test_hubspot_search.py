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
