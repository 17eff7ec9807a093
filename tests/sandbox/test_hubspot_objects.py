"""Reading and writing records of the simulated portal one by one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, DEALS, NOON, Served, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def fill(portal: Served, count: int) -> list[str]:
    return [
        portal.world.put("contacts", {"email": f"person{n}@example.com", "lastname": f"P{n}"})
        for n in range(count)
    ]


def pages(portal: Served, **params: str) -> list[list[str]]:
    found, after = [], None
    while True:
        more = {} if after is None else {"after": after}
        body = portal.get(CONTACTS, **params, **more)
        found.append([one["id"] for one in body["results"]])
        if "paging" not in body:
            return found
        after = body["paging"]["next"]["after"]


def test_pages_are_in_order_of_id_and_miss_nobody(portal: Served) -> None:
    ids = fill(portal, 250)
    found = pages(portal, limit="100")
    assert [len(page) for page in found] == [100, 100, 50]
    assert [id_ for page in found for id_ in page] == ids


def test_a_page_is_ten_records_unless_asked_otherwise(portal: Served) -> None:
    fill(portal, 12)
    assert len(portal.get(CONTACTS)["results"]) == 10


def test_the_cursor_is_the_id_of_the_next_record(portal: Served) -> None:
    ids = fill(portal, 3)
    assert portal.get(CONTACTS, limit="2")["paging"]["next"]["after"] == ids[2]


def test_records_loaded_with_older_ids_are_listed_in_their_place(portal: Served) -> None:
    portal.world.put("contacts", {"lastname": "new"})
    portal.world.put("contacts", {"lastname": "old"}, id="51")
    assert portal.get(CONTACTS)["results"][0]["id"] == "51"


@pytest.mark.parametrize(
    "params", [{"limit": "101"}, {"limit": "51", "propertiesWithHistory": "email"}]
)
def test_a_page_larger_than_the_platform_gives_is_refused(
    portal: Served, params: dict[str, str]
) -> None:
    body = portal.call("GET", CONTACTS, 400, params=params)
    assert body["category"] == "VALIDATION_ERROR"


def test_repeated_and_comma_separated_properties_mean_the_same(portal: Served) -> None:
    fill(portal, 1)
    comma = portal.get(CONTACTS, properties="phone,email")
    repeated = portal.get(CONTACTS, properties=["phone", "email"], archived="False")
    assert comma == repeated
    assert list(comma["results"][0]["properties"]) == [
        "createdate",
        "email",
        "hs_object_id",
        "lastmodifieddate",
        "phone",
    ]


def test_an_empty_property_is_null_and_an_undefined_one_is_left_out(portal: Served) -> None:
    (id_,) = fill(portal, 1)
    shown = portal.contact(id_, "city", "nonsense")
    assert shown["city"] is None
    assert "nonsense" not in shown


def test_default_properties_come_when_none_are_asked(portal: Served) -> None:
    id_ = portal.world.put("deals", {"dealname": "D", "amount": 5})
    shown = portal.get(f"{DEALS}/{id_}")["properties"]
    assert set(shown) == {
        "amount",
        "closedate",
        "createdate",
        "dealname",
        "dealstage",
        "hs_lastmodifieddate",
        "hs_object_id",
        "pipeline",
    }
    assert shown["amount"] == "5"


def test_created_and_updated_mirror_the_properties(portal: Served) -> None:
    id_ = portal.world.put(
        "contacts",
        {"email": "a@example.com", "createdate": "2024-01-05T08:00:00Z", "lastmodifieddate": NOON},
    )
    body = portal.get(f"{CONTACTS}/{id_}")
    assert body["createdAt"] == "2024-01-05T08:00:00Z"
    assert body["updatedAt"] == "2026-03-02T12:00:00Z"


def test_a_contact_is_found_by_email_in_any_case(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "Ana@Example.com"})
    found = portal.get(f"{CONTACTS}/ANA%40example.com", idProperty="email")
    assert found["id"] == id_
    assert found["properties"]["email"] == "ana@example.com"


def test_a_contact_is_found_by_an_additional_email(portal: Served) -> None:
    values = {"email": "ana@example.com", "hs_additional_emails": "a@example.org;b@example.org"}
    id_ = portal.world.put("contacts", values)
    assert portal.get(f"{CONTACTS}/b@example.org", idProperty="email")["id"] == id_


def test_an_unknown_numeric_id_is_not_found_without_category(portal: Served) -> None:
    body = portal.call("GET", f"{CONTACTS}/404", 404)
    assert body["message"] == "resource not found"
    assert "category" not in body


def test_an_id_that_is_no_number_is_told_so(portal: Served) -> None:
    body = portal.call("GET", f"{CONTACTS}/x", 404)
    assert body["message"] == "Object not found.  objectId are usually numeric."
    assert body["context"] == {"id": ["x"]}


@pytest.mark.parametrize("name", ["contacts", "CONTACT", "Contact", "0-1"])
def test_an_object_goes_by_plural_singular_and_type_id(portal: Served, name: str) -> None:
    fill(portal, 1)
    assert len(portal.get(f"/crm/v3/objects/{name}/")["results"]) == 1


def test_an_unknown_object_is_a_400_without_category(portal: Served) -> None:
    body = portal.call("GET", "/crm/v3/objects/widgets", 400)
    assert body["message"] == "Unable to infer object type from: widgets"
    assert "category" not in body


def test_a_create_answers_201_with_every_property_that_is_not_empty(portal: Served) -> None:
    body = portal.post(CONTACTS, {"properties": {"email": "Bo@Example.com", "city": ""}}, 201)
    shown = body["properties"]
    assert shown["email"] == "bo@example.com"
    assert shown["lifecyclestage"] == "lead"
    assert shown["hs_lifecyclestage_lead_date"] == str(int(NOON.timestamp()) * 1000)
    assert shown["hs_email_domain"] == "example.com"
    assert "city" not in shown
    assert body["createdAt"] == "2026-03-02T12:00:00Z"
    assert body["url"].endswith(f"/record/0-1/{body['id']}")


def test_two_contacts_cannot_share_an_email(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "ana@example.com"})
    body = portal.post(CONTACTS, {"properties": {"email": "ANA@example.com"}}, 409)
    assert body["message"] == f"Contact already exists. Existing ID: {id_}"
    assert body["category"] == "CONFLICT"


def test_an_update_cannot_take_the_email_of_somebody_else(portal: Served) -> None:
    portal.world.put("contacts", {"email": "ana@example.com"})
    other = portal.world.put("contacts", {"email": "bo@example.com"})
    portal.patch(f"{CONTACTS}/{other}", {"email": "ana@example.com"}, 409)
    portal.patch(f"{CONTACTS}/{other}", {"email": "bo@example.com"})
    told = portal.get(f"{CONTACTS}/{other}", properties="email")
    assert told["properties"]["email"] == "bo@example.com"


def test_two_companies_can_share_a_domain(portal: Served) -> None:
    body = {"properties": {"domain": "acme.example"}}
    first, second = portal.post(COMPANIES, body, 201), portal.post(COMPANIES, body, 201)
    assert first["id"] != second["id"]


def test_a_new_company_gets_its_website_from_its_domain(portal: Served) -> None:
    body = portal.post(COMPANIES, {"properties": {"domain": "acme.example"}}, 201)
    assert body["properties"]["website"] == "acme.example"


@pytest.mark.parametrize(
    ("path", "properties"),
    [(CONTACTS, {"city": "Lima"}), (COMPANIES, {"city": "Lima"}), (DEALS, {"dealname": "D"})],
)
def test_a_create_without_what_the_object_needs_is_refused(
    portal: Served, path: str, properties: dict[str, str]
) -> None:
    body = portal.post(path, {"properties": properties}, 400)
    assert body["category"] == "VALIDATION_ERROR"
    assert portal.get(path)["results"] == []


def test_an_update_changes_only_what_was_sent_and_answers_with_it(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "a@example.com", "city": "Lima"})
    portal.world.clock.advance(5)
    body = portal.patch(f"{CONTACTS}/{id_}", {"phone": "1"})
    system = {"hs_object_source", "hs_object_source_label", "hs_pipeline", "lifecyclestage"}
    stamps = {"createdate", "lastmodifieddate", "hs_v2_date_entered_current_stage"}
    own = {"phone", "hs_object_id", "hs_is_unworked"}
    assert set(body["properties"]) == own | system | stamps
    assert body["updatedAt"] == "2026-03-02T12:00:05Z"
    assert portal.contact(id_, "city")["city"] == "Lima"


def test_an_empty_string_clears_and_null_does_not(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "a@example.com", "city": "Lima", "zip": "15001"})
    portal.patch(f"{CONTACTS}/{id_}", {"city": "", "zip": None})
    shown = portal.contact(id_, "city", "zip")
    assert (shown["city"], shown["zip"]) == (None, "15001")


def test_an_update_by_a_unique_property_finds_the_record(portal: Served) -> None:
    id_ = portal.world.put("companies", {"name": "Acme", "crmsync_key": "k1"})
    path = f"{COMPANIES}/k1?idProperty=crmsync_key"
    assert portal.patch(path, {"city": "Lima"})["id"] == id_


def test_a_domain_does_not_identify_a_company(portal: Served) -> None:
    portal.world.put("companies", {"domain": "acme.example"})
    body = portal.call("GET", f"{COMPANIES}/acme.example?idProperty=domain", 400)
    assert body["message"] == "Unable to perform update/upsert by non-unique 0-2 property domain"


def test_an_archived_record_is_listed_only_among_the_archived(portal: Served) -> None:
    kept, gone = fill(portal, 2)
    portal.call("DELETE", f"{CONTACTS}/{gone}", 204)
    assert pages(portal) == [[kept]]
    (shown,) = portal.get(CONTACTS, archived="true")["results"]
    assert (shown["id"], shown["archived"]) == (gone, True)
    assert shown["archivedAt"] == "2026-03-02T12:00:00Z"
    portal.call("GET", f"{CONTACTS}/{gone}", 404)
    portal.patch(f"{CONTACTS}/{gone}", {"city": "Lima"}, 404)


def test_archiving_nobody_is_204(portal: Served) -> None:
    assert portal.http.delete(f"{CONTACTS}/999").status_code == 204


def test_an_archived_contact_frees_its_email(portal: Served) -> None:
    (gone,) = fill(portal, 1)
    portal.call("DELETE", f"{CONTACTS}/{gone}", 204)
    fresh = portal.post(CONTACTS, {"properties": {"email": "person0@example.com"}}, 201)
    assert fresh["id"] != gone


@pytest.mark.parametrize("name", ["line_items", "tickets", "Leads", "0-5"])
def test_ties_to_objects_that_are_not_simulated_are_none(portal: Served, name: str) -> None:
    """Extractors ask for them in one line with the others."""
    company = portal.world.put("companies", {"name": "Acme"})
    portal.world.put("contacts", {"lastname": "A", "associatedcompanyid": company})
    (shown,) = portal.get(CONTACTS, associations=f"{name},companies")["results"]
    assert shown["associations"].keys() == {"companies"}
    portal.call("GET", CONTACTS, 400, params={"associations": "nonsense"})
    portal.call("GET", f"/crm/v3/objects/{name}", 400)


def test_inline_associations_show_one_line_a_type(portal: Served) -> None:
    company = portal.world.put("companies", {"name": "Acme"})
    contact = portal.world.put("contacts", {"lastname": "A", "associatedcompanyid": company})
    (shown,) = portal.get(CONTACTS, associations="companies,deals")["results"]
    assert shown["id"] == contact
    assert shown["associations"] == {
        "companies": {
            "results": [
                {"id": company, "type": "contact_to_company"},
                {"id": company, "type": "contact_to_company_unlabeled"},
            ]
        }
    }


def test_a_create_can_bring_its_associations(portal: Served) -> None:
    company = portal.world.put("companies", {"name": "Acme"})
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}]
    body = {
        "properties": {"lastname": "A"},
        "associations": [{"to": {"id": company}, "types": types}],
    }
    created = portal.post(CONTACTS, body, 201)
    assert created["properties"]["associatedcompanyid"] == company


def test_a_create_with_a_wrong_association_creates_nothing(portal: Served) -> None:
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}]
    body = {"properties": {"lastname": "A"}, "associations": [{"to": {"id": 9}, "types": types}]}
    portal.post(CONTACTS, body, 400)
    assert portal.get(CONTACTS)["results"] == []


def test_a_body_that_is_no_json_is_a_400_without_category(portal: Served) -> None:
    body = portal.call("POST", CONTACTS, 400, content=b'{"properties": ')
    assert body["message"].startswith("Invalid input JSON on line 1, column ")
    assert "category" not in body


def test_a_company_counts_its_open_deals_and_its_children(portal: Served) -> None:
    acme = portal.post(COMPANIES, {"properties": {"name": "Acme"}}, 201)
    assert acme["properties"]["hs_num_open_deals"] == "0"
    put, tie = portal.world.put, portal.world.associate
    deals = [put("deals", {"dealname": name, "dealstage": "contractsent"}) for name in "ab"]
    child = put("companies", {"name": "Child"})
    tie("companies", acme["id"], "companies", child, [13])
    for deal in deals:
        tie("deals", deal, "companies", acme["id"], [341])

    def counted() -> tuple[str, str]:
        names = ("hs_num_open_deals", "hs_num_child_companies")
        told = portal.get(f"{COMPANIES}/{acme['id']}", properties=",".join(names))["properties"]
        return told[names[0]], told[names[1]]

    assert counted() == ("2", "1")
    portal.patch(f"{DEALS}/{deals[0]}", {"dealstage": "closedwon"})
    assert counted() == ("1", "1")
    portal.patch(f"{DEALS}/{deals[0]}", {"dealstage": "contractsent"})
    assert counted() == ("2", "1")
    portal.call("DELETE", f"{DEALS}/{deals[1]}", 204)
    portal.call("DELETE", f"{COMPANIES}/{child}", 204)
    assert counted() == ("1", "0")
