"""Answers about records, ties and the account, refusals too, have the shape that was recorded of the real ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, DEALS, Served, serving

RECORDED = json.loads(
    (Path(__file__).parent / "shapes" / "hubspot_answers.json").read_text("utf-8")
)
SHAPES: Mapping[str, Any] = RECORDED["shapes"]
KINDS: Mapping[str, Any] = {
    "text": str, "number": int, "bool": bool, "object": dict, "text or null": (str, type(None)),
}  # fmt: skip
ANA, TIES = "ana@acme.example", "/crm/v4/associations/contacts"
MANY_WRONG = {"email": "x", "nonsense": "1", "hs_object_id": "5"}
PERSON = {
    "email": ANA,
    "firstname": "Ana",
    "lastname": "Ruiz",
    "phone": "1234",
    "company": "Acme",
    "website": "acme.example",
}
DEAL = {"dealname": "D", "amount": 12}


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def misfits(shape: Any, told: Any, at: str = "") -> list[str]:
    """Where an answer is not of a shape: keys too many, keys missing, values of another kind."""
    if isinstance(shape, str):
        fits = isinstance(told, KINDS[shape]) and (shape == "bool" or not isinstance(told, bool))
        return [] if fits else [f"{at}: {told!r} is no {shape}"]
    if isinstance(shape, list):
        if not isinstance(told, list):
            return [f"{at}: no list"]
        return [
            each for one in told for each in (misfits(shape[0], one, f"{at}[]") if shape else ())
        ]
    if not isinstance(told, dict):
        return [f"{at}: no object"]
    known = {key.rstrip("?"): (inner, key.endswith("?")) for key, inner in shape.items()}
    wrong = [f"{at}.{key}: not recorded" for key in told.keys() - known.keys()]
    for key, (inner, optional) in known.items():
        if key in told:
            wrong += misfits(inner, told[key], f"{at}.{key}")
        elif not optional:
            wrong.append(f"{at}.{key}: missing")
    return wrong


def made(portal: Served, path: str = CONTACTS, **values: Any) -> Any:
    return portal.post(path, {"properties": values}, 201)


def company(portal: Served) -> Any:
    return made(portal, COMPANIES, name="Acme", domain="acme.example")


def deal(portal: Served) -> Any:
    """As it was recorded: without a stage, which is a switch."""
    portal.world.switches.deal_needs_stage = False
    return made(portal, DEALS, **DEAL)


def staged(portal: Served) -> str:
    values = {**DEAL, "dealstage": "contractsent", "pipeline": "default"}
    id_: str = made(portal, DEALS, **values)["id"]
    return id_


def two(portal: Served) -> list[str]:
    return [made(portal, lastname=name)["id"] for name in "ab"]


def batch(portal: Served, verb: str, status: int, *inputs: Any, path: str = CONTACTS) -> Any:
    return portal.post(f"{path}/batch/{verb}", {"inputs": list(inputs)}, status)


def created_partly(portal: Served) -> Any:
    """As it was recorded: a result without the trace id of its input, which is a switch."""
    portal.world.switches.trace_ids_echoed = False
    made(portal, email=ANA)
    values = ({"email": ANA}, {"email": "new@acme.example"})
    told = [{"properties": one, "objectWriteTraceId": str(at)} for at, one in enumerate(values)]
    return batch(portal, "create", 207, *told)


def tied(portal: Served, status: int, *inputs: Any, far: str = "companies") -> Any:
    return portal.post(f"{TIES}/{far}/batch/create", {"inputs": list(inputs)}, status)


def ends(one: str, other: str, type_id: int = 279) -> dict[str, Any]:
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]
    return {"from": {"id": one}, "to": {"id": other}, "types": types}


def ties_refused(portal: Served) -> Any:
    one, _ = two(portal)
    wrong = (ends(one, one, 449), ends(one, "unknown", 449))
    return tied(portal, 207, *wrong, far="contacts")


def ties_read(portal: Served) -> Any:
    one, other = two(portal)
    far = company(portal)["id"]
    portal.world.associate("contacts", one, "companies", far, [1])
    return portal.post(
        f"{TIES}/companies/batch/read", {"inputs": [{"id": one}, {"id": other}]}, 207
    )


def v3_ties(portal: Served) -> Any:
    pair = {"from": {"id": two(portal)[0]}, "to": {"id": company(portal)["id"]}}
    body = {"inputs": [{**pair, "type": "contact_to_company"}]}
    return portal.post("/crm/v3/associations/contacts/companies/batch/create", body, 201)


def scopes_refused(portal: Served) -> Any:
    portal.world.switches.scope_refusal = "flat"
    key = portal.post("/__control__/tokens", {"make": "service key", "scopes": ["oauth"]})["token"]
    return portal.call("GET", CONTACTS, 403, headers={"Authorization": f"Bearer {key}"})


def searched_too_often(portal: Served) -> Any:
    portal.world.switches.rate_limited = True
    for _ in range(12):
        answer = portal.http.post(f"{CONTACTS}/search", json={})
    assert answer.status_code == 429
    return answer.json()


def unauthorized(portal: Served, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return portal.call("GET", CONTACTS, 401, headers=headers)


def limited(portal: Served, **switches: int) -> Any:
    for name, value in {"rate_limited": True, **switches}.items():
        setattr(portal.world.switches, name, value)
    answers = [portal.http.get(CONTACTS) for _ in range(3)]
    assert answers[-1].status_code == 429
    return answers[-1].json()


def with_ties(portal: Served) -> Any:
    """As it was asked: names in capitals, one contact with a company and one without."""
    one, _ = two(portal)
    portal.world.associate("contacts", one, "companies", company(portal)["id"], [1])
    told = portal.get(CONTACTS, associations="Companies,Contacts")
    assert sum("associations" in each for each in told["results"]) == 1
    return told


def with_history(portal: Served) -> Any:
    """As it was asked: a property that a person changed on the page of a contact, and nobody on another's."""
    one, _ = two(portal)
    portal.world.edit("contacts", {"city": "Vigo"}, one)
    portal.world.edit("contacts", {"city": "Lugo"}, one)
    return portal.get(CONTACTS, propertiesWithHistory="city")


def page(portal: Served, path: str = CONTACTS) -> Any:
    two(portal)
    return portal.get(path, limit="1")


def search(portal: Served, path: str, limit: int = 10) -> Any:
    return portal.post(f"{path}/search", {"limit": limit})


TOLD: Mapping[str, Callable[[Served], Any]] = {
    "create_contact": lambda portal: made(portal, **PERSON),
    "create_company": company,
    "create_deal": deal,
    "update_contact": lambda portal: portal.patch(
        f"{CONTACTS}/{made(portal, **PERSON)['id']}", {"firstname": "A", "lastname": "R"}
    ),
    "update_company": lambda portal: portal.patch(
        f"{COMPANIES}/{company(portal)['id']}", {"name": "A", "domain": "a.example", "city": "Vigo"}
    ),
    "update_deal": lambda portal: portal.patch(
        f"{DEALS}/{staged(portal)}",
        {
            "dealname": "E",
            "amount": 13,
            "closedate": "2026-03-12T00:00:00Z",
            "dealstage": "closedwon",
        },
    ),
    "get_contact": lambda portal: portal.get(f"{CONTACTS}/{made(portal, email=ANA)['id']}"),
    "get_company": lambda portal: portal.get(f"{COMPANIES}/{company(portal)['id']}"),
    "get_deal": lambda portal: portal.get(f"{DEALS}/{staged(portal)}"),
    "list_contacts": lambda portal: (two(portal), portal.get(CONTACTS))[1],
    "list_companies": lambda portal: (company(portal), portal.get(COMPANIES))[1],
    "list_deals": lambda portal: (staged(portal), portal.get(DEALS))[1],
    "list_page": page,
    "search_companies": lambda portal: (company(portal), search(portal, COMPANIES))[1],
    "search_deals": lambda portal: (staged(portal), staged(portal), search(portal, DEALS, 1))[2],
    "search_page": lambda portal: (two(portal), search(portal, CONTACTS, 1))[1],
    "search_too_often": searched_too_often,
    "batch_read": lambda portal: batch(portal, "read", 200, *({"id": one} for one in two(portal))),
    "batch_created": lambda portal: batch(portal, "create", 201, {"properties": {"email": ANA}}),
    "batch_created_companies": lambda portal: batch(
        portal, "create", 201, {"properties": {"name": "Acme"}}, path=COMPANIES
    ),
    "batch_created_partly": created_partly,
    "batch_updated_partly": lambda portal: batch(
        portal,
        "update",
        207,
        *({"id": one, "properties": {"lastname": "R"}} for one in (two(portal)[0], "9")),
    ),
    "conflict_of_batch": lambda portal: (
        made(portal, email=ANA),
        batch(portal, "create", 409, {"properties": {"email": ANA}}),
    )[1],
    "duplicates_of_batch": lambda portal: batch(
        portal, "update", 400, *[{"id": "9", "properties": {"lastname": "R"}}] * 2
    ),
    "invalid_properties": lambda portal: batch(portal, "create", 400, {"properties": MANY_WRONG}),
    "invalid_properties_of_update": lambda portal: batch(
        portal, "update", 400, {"id": two(portal)[0], "properties": MANY_WRONG}
    ),
    "missing_scopes_flat": scopes_refused,
    "v3_ties_created": v3_ties,
    "v4_ties_created": lambda portal: tied(
        portal, 201, ends(two(portal)[0], company(portal)["id"])
    ),
    "v4_ties_refused": ties_refused,
    "v4_ties_read": ties_read,
    "owners": lambda portal: (
        portal.world.put("owners", {"email": "o@acme.example"}),
        portal.get("/crm/v3/owners"),
    )[1],
    "account": lambda portal: portal.get("/account-info/v3/details"),
    "token_unknown": lambda portal: unauthorized(portal, "pat-eu1-unknown"),
    "token_expired": lambda portal: unauthorized(portal, "access-token"),
    "conflict_of_create": lambda portal: (
        made(portal, email=ANA),
        portal.post(CONTACTS, {"properties": {"email": ANA}}, 409),
    )[1],
    "too_often_in_ten_seconds": lambda portal: limited(portal, burst_limit=2),
    "too_often_today": lambda portal: limited(portal, daily_limit=2),
    "list_with_ties": with_ties,
    "list_with_history": with_history,
}


def test_every_recorded_answer_is_compared() -> None:
    assert set(TOLD) == set(SHAPES)
    assert all(each["from"].rsplit(", ", 1)[1] for each in SHAPES.values())


@pytest.mark.parametrize("name", SHAPES)
def test_an_answer_has_the_shape_that_was_recorded(portal: Served, name: str) -> None:
    assert misfits(SHAPES[name]["keys"], TOLD[name](portal)) == []


@pytest.mark.parametrize("name", [name for name, each in SHAPES.items() if "properties" in each])
def test_a_write_is_answered_with_the_properties_that_were_recorded(
    portal: Served, name: str
) -> None:
    """Those of HubSpot's own products that are not simulated are left out, by name."""
    recorded, told = SHAPES[name], TOLD[name](portal)["properties"]
    wanted = set(recorded["properties"]) - set(recorded.get("left_out", ()))
    assert set(told) == wanted | set(recorded.get("more", ()))
    assert all(isinstance(value, str) for value in told.values())


@pytest.mark.parametrize(
    "told", [{"status": "x", "more": 1}, {}, {"status": 1}, {"status": None}, [], "x"]
)
def test_a_misfit_is_seen(told: Any) -> None:
    assert misfits({"status": "text", "context?": {"ids": ["text"]}}, told)
    assert misfits({"status": "text"}, {"status": "x"}) == []


def test_a_401_has_the_headers_that_were_recorded(portal: Served) -> None:
    headers = {"Authorization": "Bearer pat-eu1-unknown"}
    told = portal.http.get(CONTACTS, headers=headers).headers
    assert set(RECORDED["headers"]["unauthorized"]) <= set(told)
    assert not [name for name in told if "ratelimit" in name]


def test_a_second_place_of_a_tie_is_told_beside_the_first_with_a_type_of_its_own(
    portal: Served,
) -> None:
    told = with_ties(portal)["results"]
    [ties] = [
        each["associations"]["companies"]["results"] for each in told if "associations" in each
    ]
    assert [one["type"] for one in ties] == ["contact_to_company", "contact_to_company_unlabeled"]
    assert len({one["id"] for one in ties}) == 1


def test_the_headers_of_a_list_and_of_a_search_are_those_recorded(portal: Served) -> None:
    """A list tells the limits, a search tells none; both name the correlation."""
    listed, found = portal.http.get(CONTACTS), portal.http.post(f"{CONTACTS}/search", json={})
    headers = RECORDED["headers"]
    assert set(headers["list"]) <= set(listed.headers)
    assert set(headers["search"]) <= set(found.headers)
    assert not set(headers["list"]) - set(headers["search"]) & set(found.headers)
