"""Merged, erased, archived and restored: what is left of a record of the simulated portal."""

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


@pytest.fixture
def ana(portal: Served) -> str:
    values = {"email": "ana@acme.example", "firstname": "Ana", "lifecyclestage": "lead"}
    return portal.world.put("contacts", values)


@pytest.fixture
def anna(portal: Served, ana: str) -> str:
    portal.world.clock.advance(60)
    values = {"email": "anna@uno.example", "firstname": "Anna", "city": "Lima"}
    values |= {"lifecyclestage": "customer"}
    return portal.world.put("contacts", values)


def merge(portal: Served, path: str, primary: str, other: str, expected: int = 200) -> Any:
    body = {"primaryObjectId": primary, "objectIdToMerge": other}
    return portal.post(f"{path}/merge", body, expected)


def test_a_merge_makes_a_third_record_to_which_both_ids_lead(
    portal: Served, ana: str, anna: str
) -> None:
    new = merge(portal, CONTACTS, ana, anna)["id"]
    assert new not in (ana, anna)
    for asked in (ana, anna, new):
        assert portal.get(f"{CONTACTS}/{asked}")["id"] == new
    asked = {"inputs": [{"id": ana}, {"id": anna}]}
    assert [one["id"] for one in portal.post(f"{CONTACTS}/batch/read", asked)["results"]] == [new]
    assert portal.patch(f"{CONTACTS}/{anna}", {"city": "Quito"})["id"] == new
    assert [one["id"] for one in portal.get(CONTACTS)["results"]] == [new]
    assert portal.post(f"{CONTACTS}/search", {})["total"] == 1
    assert portal.get(CONTACTS, archived="true")["results"] == []


def test_in_the_beta_the_primary_keeps_its_id(portal: Served, ana: str, anna: str) -> None:
    portal.world.switches.merge_keeps_primary = True
    assert merge(portal, CONTACTS, ana, anna)["id"] == ana
    assert portal.get(f"{CONTACTS}/{anna}")["id"] == ana
    told = portal.contact(ana, "hs_merged_object_ids", "hs_object_id")
    assert (told["hs_merged_object_ids"], told["hs_object_id"]) == (anna, ana)


def test_the_primary_wins_and_the_other_fills_what_is_blank(
    portal: Served, ana: str, anna: str
) -> None:
    new = merge(portal, CONTACTS, ana, anna)["id"]
    names = ("email", "hs_additional_emails", "firstname", "city", "lifecyclestage", "createdate")
    told = portal.contact(new, *names)
    assert [told[name] for name in names] == [
        "ana@acme.example",
        "anna@uno.example",
        "Ana",
        "Lima",
        "customer",  # the stage furthest down the funnel
        "2026-03-02T12:00:00Z",  # that of the older
    ]
    found = portal.get(f"{CONTACTS}/anna@uno.example", idProperty="email")
    assert found["id"] == new


def test_a_portal_can_be_told_that_the_newest_value_wins(
    portal: Served, ana: str, anna: str
) -> None:
    portal.world.switches.merge_values = "newest"
    new = merge(portal, CONTACTS, ana, anna)["id"]
    assert portal.contact(new, "firstname")["firstname"] == "Anna"


def test_histories_are_woven_together(portal: Served, ana: str, anna: str) -> None:
    portal.world.clock.advance(60)
    new = merge(portal, CONTACTS, ana, anna)["id"]
    body = portal.get(f"{CONTACTS}/{new}", propertiesWithHistory="firstname")
    told = [(one["value"], one["sourceType"]) for one in body["propertiesWithHistory"]["firstname"]]
    assert told == [("Ana", "MERGE_OBJECTS"), ("Anna", "IMPORT"), ("Ana", "IMPORT")]


def test_every_merged_id_is_listed_but_the_calculated_list_forgets(
    portal: Served, ana: str, anna: str
) -> None:
    third = portal.world.put("contacts", {"email": "third@due.example"})
    first = merge(portal, CONTACTS, ana, anna)["id"]
    last = merge(portal, CONTACTS, third, first)["id"]
    told = portal.contact(last, "hs_merged_object_ids", "hs_calculated_merged_vids")
    assert set(told["hs_merged_object_ids"].split(";")) == {ana, anna, third, first}
    vids = {one.partition(":")[0] for one in told["hs_calculated_merged_vids"].split(";")}
    assert vids == {third, first}
    for asked in (ana, anna, third, first):
        assert portal.get(f"{CONTACTS}/{asked}")["id"] == last


def test_ties_of_both_stay_and_the_primary_company_is_the_primarys(
    portal: Served, ana: str, anna: str
) -> None:
    one, other = (portal.world.put("companies", {"name": name}) for name in ("Acme", "Uno"))
    deal = portal.world.put("deals", {"dealname": "D"})
    portal.world.put("contacts", {"associatedcompanyid": one}, ana)
    portal.world.put("contacts", {"associatedcompanyid": other}, anna)
    portal.world.associate("contacts", anna, "deals", deal, [4])
    new = merge(portal, CONTACTS, ana, anna)["id"]
    told = portal.contact(new, "associatedcompanyid", "num_associated_deals")
    assert (told["associatedcompanyid"], told["num_associated_deals"]) == (one, "1")
    ties = portal.get(f"/crm/v4/objects/contacts/{new}/associations/companies")["results"]
    labels = {str(tie["toObjectId"]): len(tie["associationTypes"]) for tie in ties}
    assert labels == {one: 2, other: 1}
    count = portal.get(f"{COMPANIES}/{other}", properties="num_associated_contacts")["properties"]
    assert count["num_associated_contacts"] == "1"


def test_companies_and_deals_are_merged_too(portal: Served) -> None:
    one, other = (
        portal.world.put("companies", {"name": name, "domain": f"{name}.example"})
        for name in ("acme", "uno")
    )
    company = merge(portal, COMPANIES, one, other)
    assert company["properties"]["domain"] == "acme.example"
    assert company["properties"]["hs_additional_domains"] == "uno.example"
    first, second = (portal.world.put("deals", {"dealname": name}) for name in "ab")
    assert merge(portal, DEALS, first, second)["properties"]["dealname"] == "a"


def test_what_cannot_be_merged_is_refused(portal: Served, ana: str) -> None:
    note = portal.world.put("notes", {"hs_note_body": "x"})
    other = portal.world.put("notes", {"hs_note_body": "y"})
    before = portal.world.tables.dump()
    assert "with itself" in merge(portal, CONTACTS, ana, ana, 400)["message"]
    assert "resource not found" in merge(portal, CONTACTS, ana, "99", 404)["message"]
    assert "type 0-46" in merge(portal, "/crm/v3/objects/notes", note, other, 400)["message"]
    assert (
        "objectIdToMerge"
        in portal.post(f"{CONTACTS}/merge", {"primaryObjectId": ana}, 400)["message"]
    )
    assert portal.world.tables.dump() == before


def test_more_than_250_identities_are_refused_with_414(portal: Served, ana: str, anna: str) -> None:
    many = ";".join(str(number) for number in range(1, 250))
    portal.world.put("contacts", {"hs_merged_object_ids": many}, ana)
    refused = merge(portal, CONTACTS, ana, anna, 414)
    assert refused["message"] == "Cannot have more than 250 identities on a profile"


def test_lists_keep_the_primary_alone_unless_told_otherwise(
    portal: Served, ana: str, anna: str
) -> None:
    for switch, size in (("primary", 1), ("both", 2)):
        portal.reset()
        portal.world.switches.merge_lists = switch
        one, other = (portal.world.put("contacts", {"lastname": name}) for name in "ab")
        for name, member in (("A", one), ("B", other)):
            body = {"name": name, "objectTypeId": "0-1", "processingType": "MANUAL"}
            id_ = portal.post("/crm/v3/lists", body)["list"]["listId"]
            portal.call("PUT", f"/crm/v3/lists/{id_}/memberships/add", 200, json=[member])
        new = merge(portal, CONTACTS, one, other)["id"]
        assert portal.get(f"/crm/v3/lists/records/0-1/{new}/memberships")["total"] == size
        for gone in (one, other):
            assert portal.get(f"/crm/v3/lists/records/0-1/{gone}/memberships")["total"] == 0


def test_a_portal_can_tell_merged_records_among_the_archived(
    portal: Served, ana: str, anna: str
) -> None:
    portal.world.switches.merged_are_archived = True
    merge(portal, CONTACTS, ana, anna)
    listed = portal.get(CONTACTS, archived="true")["results"]
    assert [one["id"] for one in listed] == [ana, anna]


def erase(portal: Served, expected: int = 204, **body: str) -> Any:
    return portal.call("POST", f"{CONTACTS}/gdpr-delete", expected, json=body)


def test_an_erased_contact_is_nowhere_and_its_address_is_blocked(
    portal: Served, ana: str, anna: str
) -> None:
    note = portal.world.put("notes", {"hs_note_body": "met Ana"})
    portal.world.associate("notes", note, "contacts", ana, [202])
    erase(portal, objectId=ana)
    portal.call("GET", f"{CONTACTS}/{ana}", 404)
    assert portal.get(CONTACTS, archived="true")["results"] == []
    assert portal.get(f"/crm/v3/objects/notes/{note}")["id"] == note
    body = {"properties": {"email": "Ana@acme.example"}}
    assert "blocklist" in portal.post(CONTACTS, body, 400)["message"]
    erase(portal, objectId="anna@uno.example", idProperty="email")
    portal.call("GET", f"{CONTACTS}/{anna}", 404)
    erase(portal, 404, objectId=ana)
    erase(portal, 400)


def test_an_address_nobody_has_is_blocked(portal: Served) -> None:
    erase(portal, objectId="who@due.example", idProperty="email")
    refused = portal.post(CONTACTS, {"properties": {"email": "who@due.example"}}, 400)
    assert "blocklist" in refused["message"]
    assert portal.get(CONTACTS)["results"] == []


def test_a_portal_can_be_told_to_block_only_addresses_nobody_had(portal: Served, ana: str) -> None:
    portal.world.switches.erased_email_blocked = False
    erase(portal, objectId=ana)
    made = portal.post(CONTACTS, {"properties": {"email": "ana@acme.example"}}, 201)
    assert [one["id"] for one in portal.get(CONTACTS)["results"]] == [made["id"]]


def rehearse(portal: Served, command: str, body: Any, expected: int = 200) -> Any:
    return portal.call("POST", f"/__control__/{command}", expected, json=body)


def test_an_archived_contact_comes_back_with_its_ties(portal: Served, ana: str) -> None:
    company = portal.world.put("companies", {"name": "Acme"})
    portal.world.put("contacts", {"associatedcompanyid": company}, ana)
    portal.call("DELETE", f"{CONTACTS}/{ana}", 204)
    count = "num_associated_contacts"
    path = f"{COMPANIES}/{company}"
    assert portal.get(path, properties=count)["properties"][count] == "0"
    rehearse(portal, "undelete", {"object": "contacts", "ids": [ana]}, 204)
    assert portal.contact(ana, "associatedcompanyid")["associatedcompanyid"] == company
    assert portal.get(path, properties=count)["properties"][count] == "1"
    rehearse(portal, "undelete", {"object": "contacts", "ids": [ana]}, 400)


def test_a_restored_contact_needs_its_address_to_be_free(portal: Served, ana: str) -> None:
    portal.call("DELETE", f"{CONTACTS}/{ana}", 204)
    portal.post(CONTACTS, {"properties": {"email": "ana@acme.example"}}, 201)
    refused = rehearse(portal, "undelete", {"object": "contacts", "ids": [ana]}, 400)
    assert "ana@acme.example" in refused["error"]


def test_after_ninety_days_the_archived_are_gone(portal: Served, ana: str) -> None:
    portal.call("DELETE", f"{CONTACTS}/{ana}", 204)
    portal.world.clock.advance(89 * 86_400)
    assert len(portal.get(CONTACTS, archived="true")["results"]) == 1
    portal.world.clock.advance(2 * 86_400)
    assert portal.get(CONTACTS, archived="true")["results"] == []


@pytest.mark.parametrize(("touches", "at"), [(False, "12:00"), (True, "12:01")])
def test_archiving_moves_the_modified_date_or_not(
    portal: Served, ana: str, touches: bool, at: str
) -> None:
    portal.world.switches.archive_touches = touches
    portal.world.clock.advance(60)
    portal.call("DELETE", f"{CONTACTS}/{ana}", 204)
    (told,) = portal.get(CONTACTS, archived="true")["results"]
    assert told["updatedAt"] == f"2026-03-02T{at}:00Z"


@pytest.mark.parametrize(("touches", "at"), [(False, "12:00"), (True, "12:01")])
def test_a_tie_moves_the_modified_date_or_not(
    portal: Served, ana: str, touches: bool, at: str
) -> None:
    company = portal.world.put("companies", {"name": "Acme"})
    portal.world.switches.ties_touch = touches
    portal.world.clock.advance(60)
    path = f"/crm/v4/objects/contacts/{ana}/associations/default/companies/{company}"
    portal.call("PUT", path, 200)
    assert portal.get(f"{CONTACTS}/{ana}")["updatedAt"] == f"2026-03-02T{at}:00Z"
    assert portal.get(f"{COMPANIES}/{company}")["updatedAt"] == f"2026-03-02T{at}:00Z"
