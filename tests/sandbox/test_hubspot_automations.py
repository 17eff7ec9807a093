"""What happens in the simulated portal behind a client's back: workflows, stage automation, late effects, faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, DEALS, Served, serving

from crmsync.sandbox.faults.book import kinds_of, set_fault
from crmsync.sandbox.faults.kinds import Kind
from crmsync.sandbox.hubspot.workflows import SOURCE, workflows_of


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def workflow(portal: Served, field: str, action: str, **more: Any) -> str:
    object_, _, name = field.partition(".")
    does = {"field": name, "action": action, **more}
    body = {"kind": "flow", "name": f"{field} {action}", "object": object_, "does": does}
    id_: str = portal.post("/__control__/declare", body)["id"]
    return id_


def person(portal: Served, **properties: str) -> str:
    id_: str = portal.post(CONTACTS, {"properties": {"lastname": "ruiz", **properties}}, 201)["id"]
    return id_


@pytest.mark.parametrize(
    ("action", "more", "kept"),
    [
        ("upper", {}, "LIMA SUR"),
        ("title", {}, "Lima Sur"),
        ("fight", {"value": "Quito"}, "Quito"),
        ("fill", {"value": "Quito"}, "Lima SUR"),
    ],
)
def test_a_workflow_changes_a_property_after_each_save(
    portal: Served, action: str, more: dict[str, str], kept: str
) -> None:
    workflow(portal, "contacts.city", action, **more)
    id_ = person(portal, city="Lima SUR")
    assert portal.contact(id_, "city")["city"] == kept
    past = portal.get(f"{CONTACTS}/{id_}", propertiesWithHistory="city")["propertiesWithHistory"]
    sources = [one["sourceType"] for one in past["city"]]
    assert sources[0] == (SOURCE if action != "fill" else "INTEGRATION")


def test_numbers_are_rounded_as_text(portal: Served) -> None:
    workflow(portal, "deals.amount", "round", value="1")
    body = {"properties": {"dealname": "x", "dealstage": "appointmentscheduled", "amount": "9.87"}}
    id_ = portal.post(DEALS, body, 201)["id"]
    assert portal.get(f"{DEALS}/{id_}")["properties"]["amount"] == "9.9"


def test_a_workflow_copies_from_a_contact_to_its_primary_company_and_sets_off_others(
    portal: Served,
) -> None:
    near, far = (portal.world.put("companies", {"name": name}) for name in ("Uno", "Dos"))
    workflow(portal, "contacts.city", "copy", to="companies.city")
    workflow(portal, "companies.city", "upper")
    id_ = person(portal)
    portal.world.associate("contacts", id_, "companies", far, (279,))
    portal.world.associate("contacts", id_, "companies", near, (1,))
    portal.patch(f"{CONTACTS}/{id_}", {"city": "Lima"})
    cities = [
        portal.get(f"{COMPANIES}/{one}", properties="city")["properties"]["city"]
        for one in (near, far)
    ]
    assert cities == ["LIMA", None]


def test_a_workflow_copies_from_a_company_to_all_its_contacts(portal: Served) -> None:
    company = portal.world.put("companies", {"name": "Uno"})
    ids = [person(portal) for _ in range(2)]
    for id_ in ids:
        portal.world.associate("contacts", id_, "companies", company, (1,))
    workflow(portal, "companies.phone", "copy", to="contacts.phone")
    portal.patch(f"{COMPANIES}/{company}", {"phone": "600"})
    assert [portal.contact(id_, "phone")["phone"] for id_ in ids] == ["600", "600"]


def test_two_workflows_that_copy_to_each_other_come_to_rest(portal: Served) -> None:
    workflow(portal, "contacts.city", "copy", to="companies.city")
    workflow(portal, "companies.city", "copy", to="contacts.city")
    company, id_ = portal.world.put("companies", {"name": "Uno"}), person(portal)
    portal.world.associate("contacts", id_, "companies", company, (1,))
    portal.patch(f"{CONTACTS}/{id_}", {"city": "Lima"})
    found = portal.get(f"{COMPANIES}/{company}", properties="city")["properties"]["city"]
    assert found == portal.contact(id_, "city")["city"] == "Lima"


def test_a_delayed_workflow_waits_for_the_clock_and_is_stamped_then(portal: Served) -> None:
    workflow(portal, "contacts.city", "upper", delay=60)
    id_ = person(portal, city="Lima")
    portal.world.clock.advance(59)
    assert portal.contact(id_, "city")["city"] == "Lima"
    portal.world.clock.advance(1)
    told = portal.contact(id_, "city", "lastmodifieddate")
    assert told["city"] == "LIMA"
    assert told["lastmodifieddate"] == "2026-03-02T12:01:00Z"


def test_workflows_run_in_batches_and_not_over_imports_and_can_be_turned_off(
    portal: Served,
) -> None:
    id_ = workflow(portal, "contacts.city", "upper")
    inputs = [{"properties": {"lastname": "x", "city": "Lima"}}]
    batch = portal.post(f"{CONTACTS}/batch/create", {"inputs": inputs}, 201)
    assert portal.contact(batch["results"][0]["id"], "city")["city"] == "LIMA"
    loaded = portal.world.put("contacts", {"lastname": "x", "city": "Lima"})
    assert portal.contact(loaded, "city")["city"] == "Lima"
    does = {"field": "city", "action": "upper"}
    body = {"kind": "flow", "name": "contacts.city upper", "object": "contacts", "does": does}
    assert portal.post("/__control__/declare", {**body, "active": False})["id"] == id_
    portal.patch(f"{CONTACTS}/{loaded}", {"city": "Quito"})
    assert portal.contact(loaded, "city")["city"] == "Quito"


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ({"field": "nope", "action": "upper"}, "contacts has no property 'nope'"),
        ({"field": "city", "action": "shout"}, "no action 'shout'"),
        ({"field": "city", "action": "fill"}, "fill needs a value"),
        (
            {"field": "city", "action": "copy", "to": "companies.nope"},
            "companies has no property 'nope'",
        ),
        ({"field": "city", "action": "copy", "to": "boats.city"}, "no object 'boats'"),
    ],
)
def test_a_workflow_that_makes_no_sense_is_refused(
    portal: Served, does: dict[str, str], words: str
) -> None:
    body = {"kind": "workflow", "name": "x", "object": "contacts", "does": does}
    assert words in str(portal.post("/__control__/declare", body, 400))
    assert workflows_of(portal.world.portal) == {}


def deal_of(portal: Served, contact: str, stage: str) -> str:
    spec = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]
    body = {
        "properties": {"dealname": "x", "dealstage": stage, "pipeline": "default"},
        "associations": [{"to": {"id": contact}, "types": spec}],
    }
    id_: str = portal.post(DEALS, body, 201)["id"]
    return id_


def test_deals_move_the_stage_of_their_people_if_the_account_says_so(portal: Served) -> None:
    quiet = person(portal)
    deal_of(portal, quiet, "closedwon")
    assert portal.contact(quiet, "lifecyclestage")["lifecyclestage"] == "lead"
    portal.world.switches.deal_moves_stage = True
    id_ = person(portal)
    deal = deal_of(portal, id_, "appointmentscheduled")
    assert portal.contact(id_, "lifecyclestage")["lifecyclestage"] == "opportunity"
    portal.patch(f"{DEALS}/{deal}", {"dealstage": "closedwon"})
    assert portal.contact(id_, "lifecyclestage")["lifecyclestage"] == "customer"
    deal_of(portal, id_, "appointmentscheduled")
    assert portal.contact(id_, "lifecyclestage")["lifecyclestage"] == "customer"


def test_new_contacts_are_tied_to_the_company_of_their_domain_if_the_account_says_so(
    portal: Served,
) -> None:
    company = portal.world.put("companies", {"name": "Uno", "domain": "uno.example"})
    alone = person(portal, email="ana@uno.example")
    assert portal.contact(alone, "associatedcompanyid")["associatedcompanyid"] is None
    portal.world.switches.company_by_domain = True
    tied = person(portal, email="bea@uno.example")
    assert portal.contact(tied, "associatedcompanyid")["associatedcompanyid"] == company
    made = person(portal, email="gil@dos.example")
    assert portal.contact(made, "associatedcompanyid")["associatedcompanyid"] not in (None, company)
    free = person(portal, email="gil@gmail.com")
    assert portal.contact(free, "associatedcompanyid")["associatedcompanyid"] is None


ANSWERS = {name: kind for name, kind in kinds_of("hubspot").items() if kind.answer}


@pytest.mark.parametrize("kind", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_comes_in_place_of_the_portals_once(portal: Served, kind: Kind) -> None:
    assert kind.answer is not None
    told = kind.answer({})
    set_fault(portal.world, kind.name, path="*", method="post")
    body = {"properties": {"lastname": "x"}}
    refused = portal.http.post(CONTACTS, json=body)
    assert (refused.status_code, refused.content) == (told.status, told.body)
    assert portal.http.get(CONTACTS).json()["results"] == []
    assert portal.http.post(CONTACTS, json=body).status_code == 201


@pytest.mark.parametrize(("kind", "stamp"), [("late", "12:01"), ("late-commit", "12:00")])
def test_a_late_write_is_seen_when_the_clock_says_so(portal: Served, kind: str, stamp: str) -> None:
    company = portal.world.put("companies", {"name": "Uno"})
    set_fault(portal.world, kind, method="POST", path=CONTACTS)
    spec = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}]
    ties = [{"to": {"id": company}, "types": spec}]
    body = {"properties": {"email": "ana@uno.example"}, "associations": ties}
    id_ = portal.post(CONTACTS, body, 201)["id"]
    portal.call("GET", f"{CONTACTS}/{id_}", 404)
    assert portal.get(f"{COMPANIES}/{company}")["properties"]["name"] == "Uno"
    portal.world.clock.advance(60)
    told = portal.contact(id_, "associatedcompanyid", "createdate")
    assert told["associatedcompanyid"] == company
    assert told["createdate"] == f"2026-03-02T{stamp}:00Z"
    other = portal.post(CONTACTS, {"properties": {"email": "bea@uno.example"}}, 201)["id"]
    assert other != id_


def test_faults_of_the_wire_happen_to_the_portal_too(portal: Served) -> None:
    set_fault(portal.world, "page-repeats", path=CONTACTS, nth=2)
    ids = [portal.world.put("contacts", {"lastname": str(n)}) for n in range(4)]
    first = portal.get(CONTACTS, limit=2)
    again = portal.get(CONTACTS, limit=2, after=first["paging"]["next"]["after"])
    assert [row["id"] for row in again["results"]] == ids[1:]
    set_fault(portal.world, "cut", path=CONTACTS)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        portal.http.get(CONTACTS).json()
    set_fault(portal.world, "timeout-after", method="POST", path=CONTACTS)
    with pytest.raises(httpx.ReadTimeout):
        portal.http.post(CONTACTS, json={"properties": {"lastname": "x"}}, timeout=0.3)
    assert len(portal.get(CONTACTS)["results"]) == 5
