"""What the simulated portal says of itself: token, limits, properties, pipelines, owners, paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, NOON, Served, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


@pytest.mark.parametrize("headers", [{"Authorization": ""}, {"Authorization": "Bearer wrong"}])
def test_without_the_token_nothing_is_shown(portal: Served, headers: dict[str, str]) -> None:
    answer = portal.http.get(CONTACTS, headers=headers)
    assert answer.status_code == 401
    body = answer.json()
    assert body["category"] == "INVALID_AUTHENTICATION"
    assert body["message"].startswith("Authentication credentials not found.")
    assert body["correlationId"] == answer.headers["x-hubspot-correlation-id"]


def test_an_unknown_path_is_not_found(portal: Served) -> None:
    paths = (
        "/crm/v9/objects/contacts",
        "/crm/objects/2020-01/contacts",
        "/crm/objects/v3/contacts",
        "/crm/owners/2025-09",
    )
    for path in paths:
        answer = portal.http.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("text/html")
    portal.world.switches.unknown_path = "json"
    assert portal.call("GET", paths[0], 404)["message"] == "resource not found"


def test_a_url_of_more_than_8_kb_is_too_long(portal: Served) -> None:
    statuses = {
        many: portal.http.get(
            CONTACTS, params={"properties": ",".join(["hs_object_id"] * many)}
        ).status_code
        for many in (500, 700)
    }
    assert statuses == {500: 200, 700: 414}


def test_answers_tell_the_budget_except_those_of_search(portal: Served) -> None:
    listed = portal.http.get(CONTACTS).headers
    again = portal.http.get(CONTACTS).headers
    found = portal.http.post(f"{CONTACTS}/search", json={}).headers
    assert listed["X-HubSpot-RateLimit-Max"] == "190"
    left = [int(one["X-HubSpot-RateLimit-Daily-Remaining"]) for one in (listed, again)]
    assert left[0] - left[1] == 1
    assert not [name for name in found if "ratelimit" in name]
    assert found["content-type"] == "application/json;charset=utf-8"


def test_limits_are_off_until_switched_on(portal: Served) -> None:
    statuses = {portal.http.post(f"{CONTACTS}/search", json={}).status_code for _ in range(8)}
    assert statuses == {200}


def test_a_sixth_search_in_a_second_is_refused_without_retry_after(portal: Served) -> None:
    portal.world.clock.advance(60)
    portal.world.switches.rate_limited = True
    answers = [portal.http.post(f"{CONTACTS}/search", json={}) for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert answers[-1].json()["message"] == "You have reached your secondly limit."
    assert answers[-1].json()["category"] == "RATE_LIMITS"
    assert "retry-after" not in answers[-1].headers
    portal.world.clock.advance(1)
    assert portal.http.post(f"{CONTACTS}/search", json={}).status_code == 200


def test_the_191st_call_in_ten_seconds_is_refused(portal: Served) -> None:
    portal.world.clock.advance(120)
    portal.world.switches.rate_limited = True
    statuses = [portal.http.get("/account-info/v3/details").status_code for _ in range(191)]
    assert statuses.count(429) == 1
    assert portal.http.get(CONTACTS).json()["policyName"] == "TEN_SECONDLY_ROLLING"
    portal.world.clock.advance(10)
    assert portal.http.get(CONTACTS).status_code == 200


def test_the_account_says_which_portal_it_is(portal: Served) -> None:
    told = portal.get("/account-info/v3/details")
    assert told["portalId"] == 148_000_001
    assert (told["timeZone"], told["utcOffset"]) == ("Europe/Madrid", "+01:00")
    portal.world.clock.freeze(NOON.replace(month=7))
    assert portal.get("/account-info/v3/details")["utcOffset"] == "+02:00"


def test_writability_is_told_by_the_read_only_mark_not_by_calculated(portal: Served) -> None:
    results = portal.get("/crm/v3/properties/contacts")["results"]
    told = {one["name"]: one for one in results}
    assert len(told) >= 60
    assert told["createdate"]["modificationMetadata"]["readOnlyValue"] is True
    assert told["createdate"]["calculated"] is False
    stages = [one for name, one in told.items() if name.startswith("hs_v2_")]
    assert len(stages) > 16
    assert not [one["name"] for one in stages if one["calculated"]]
    assert told["phone"]["modificationMetadata"]["readOnlyValue"] is False
    assert told["crmsync_key"]["hasUniqueValue"] is True
    assert told["hubspot_owner_id"]["externalOptions"] is True
    assert told["hubspot_owner_id"]["options"] == []


@pytest.mark.parametrize(
    ("name", "properties"),
    [
        ("companies", {"name", "domain", "industry", "numberofemployees", "crmsync_key"}),
        ("deals", {"dealname", "amount", "closedate", "dealstage", "pipeline", "crmsync_key"}),
    ],
)
def test_every_object_has_its_properties(portal: Served, name: str, properties: set[str]) -> None:
    results = portal.get(f"/crm/v3/properties/{name}")["results"]
    assert properties <= {one["name"] for one in results}


def new_property(**more: Any) -> dict[str, Any]:
    body = {"name": "tier", "label": "Tier", "type": "string", "fieldType": "text"}
    return {**body, "groupName": "contactinformation", **more}


def test_a_property_can_be_created_read_and_written(portal: Served) -> None:
    made = portal.post("/crm/v3/properties/contacts", new_property(), 201)
    assert portal.get("/crm/v3/properties/contacts/tier") == made
    body = {"properties": {"lastname": "A", "tier": "gold"}}
    assert portal.post(CONTACTS, body, 201)["properties"]["tier"] == "gold"


def test_a_property_name_is_taken_once(portal: Served) -> None:
    portal.post("/crm/v3/properties/contacts", new_property(), 201)
    body = portal.post("/crm/v3/properties/contacts", new_property(), 409)
    assert body["message"] == "A property named 'tier' already exists."


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"fieldType": "number"}, "fieldType number"),
        ({"type": "money"}, "type money"),
        ({"groupName": "none"}, "group none"),
        ({"label": ""}, "['label']"),
    ],
)
def test_a_property_that_makes_no_sense_is_refused(
    portal: Served, more: dict[str, str], words: str
) -> None:
    refused = portal.post("/crm/v3/properties/contacts", new_property(**more), 400)
    assert words in refused["message"]
    portal.call("GET", "/crm/v3/properties/contacts/tier", 404)


def test_an_object_has_at_most_ten_unique_properties(portal: Served) -> None:
    path = "/crm/v3/properties/contacts"
    for number in range(9):
        portal.post(path, new_property(name=f"u{number}", hasUniqueValue=True), 201)
    refused = portal.post(path, new_property(name="u9", hasUniqueValue=True), 400)
    assert "10" in refused["message"]
    portal.call("GET", f"{path}/u9", 404)
    portal.post(path, new_property(name="u9"), 201)


def test_an_unknown_property_is_not_found(portal: Served) -> None:
    portal.call("GET", "/crm/v3/properties/contacts/nope", 404)
    inputs = {"archived": False, "inputs": [{"name": "email"}, {"name": "nope"}]}
    body = portal.post("/crm/v3/properties/contacts/batch/read", inputs, 207)
    assert [one["name"] for one in body["results"]] == ["email"]
    assert body["errors"][0]["context"] == {"name": ["nope"]}


def test_properties_have_groups(portal: Served) -> None:
    (group,) = portal.get("/crm/v3/properties/deals/groups")["results"]
    assert group["name"] == "dealinformation"


def test_the_deal_pipeline_has_its_default_stages(portal: Served) -> None:
    (pipeline,) = portal.get("/crm/v3/pipelines/deals")["results"]
    assert pipeline["id"] == "default"
    stages = {one["id"]: one["metadata"] for one in pipeline["stages"]}
    assert list(stages) == [
        "appointmentscheduled",
        "qualifiedtobuy",
        "presentationscheduled",
        "decisionmakerboughtin",
        "contractsent",
        "closedwon",
        "closedlost",
    ]
    assert stages["closedwon"] == {"isClosed": "true", "probability": "1.0"}
    assert portal.get("/crm/v3/pipelines/deals/default/stages")["results"] == pipeline["stages"]
    portal.call("GET", "/crm/v3/pipelines/deals/other", 404)


def test_contacts_have_a_lifecycle_pipeline(portal: Served) -> None:
    (pipeline,) = portal.get("/crm/v3/pipelines/contacts")["results"]
    assert pipeline["id"] == "contacts-lifecycle-pipeline"
    assert pipeline["stages"][-1]["metadata"] == {"isClosed": "true", "state": "CLOSED"}


def test_owners_come_in_pages_and_archived_ones_apart(portal: Served) -> None:
    for number in range(3):
        portal.world.put("owners", {"email": f"o{number}@example.com", "firstName": "O"})
    gone = portal.world.put("owner", {"email": "gone@example.com", "archived": True})
    first = portal.get("/crm/v3/owners/", limit="2")
    rest = portal.get("/crm/v3/owners", limit="2", after=first["paging"]["next"]["after"])
    emails = [one["email"] for one in first["results"] + rest["results"]]
    assert emails == ["o0@example.com", "o1@example.com", "o2@example.com"]
    assert "paging" not in rest
    (archived,) = portal.get("/crm/v3/owners", archived="true")["results"]
    assert (archived["id"], "userId" in archived) == (gone, False)
    (one,) = portal.get("/crm/v3/owners", email="o1@example.com")["results"]
    assert portal.get(f"/crm/v3/owners/{one['userId']}", idProperty="userId") == one
    portal.call("GET", f"/crm/v3/owners/{gone}", 404)


def test_an_owner_can_be_given_a_record(portal: Served) -> None:
    owner = portal.world.put("owners", {"email": "o@example.com"}, id="777")
    body = {"properties": {"lastname": "A", "hubspot_owner_id": owner}}
    assert portal.post(CONTACTS, body, 201)["properties"]["hubspot_owner_id"] == "777"


@pytest.mark.parametrize(
    ("classic", "dated"),
    [
        (CONTACTS, "/crm/objects/2026-03/contacts"),
        (CONTACTS, "/crm/objects/2026-09/contacts"),
        (f"{COMPANIES}/501", "/crm/objects/2026-03/companies/501"),
        ("/crm/v3/properties/deals", "/crm/properties/2026-03/deals"),
        ("/crm/v3/pipelines/deals", "/crm/pipelines/2026-03/deals"),
        ("/crm/v3/owners", "/crm/owners/2026-03"),
        ("/account-info/v3/details", "/account-info/2026-03/details"),
        (
            "/crm/v4/objects/companies/501/associations/contacts",
            "/crm/objects/2026-03/companies/501/associations/contacts",
        ),
        (
            "/crm/v4/associations/companies/contacts/labels",
            "/crm/associations/2026-03/companies/contacts/labels",
        ),
    ],
)
def test_dated_paths_answer_as_the_classic_ones(portal: Served, classic: str, dated: str) -> None:
    portal.world.put("owners", {"email": "o@example.com"})
    portal.world.put("companies", {"name": "Acme"}, id="501")
    portal.world.put("contacts", {"email": "a@example.com", "associatedcompanyid": "501"})
    assert portal.get(classic) == portal.get(dated)


def test_dated_paths_write_as_the_classic_ones(portal: Served) -> None:
    body = {"inputs": [{"properties": {"email": "a@example.com"}}]}
    portal.post("/crm/objects/2026-03/contacts/batch/create", body, 201)
    (one,) = portal.post("/crm/objects/2026-03/contacts/search", {})["results"]
    inputs = {"inputs": [{"id": one["id"]}]}
    classic = portal.post("/crm/v4/associations/contacts/deals/batch/read", inputs, 207)
    dated = portal.post("/crm/associations/2026-03/contacts/deals/batch/read", inputs, 207)
    assert classic == dated


def test_every_call_is_logged_but_those_of_the_side_door(portal: Served) -> None:
    portal.get(CONTACTS, limit="5")
    httpx.get(f"{portal.url}/__control__/requests", trust_env=False)
    assert portal.world.requests == [
        {"method": "GET", "path": CONTACTS, "query": "limit=5", "status": 200, "headers": {}}
    ]


def test_users_tell_when_they_work_and_owners_do_not(portal: Served) -> None:
    hours = '[{"days":"MONDAY_TO_FRIDAY","startMinute":540,"endMinute":1020}]'
    told = {"hs_standard_time_zone": "Europe/Madrid", "hs_working_hours": hours}
    owner = portal.world.put("owners", {"email": "ana@acme.example", "firstName": "Ana", **told})
    portal.world.put("owners", {"email": "cola@acme.example", "type": "QUEUE"})
    portal.world.put("owners", {"email": "gone@acme.example", "archived": True})
    asked = "hs_internal_user_id,hs_working_hours,hs_standard_time_zone,no_such_property"
    answer = portal.call("GET", "/crm/v3/objects/users", 200, params={"properties": asked})
    [user] = answer["results"]
    shown = portal.call("GET", f"/crm/v3/owners/{owner}", 200)
    assert user["id"] != owner
    assert user["properties"]["hs_internal_user_id"] == str(shown["userId"])
    assert user["properties"]["hs_working_hours"] == hours
    assert "no_such_property" not in user["properties"]
    assert not set(told) & set(shown)


def test_users_come_in_pages(portal: Served) -> None:
    for number in range(3):
        portal.world.put("owners", {"email": f"p{number}@acme.example"})
    first = portal.call("GET", "/crm/v3/objects/users", 200, params={"limit": "2"})
    after = first["paging"]["next"]["after"]
    rest = portal.call("GET", "/crm/v3/objects/users", 200, params={"limit": "2", "after": after})
    ids = [one["id"] for one in (*first["results"], *rest["results"])]
    assert len(ids) == len(set(ids)) == 3
    assert "paging" not in rest
