"""How many a record may be tied to holds for every way in which a tie can be made, and categories must fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, DEALS, Served, serving

LIMITS = "/crm/v4/associations/definitions/configurations/companies/contacts/batch/create"
V4, V3 = "/crm/v4/associations/contacts/companies/batch", "/crm/v3/associations"
RECORD = "/crm/v4/objects/contacts/{}/associations"


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


@pytest.fixture
def company(portal: Served) -> str:
    """A company that may have one contact, and has none."""
    return limited(portal, portal.world.put("companies", {"name": "Acme"}))


def limited(portal: Served, company: str, type_id: int = 280, most: int = 1) -> str:
    portal.post(LIMITS, {"inputs": [{"typeId": type_id, "maxToObjectIds": most}]})
    return company


def person(portal: Served) -> str:
    return portal.world.put("contacts", {"lastname": "P"})


def members(portal: Served, company: str) -> set[str]:
    return set(portal.world.portal.ties.of("companies", company, "contacts"))


def typed(id_: int, category: Any = "HUBSPOT_DEFINED") -> list[dict[str, Any]]:
    return [{"associationCategory": category, "associationTypeId": id_}]


def inline(company: str, id_: int = 279, **properties: str) -> dict[str, Any]:
    ties = [{"to": {"id": company}, "types": typed(id_)}]
    return {"properties": {"lastname": "New", **properties}, "associations": ties}


def ends(portal: Served, company: str) -> dict[str, Any]:
    return {"from": {"id": person(portal)}, "to": {"id": company}}


Way = Callable[[Served, str], tuple[str, str, Any]]
# Each ties one more contact to the company.
WAYS: Mapping[str, Way] = {
    "create": lambda portal, company: ("POST", CONTACTS, inline(company)),
    "create by a label": lambda portal, company: ("POST", CONTACTS, inline(company, 931)),
    "create by property": lambda portal, company: (
        "POST",
        CONTACTS,
        {"properties": {"lastname": "New", "associatedcompanyid": company}},
    ),
    "update by property": lambda portal, company: (
        "PATCH",
        f"{CONTACTS}/{person(portal)}",
        {"properties": {"associatedcompanyid": company}},
    ),
    "batch create": lambda portal, company: (
        "POST",
        f"{CONTACTS}/batch/create",
        {"inputs": [inline(company)]},
    ),
    "batch update by property": lambda portal, company: (
        "POST",
        f"{CONTACTS}/batch/update",
        {"inputs": [{"id": person(portal), "properties": {"associatedcompanyid": company}}]},
    ),
    "upsert by property": lambda portal, company: (
        "POST",
        f"{CONTACTS}/batch/upsert",
        {
            "inputs": [
                {
                    "id": f"{person(portal)}@x.example",
                    "idProperty": "email",
                    "properties": {"associatedcompanyid": company},
                }
            ]
        },
    ),
    "v4 plain": lambda portal, company: (
        "PUT",
        f"{RECORD.format(person(portal))}/default/companies/{company}",
        None,
    ),
    "v4 label": lambda portal, company: (
        "PUT",
        f"{RECORD.format(person(portal))}/companies/{company}",
        typed(1),
    ),
    "v4 batch plain": lambda portal, company: (
        "POST",
        f"{V4}/associate/default",
        {"inputs": [ends(portal, company)]},
    ),
    "v4 batch": lambda portal, company: (
        "POST",
        f"{V4}/create",
        {"inputs": [{**ends(portal, company), "types": typed(1)}]},
    ),
    "v3": lambda portal, company: (
        "PUT",
        f"{CONTACTS}/{person(portal)}/associations/companies/{company}/contact_to_company",
        None,
    ),
    "v3 batch": lambda portal, company: (
        "POST",
        f"{V3}/contacts/companies/batch/create",
        {"inputs": [{**ends(portal, company), "type": "contact_to_company_unlabeled"}]},
    ),
}


def sent(portal: Served, way: str, company: str) -> tuple[int, Any]:
    """Status and body of one more tie."""
    method, path, body = WAYS[way](portal, company)
    answer = portal.http.request(method, path, json=body)
    return answer.status_code, answer.json()


def refusal(status: int, body: Any) -> Any:
    """What was refused: the body of a 400, or the one error of a 207."""
    if status == 207:
        assert body["results"] == []
        (body,) = body["errors"]
    else:
        assert status == 400
    assert body["category"] == "VALIDATION_ERROR"
    return body["message"]


@pytest.mark.parametrize("way", WAYS)
def test_a_limit_holds_for_every_way_to_tie(portal: Served, company: str, way: str) -> None:
    assert sent(portal, way, company)[0] in (200, 201)
    (first,) = members(portal, company)
    assert "the limit is 1" in refusal(*sent(portal, way, company))
    assert members(portal, company) == {first}


@pytest.mark.parametrize("way", WAYS)
def test_a_limit_at_the_other_end_holds_as_well(portal: Served, way: str) -> None:
    """The way back of a type is limited where the far record has as many as it may."""
    acme = portal.world.put("companies", {"name": "Acme"})
    limited(portal, acme, 2 if way == "v4 label" else 280)
    portal.world.associate("companies", acme, "contacts", person(portal), [2])
    assert "the limit is 1" in refusal(*sent(portal, way, acme))
    assert len(members(portal, acme)) == 1


def test_inputs_of_one_batch_take_room_from_each_other(portal: Served, company: str) -> None:
    told = {"inputs": [inline(company), inline(company)]}
    portal.post(f"{CONTACTS}/batch/create", told, 400)
    assert members(portal, company) == set()
    traced = [{**one, "objectWriteTraceId": str(at)} for at, one in enumerate(told["inputs"])]
    body = portal.post(f"{CONTACTS}/batch/create", {"inputs": traced}, 207)
    assert [one["id"] for one in body["results"]] == list(members(portal, company))
    assert [one["context"]["objectWriteTraceId"] for one in body["errors"]] == [["1"]]


def test_many_new_records_of_a_batch_are_told_apart(portal: Served) -> None:
    acme = limited(portal, portal.world.put("companies", {"name": "Acme"}), most=3)
    inputs = [{**inline(acme), "objectWriteTraceId": str(at)} for at in range(5)]
    body = portal.post(f"{CONTACTS}/batch/create", {"inputs": inputs}, 207)
    assert len(body["results"]) == len(members(portal, acme)) == 3


def test_a_tie_that_is_there_takes_no_room(portal: Served, company: str) -> None:
    id_ = portal.post(CONTACTS, inline(company), 201)["id"]
    for _ in range(2):
        portal.patch(f"{CONTACTS}/{id_}", {"associatedcompanyid": company})
        portal.call("PUT", f"{RECORD.format(id_)}/companies/{company}", 201, json=typed(1))
    assert members(portal, company) == {id_}


def test_a_primary_moves_whatever_its_limit_is(portal: Served) -> None:
    """It leaves its place to the next: a record never has two."""
    first, other = (portal.world.put("companies", {"name": name}) for name in "ab")
    one = {"inputs": [{"typeId": 1, "maxToObjectIds": 1}]}
    portal.post(LIMITS.replace("companies/contacts", "contacts/companies"), one)
    id_ = portal.world.put("contacts", {"lastname": "P", "associatedcompanyid": first})
    portal.patch(f"{CONTACTS}/{id_}", {"associatedcompanyid": other})
    assert portal.contact(id_, "associatedcompanyid")["associatedcompanyid"] == other


def test_a_refused_company_writes_nothing_else_of_the_record(portal: Served, company: str) -> None:
    portal.post(CONTACTS, inline(company), 201)
    id_ = person(portal)
    portal.patch(f"{CONTACTS}/{id_}", {"city": "Vigo", "associatedcompanyid": company}, 400)
    told = portal.contact(id_, "city", "associatedcompanyid")
    assert (told["city"], told["associatedcompanyid"]) == (None, None)


def test_hubspots_own_maxima_hold_without_anybody_setting_them(portal: Served) -> None:
    acme = portal.world.put("companies", {"name": "Acme"})
    portal.post(CONTACTS, inline(acme, 931), 201)
    assert "the limit is 1" in refusal(*sent(portal, "create by a label", acme))
    deal = portal.world.put("deals", {"dealname": "D", "dealstage": "closedwon"})
    for at in range(1, 1000):
        portal.world.associate("deals", deal, "contacts", str(at), [3])
    new = {
        "properties": {"lastname": "P"},
        "associations": [{"to": {"id": deal}, "types": typed(4)}],
    }
    portal.post(CONTACTS, new, 201)
    assert "the limit is 1000" in portal.post(CONTACTS, new, 400)["message"]


def test_a_company_has_ten_thousand_contacts_at_most(portal: Served) -> None:
    acme = portal.world.put("companies", {"name": "Acme"})
    for at in range(1, 10_000):
        portal.world.associate("companies", acme, "contacts", str(at), [280])
    portal.post(CONTACTS, inline(acme), 201)
    assert "the limit is 10000" in portal.post(CONTACTS, inline(acme), 400)["message"]


def test_what_is_tied_by_itself_keeps_the_limit_too(portal: Served) -> None:
    acme = portal.world.put("companies", {"name": "Acme", "domain": "acme.example"})
    limited(portal, acme)
    portal.world.switches.company_by_domain = True
    for name in "ab":
        portal.post(CONTACTS, {"properties": {"email": f"{name}@acme.example"}}, 201)
    assert len(members(portal, acme)) == 1


@pytest.mark.parametrize("category", ["NONSENSE", None, "USER_DEFINED", "INTEGRATOR_DEFINED", 7])
def test_a_category_that_is_not_the_types_own_is_refused(portal: Served, category: Any) -> None:
    acme, id_ = portal.world.put("companies", {"name": "Acme"}), person(portal)
    portal.call("PUT", f"{RECORD.format(id_)}/companies/{acme}", 400, json=typed(1, category))
    new = inline(acme)
    new["associations"][0]["types"] = typed(279, category)
    portal.post(CONTACTS, new, 400)
    pair = {"from": {"id": id_}, "to": {"id": acme}, "types": typed(279, category)}
    assert portal.post(f"{V4}/create", {"inputs": [pair]}, 207)["results"] == []
    portal.post(f"{V4}/labels/archive", {"inputs": [pair]}, 400)
    assert members(portal, acme) == set()


def test_a_label_of_people_has_a_category_of_its_own(portal: Served) -> None:
    deal = portal.world.put("deals", {"dealname": "D", "dealstage": "closedwon"})
    coach = portal.world.define_label("contacts", "deals", "Coach")
    path = f"{RECORD.format(person(portal))}/deals/{deal}"
    portal.call("PUT", path, 400, json=typed(coach))
    portal.call("PUT", path, 201, json=typed(coach, "USER_DEFINED"))
    assert portal.get(f"{DEALS}/{deal}", associations="contacts")["associations"]
    assert portal.get(COMPANIES)["results"] == []
