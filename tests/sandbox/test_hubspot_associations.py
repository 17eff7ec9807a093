"""Associations of the simulated portal: directions, labels, primaries and batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, Served, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


@pytest.fixture
def trio(portal: Served) -> tuple[str, str, str]:
    """A contact and two companies."""
    put = portal.world.put
    return (
        put("contacts", {"email": "ana@example.com"}),
        put("companies", {"name": "Acme"}, id="501"),
        put("companies", {"name": "Beta"}, id="502"),
    )


def types(portal: Served, near: str, id_: str, far: str) -> dict[int, list[int]]:
    body = portal.get(f"/crm/v4/objects/{near}/{id_}/associations/{far}")
    return {
        one["toObjectId"]: [type_["typeId"] for type_ in one["associationTypes"]]
        for one in body["results"]
    }


def spec(*ids: int) -> list[dict[str, Any]]:
    return [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id_} for id_ in ids]


def label(portal: Served, contact: str, company: str, *ids: int, expected: int = 201) -> Any:
    path = f"/crm/v4/objects/contact/{contact}/associations/company/{company}"
    return portal.call("PUT", path, expected, json=spec(*ids))


def test_a_plain_tie_is_seen_from_both_sides(portal: Served, trio: tuple[str, str, str]) -> None:
    contact, company, _ = trio
    path = f"/crm/v4/objects/contacts/{contact}/associations/default/companies/{company}"
    body = portal.call("PUT", path, 200)
    assert {one["associationSpec"]["associationTypeId"] for one in body["results"]} == {279, 280}
    assert types(portal, "contacts", contact, "companies") == {501: [279]}
    assert types(portal, "companies", company, "contacts") == {int(contact): [280]}


def test_a_primary_company_is_also_an_unlabelled_one(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    contact, company, _ = trio
    told = label(portal, contact, company, 1)
    assert (told["labels"], told["toObjectId"], told["toObjectTypeId"]) == (["Primary"], 501, "0-2")
    assert types(portal, "contacts", contact, "companies") == {501: [1, 279]}
    assert types(portal, "companies", company, "contacts") == {int(contact): [2, 280]}
    assert portal.contact(contact, "associatedcompanyid")["associatedcompanyid"] == company


def test_a_contact_has_one_primary_company(portal: Served, trio: tuple[str, str, str]) -> None:
    contact, first, second = trio
    label(portal, contact, first, 1)
    label(portal, contact, second, 1)
    assert types(portal, "contacts", contact, "companies") == {501: [279], 502: [1, 279]}
    assert types(portal, "companies", first, "contacts") == {int(contact): [280]}


def test_the_primary_can_be_set_from_the_company_side(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    contact, first, second = trio
    label(portal, contact, first, 1)
    path = f"/crm/v4/objects/companies/{second}/associations/contacts/{contact}"
    portal.call("PUT", path, 201, json=spec(2))
    assert types(portal, "contacts", contact, "companies") == {501: [279], 502: [1, 279]}


def test_writing_labels_replaces_those_of_the_tie(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    contact, company, _ = trio
    label(portal, contact, company, 1)
    label(portal, contact, company, 931)
    assert types(portal, "contacts", contact, "companies") == {501: [279, 931]}
    assert portal.contact(contact, "associatedcompanyid")["associatedcompanyid"] is None


def test_writing_the_company_id_moves_the_primary_and_blank_removes_it(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    contact, first, second = trio
    path = f"{CONTACTS}/{contact}"
    for told, expected in (
        (first, {501: [1, 279]}),
        (second, {501: [279], 502: [1, 279]}),
        ("", {501: [279], 502: [279]}),
    ):
        portal.patch(path, {"associatedcompanyid": told})
        assert types(portal, "contacts", contact, "companies") == expected


def test_a_type_of_the_other_direction_is_refused(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    contact, company, _ = trio
    body = label(portal, contact, company, 2, expected=400)
    assert body["message"] == (
        "invalid from object type 0-1 for associations to be created. expected: 0-2"
    )


def test_deleting_a_tie_leaves_nothing_and_clears_the_company_id(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    contact, company, _ = trio
    label(portal, contact, company, 1)
    portal.call("DELETE", f"/crm/v4/objects/contacts/{contact}/associations/companies/501", 204)
    assert types(portal, "contacts", contact, "companies") == {}
    assert types(portal, "companies", company, "contacts") == {}
    assert portal.contact(contact, "associatedcompanyid")["associatedcompanyid"] is None


def test_companies_count_their_contacts(portal: Served, trio: tuple[str, str, str]) -> None:
    contact, company, _ = trio
    label(portal, contact, company, 1)
    told = portal.get(f"{COMPANIES}/{company}", properties="num_associated_contacts")
    assert told["properties"]["num_associated_contacts"] == "1"


def test_a_child_company_knows_its_parent(portal: Served, trio: tuple[str, str, str]) -> None:
    _, parent, child = trio
    portal.world.associate("companies", child, "companies", parent, [14])
    assert types(portal, "companies", child, "companies") == {501: [14]}
    assert types(portal, "companies", parent, "companies") == {502: [13]}
    told = portal.get(f"{COMPANIES}/{child}", properties="hs_parent_company_id")
    assert told["properties"]["hs_parent_company_id"] == parent


def test_archiving_a_company_unties_its_contacts(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    contact, company, _ = trio
    label(portal, contact, company, 1)
    portal.call("DELETE", f"{COMPANIES}/{company}", 204)
    assert types(portal, "contacts", contact, "companies") == {}
    assert portal.contact(contact, "associatedcompanyid")["associatedcompanyid"] is None


def batch(portal: Served, rest: str, inputs: list[Any], expected: int, version: str = "v4") -> Any:
    path = f"/crm/{version}/associations/contacts/companies/batch/{rest}"
    return portal.post(path, {"inputs": inputs}, expected)


def pair(contact: str, company: str, *ids: int) -> dict[str, Any]:
    told: dict[str, Any] = {"from": {"id": contact}, "to": {"id": company}}
    return {**told, "types": spec(*ids)} if ids else told


def test_a_batch_read_leaves_out_who_has_no_ties_and_says_so(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    contact, company, _ = trio
    label(portal, contact, company, 1)
    body = batch(portal, "read", [{"id": "77"}, {"id": contact}], 207)
    (result,) = body["results"]
    assert result["from"] == {"id": contact}
    assert result["to"][0]["toObjectId"] == 501
    assert result["to"][0]["associationTypes"] == [
        {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"},
        {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None},
    ]
    (error,) = body["errors"]
    assert error["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"
    assert error["message"] == "No company is associated with contact 77."
    assert error["context"]["fromObjectId"] == ["77"]


def test_a_batch_read_of_nobody_with_ties_is_a_207_without_results(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    assert batch(portal, "read", [{"id": trio[0]}], 207)["results"] == []


def test_many_ties_are_read_page_by_page(portal: Served) -> None:
    company = portal.world.put("companies", {"name": "Acme"})
    for number in range(1, 512):
        portal.world.put("contacts", {"lastname": "x", "associatedcompanyid": company}, str(number))
    path = "/crm/v4/associations/companies/contacts/batch/read"
    (first,) = portal.post(path, {"inputs": [{"id": company}]})["results"]
    after = first["paging"]["next"]["after"]
    (second,) = portal.post(path, {"inputs": [{"id": company, "after": after}]})["results"]
    assert (len(first["to"]), len(second["to"])) == (500, 11)
    assert "paging" not in second
    listed = portal.get(f"/crm/v4/objects/companies/{company}/associations/contacts", limit="500")
    assert listed["paging"]["next"]["after"] == after == "501"


def test_v3_reads_type_names_and_at_most_100(portal: Served) -> None:
    company = portal.world.put("companies", {"name": "Acme"})
    for number in range(1, 61):
        portal.world.put("contacts", {"lastname": "x", "associatedcompanyid": company}, str(number))
    path = "/crm/v3/associations/companies/contacts/batch/read"
    (result,) = portal.post(path, {"inputs": [{"id": company}]})["results"]
    assert len(result["to"]) == 100
    assert result["to"][:2] == [
        {"id": "1", "type": "company_to_contact"},
        {"id": "1", "type": "company_to_contact_unlabeled"},
    ]


def test_a_batch_can_tie_label_unlabel_and_untie(
    portal: Served, trio: tuple[str, str, str]
) -> None:
    contact, first, second = trio
    batch(portal, "associate/default", [pair(contact, first)], 200)
    made = batch(portal, "create", [pair(contact, second, 1)], 201)
    assert made["results"][0]["labels"] == ["Primary"]
    assert types(portal, "contacts", contact, "companies") == {501: [279], 502: [1, 279]}
    batch(portal, "labels/archive", [pair(contact, second, 1)], 204)
    assert types(portal, "contacts", contact, "companies") == {501: [279], 502: [279]}
    batch(portal, "archive", [{"from": {"id": contact}, "to": [{"id": first}]}], 204)
    assert types(portal, "contacts", contact, "companies") == {502: [279]}


def test_removing_the_plain_type_removes_all(portal: Served, trio: tuple[str, str, str]) -> None:
    contact, company, _ = trio
    label(portal, contact, company, 1)
    batch(portal, "labels/archive", [pair(contact, company, 279)], 204)
    assert types(portal, "contacts", contact, "companies") == {}


def test_a_batch_create_tells_bad_ids_in_a_207(portal: Served, trio: tuple[str, str, str]) -> None:
    contact, company, _ = trio
    body = batch(portal, "create", [pair(contact, "nobody", 1), pair(contact, company, 1)], 207)
    assert len(body["results"]) == 1
    (error,) = body["errors"]
    assert error["subCategory"] == "crm.associations.INVALID_IDENTIFIER"
    assert error["message"] == "nobody is not a valid ID"


def test_a_company_cannot_be_tied_to_itself(portal: Served, trio: tuple[str, str, str]) -> None:
    path = f"/crm/v4/objects/companies/{trio[1]}/associations/default/companies/{trio[1]}"
    body = portal.call("PUT", path, 400)
    assert body["message"] == "Object 501 cannot be associated to itself (501)"


def test_a_batch_read_takes_1000_inputs(portal: Served) -> None:
    batch(portal, "read", [{"id": str(number)} for number in range(1001)], 400)
    told = batch(portal, "read", [{"id": str(number)} for number in range(1000)], 207)
    assert told["status"] == "COMPLETE"


def test_labels_are_those_of_the_direction(portal: Served) -> None:
    told = portal.get("/crm/v4/associations/companies/contacts/labels")["results"]
    assert {one["typeId"]: one["label"] for one in told} == {
        2: "Contact with Primary Company",
        280: None,
        930: "Billing Contact",
    }


LABELS = "/crm/v4/associations/deals/contacts/labels"


def deal_and_contact(portal: Served) -> tuple[str, str]:
    deal = portal.world.put("deals", {"dealname": "Big", "dealstage": "contractsent"}, "900")
    return deal, portal.world.put("contacts", {"email": "ana@example.com"})


def test_a_label_people_define_has_a_type_a_direction(portal: Served) -> None:
    body = {"label": "Decision maker", "name": "decision_maker", "inverseLabel": "Decides"}
    there, back = portal.post(LABELS, body)["results"]
    assert there == {"category": "USER_DEFINED", "typeId": there["typeId"], "label": body["label"]}
    assert there in portal.get(LABELS)["results"]
    assert back in portal.get("/crm/associations/2026-03/contacts/deals/labels")["results"]
    deal, contact = deal_and_contact(portal)
    spec_ = {"associationCategory": "USER_DEFINED", "associationTypeId": there["typeId"]}
    path = "/crm/v4/associations/deals/contacts/batch/create"
    one = {"from": {"id": deal}, "to": {"id": contact}, "types": [spec_]}
    (made,) = portal.post(path, {"inputs": [one]}, 201)["results"]
    assert made["labels"] == ["Decision maker"]
    assert types(portal, "deals", deal, "contacts") == {int(contact): [3, there["typeId"]]}
    assert types(portal, "contacts", contact, "deals") == {900: [4, back["typeId"]]}


def test_a_label_survives_a_dump_and_its_ties_too(portal: Served) -> None:
    number = portal.world.define_label("deals", "contacts", "Budget holder")
    deal, contact = deal_and_contact(portal)
    portal.world.associate("deals", deal, "contacts", contact, [number])
    state = portal.world.tables.dump()
    portal.reset()
    assert number not in {one["typeId"] for one in portal.get(LABELS)["results"]}
    portal.world.tables.restore(state)
    assert types(portal, "deals", deal, "contacts") == {int(contact): [3, number]}


@pytest.mark.parametrize(
    "body",
    [{}, {"label": "x"}, {"label": "x", "name": ""}, {"label": "Taken", "name": "other"},
     {"label": "Other", "name": "taken"}],
)  # fmt: skip
def test_a_label_without_words_or_with_those_of_another_is_refused(
    portal: Served, body: dict[str, str]
) -> None:
    portal.world.define_label("deals", "contacts", "Taken")
    before = portal.get(LABELS)
    portal.post(LABELS, body, 400)
    assert portal.get(LABELS) == before


def test_a_label_between_two_of_a_kind_is_one_type_unless_its_sides_differ(portal: Served) -> None:
    define = portal.world.define_label
    colleague, manager = (
        define("contacts", "contacts", "Colleague"),
        define("contacts", "contacts", "Manager", "Report"),
    )
    known = portal.world.portal.types
    assert known[colleague].opposite == colleague
    assert known[known[manager].opposite].label == "Report"
