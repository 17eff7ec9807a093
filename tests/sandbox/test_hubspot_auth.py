"""Tokens, scopes, OAuth, and the versions of the API, in the simulated portal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import hubspot
import pytest
from hubspot_fixtures import CONTACTS, Served, serving

from crmsync.sandbox.hubspot.ends import end_of

TOKEN_PATHS = ("/oauth/v1/token", "/oauth/v3/token", "/oauth/2026-03/token")
LATE_2026 = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def side_door(portal: Served, name: str, body: Any, expected: int = 200) -> Any:
    return portal.post(f"/__control__/{name}", body, expected)


def made(portal: Served, kind: str, **more: Any) -> dict[str, str]:
    token = side_door(portal, "tokens", {"make": kind, **more})["token"]
    return {"Authorization": f"Bearer {token}"}


def refreshed(portal: Served, path: str = TOKEN_PATHS[0], **wrong: str) -> Any:
    app = side_door(portal, "tokens", {})
    return portal.http.post(path, data={"grant_type": "refresh_token", **app, **wrong})


@pytest.mark.parametrize("path", TOKEN_PATHS)
def test_a_refresh_token_brings_one_that_lives_half_an_hour(portal: Served, path: str) -> None:
    told = refreshed(portal, path).json()
    assert (told["expires_in"], told["token_type"]) == (1800, "bearer")
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    portal.world.clock.advance(1799)
    assert portal.http.get(CONTACTS, headers=headers).status_code == 200
    portal.world.clock.advance(8)
    over = portal.http.get(CONTACTS, headers=headers)
    assert over.status_code == 401
    assert over.json()["category"] == "EXPIRED_AUTHENTICATION"
    assert over.json()["message"].endswith("expired 7 second(s) ago.")
    assert over.json()["context"] == {"expire time": ["2026-03-02T12:30:00.000Z"]}


@pytest.mark.parametrize(
    ("wrong", "error", "status"),
    [
        ({"refresh_token": "na1-old"}, "invalid_grant", "BAD_REFRESH_TOKEN"),
        ({"client_id": "x"}, "invalid_client", "BAD_CLIENT_ID"),
        ({"client_secret": "x"}, "invalid_client", "BAD_CLIENT_SECRET"),
        ({"grant_type": "password"}, "unsupported_grant_type", "BAD_GRANT_TYPE"),
    ],
)
def test_a_refused_login_says_it_in_new_words_and_in_old(
    portal: Served, wrong: dict[str, str], error: str, status: str
) -> None:
    refused = refreshed(portal, TOKEN_PATHS[1], **wrong)
    assert refused.status_code == 400
    told = refused.json()
    assert (told["error"], told["status"]) == (error, status)
    assert told["error_description"] == told["message"]


def test_a_revoked_refresh_token_is_refused_and_the_new_one_is_told(portal: Served) -> None:
    old = side_door(portal, "tokens", {})["refresh_token"]
    portal.http.post("/oauth/2026-03/token/revoke", data={"token": old})
    assert refreshed(portal, refresh_token=old).status_code == 400
    assert refreshed(portal).status_code == 200


def test_a_code_is_good_for_one_token_and_its_own_address(portal: Served) -> None:
    where = "https://app.example/back"
    code = side_door(portal, "oauth_code", {"redirect_uri": where})["code"]
    form = {"grant_type": "authorization_code", "code": code}
    other = refreshed(portal, **form, redirect_uri="https://other.example")
    assert other.json()["status"] == "MISMATCH_REDIRECT_URI_AUTH_CODE"
    assert refreshed(portal, **form, redirect_uri=where).status_code == 200
    assert refreshed(portal, **form, redirect_uri=where).json()["status"] == "BAD_AUTH_CODE"


def test_the_old_endpoint_reads_the_query_and_the_new_ones_the_body_alone(portal: Served) -> None:
    app = side_door(portal, "tokens", {})
    params = {"grant_type": "refresh_token", **app}
    assert portal.http.post(TOKEN_PATHS[0], params=params).status_code == 200
    assert portal.http.post(TOKEN_PATHS[1], params=params).status_code == 400


def test_the_public_client_refreshes_a_token(portal: Served) -> None:
    app = side_door(portal, "tokens", {})
    client = hubspot.Client.create(host=portal.url)
    told = client.oauth.tokens_api.create(grant_type="refresh_token", **app)
    assert told.expires_in == 1800
    asked = client.oauth.access_tokens_api.get(told.access_token)
    assert asked.hub_id == portal.world.portal.portal_id


def test_a_static_token_cannot_be_asked_about(portal: Served) -> None:
    refused = portal.http.get(f"/oauth/v1/access-tokens/{portal.world.token}")
    assert refused.status_code == 400
    assert refused.json()["message"] == "The access token must have the correct format"


def test_introspection_says_whether_a_token_lives(portal: Served) -> None:
    token = refreshed(portal).json()["access_token"]
    path = "/oauth/v3/token/introspect"
    assert portal.http.post(path, data={"token": token}).json()["active"] is True
    portal.world.clock.advance(1800)
    assert portal.http.post(path, data={"token": token}).json() == {"active": False}


def test_the_token_of_an_example_expired_long_ago(portal: Served) -> None:
    answer = portal.http.get(CONTACTS, headers={"Authorization": "Bearer access-token"})
    assert answer.json()["category"] == "EXPIRED_AUTHENTICATION"
    assert "day(s) ago" in answer.json()["message"]


def test_a_service_key_works_and_a_private_app_cannot_be_made_any_more(portal: Served) -> None:
    portal.world.clock.freeze(LATE_2026)
    headers = made(portal, "service key")
    assert headers["Authorization"].startswith("Bearer pat-na1-")
    assert portal.http.get(CONTACTS, headers=headers).status_code == 200
    assert "any more" in side_door(portal, "tokens", {"make": "private"}, 400)["error"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/crm/v3/objects/contacts", "crm.objects.contacts.read"),
        ("POST", "/crm/objects/2026-03/0-1/search", "crm.objects.contacts.read"),
        ("POST", "/crm/v3/objects/Company/batch/update", "crm.objects.companies.write"),
        ("PATCH", "/crm/v3/objects/deals/2026", "crm.objects.deals.write"),
        ("POST", "/crm/v3/objects/notes", "crm.objects.contacts.write"),
        ("GET", "/crm/v3/owners/", "crm.objects.owners.read"),
        ("POST", "/crm/v3/properties/contacts", "crm.schemas.contacts.write"),
        ("POST", "/crm/v4/associations/deals/contacts/batch/read", "crm.objects.deals.read"),
    ],
)
def test_a_call_without_its_scope_is_refused_in_either_shape(
    portal: Served, method: str, path: str, scope: str
) -> None:
    headers = made(portal, "service key", scopes=["oauth"])
    nested = portal.http.request(method, path, headers=headers, json={})
    assert nested.status_code == 403
    assert scope in nested.json()["errors"][0]["context"]["requiredGranularScopes"]
    portal.world.switches.scope_refusal = "flat"
    flat = portal.http.request(method, path, headers=headers, json={}).json()
    assert scope in flat["context"]["requiredGranularScopes"]
    assert "errors" not in flat
    allowed = made(portal, "service key", scopes=[scope])
    assert portal.http.request(method, path, headers=allowed, json={}).status_code != 403


def test_any_one_of_the_scopes_of_a_call_is_enough(portal: Served) -> None:
    headers = made(portal, "service key", scopes=["crm.objects.contacts.read"])
    answer = portal.http.get("/crm/v3/properties/contacts", headers=headers)
    assert answer.status_code == 200


def test_the_world_s_own_token_can_lose_scopes_overnight(portal: Served) -> None:
    side_door(portal, "tokens", {"scopes": ["crm.objects.contacts.read"]})
    portal.get(CONTACTS)
    portal.call("POST", CONTACTS, 403, json={"properties": {"email": "ana@uno.example"}})
    assert portal.get(CONTACTS)["results"] == []


def test_ends_of_paths_are_data_and_hold_when_switched_on(portal: Served) -> None:
    assert end_of("/oauth/v1/token") == date(2027, 2, 16)
    assert end_of("/crm/v4/objects/contacts/1/associations/companies") == date(2027, 3, 30)
    assert end_of("/crm/v3/objects/contacts") == date(2027, 9, 30)
    assert end_of("/crm/objects/2026-03/contacts") == date(2027, 9, 30)
    assert end_of("/crm/objects/2026-09/contacts") == date(2028, 3, 8)
    assert end_of("/__control__/state") is None
    portal.world.clock.freeze(datetime(2027, 10, 1, tzinfo=UTC))
    portal.get(CONTACTS)
    portal.world.switches.versions_end = True
    assert portal.http.get(CONTACTS).status_code == 404
    assert refreshed(portal).status_code == 404
    assert refreshed(portal, TOKEN_PATHS[1]).status_code == 200
    assert portal.http.get("/crm/objects/2026-03/contacts").status_code == 404
    portal.get("/crm/objects/2026-09/contacts")


WON = {"dealname": "Uno", "dealstage": "closedwon"}


def test_required_properties_bind_from_2026_09_on(portal: Served) -> None:
    rule = {"kind": "required", "object": "deals", "names": ["closedate"]}
    side_door(portal, "declare", {**rule, "when": {"dealstage": "closedwon"}})
    body = {"properties": WON}
    portal.post("/crm/v3/objects/deals", body, 201)
    portal.post("/crm/objects/2026-03/deals", body, 201)
    refused = portal.post("/crm/objects/2026-09/deals", body, 400)
    assert refused["category"] == "VALIDATION_ERROR"
    assert refused["errors"][0]["context"] == {"propertyName": ["closedate"]}
    whole = {"properties": {**WON, "closedate": "2026-03-01T00:00:00Z"}}
    portal.post("/crm/objects/2026-09/deals", whole, 201)
    portal.world.switches.write_rules = "every"
    portal.post("/crm/v3/objects/deals", body, 400)
    portal.world.switches.write_rules = "never"
    portal.post("/crm/objects/2026-09/deals", body, 201)


def test_a_form_asks_of_new_records_alone(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "ana@uno.example"})
    side_door(portal, "declare", {"kind": "required", "object": "contacts", "names": ["lastname"]})
    path = "/crm/objects/2026-09/contacts"
    portal.post(path, {"properties": {"email": "gil@uno.example"}}, 400)
    assert portal.patch(f"{path}/{id_}", {"city": "Lima"})["properties"]["city"] == "Lima"


@pytest.mark.parametrize(
    ("rule", "arguments", "good", "bad"),
    [
        ("MAX_LENGTH", ["4"], "Lima", "Madrid"),
        ("MIN_LENGTH", ["5"], "Madrid", "Lima"),
        ("FORMAT", [], "Leon", "L30n"),
        ("REGEX", ["[A-Z].*"], "Lima", "lima"),
        ("ALPHANUMERIC", [], "Lima 7", "Lima-7"),
    ],
)
def test_value_rules_bind_every_version_and_can_be_read(
    portal: Served, rule: str, arguments: list[str], good: str, bad: str
) -> None:
    told = {"kind": "validation", "object": "contacts", "property": "city", "rule": rule}
    side_door(portal, "declare", {**told, "arguments": arguments})
    read = portal.get("/crm/v3/property-validations/0-1")["results"]
    assert read == [
        {
            "propertyName": "city",
            "propertyValidationRules": [{"ruleType": rule, "ruleArguments": arguments}],
        }
    ]
    refused = portal.post(CONTACTS, {"properties": {"firstname": "Ana", "city": bad}}, 400)
    assert refused["message"].startswith("Property values were not valid: ")
    portal.post(CONTACTS, {"properties": {"firstname": "Ana", "city": good}}, 201)
    side_door(portal, "declare", {**told, "arguments": arguments, "active": False})
    portal.post(CONTACTS, {"properties": {"firstname": "Ana", "city": bad}}, 201)


def test_a_user_who_may_not_edit_associations_cannot_tie_from_2026_09_on(portal: Served) -> None:
    contact = portal.world.put("contacts", {"email": "ana@uno.example"})
    company = portal.world.put("companies", {"name": "Uno"})
    headers = made(portal, "oauth", edits_associations=False)
    rest = f"contacts/{contact}/associations/default/companies/{company}"
    answers = {
        version: portal.http.put(f"/crm/objects/{version}/{rest}", headers=headers).status_code
        for version in ("2026-03", "2026-09")
    }
    assert answers == {"2026-03": 200, "2026-09": 400}
    listed = f"/crm/objects/2026-09/contacts/{contact}/associations/companies"
    assert portal.http.get(listed, headers=headers).status_code == 200


def test_archived_ties_may_be_answered_200_on_dated_paths(portal: Served) -> None:
    dated = "/crm/associations/2026-03/contacts/companies/batch/archive"
    old = "/crm/v4/associations/contacts/companies/batch/archive"

    def statuses() -> list[int]:
        return [portal.http.post(path, json={"inputs": []}).status_code for path in (dated, old)]

    assert statuses() == [204, 204]
    portal.world.switches.dated_archive_status = 200
    assert statuses() == [200, 204]


def test_an_app_has_the_scopes_that_it_was_given_and_introspection_tells_them(
    portal: Served,
) -> None:
    side_door(portal, "tokens", {"app_scopes": ["oauth", "crm.objects.contacts.read"]})
    token = refreshed(portal, "/oauth/v3/token").json()["access_token"]
    told = portal.http.post("/oauth/v3/token/introspect", data={"token": token}).json()
    assert told["scopes"] == ["crm.objects.contacts.read", "oauth"]
    headers = {"Authorization": f"Bearer {token}"}
    assert portal.http.get(CONTACTS, headers=headers).status_code == 200
    assert portal.http.get("/crm/v3/owners", headers=headers).status_code == 403


def test_a_token_of_every_scope_is_told_to_have_them_all(portal: Served) -> None:
    token = refreshed(portal, "/oauth/v3/token").json()["access_token"]
    told = portal.http.post("/oauth/v3/token/introspect", data={"token": token}).json()
    assert {"oauth", "automation", "crm.objects.deals.write"} <= set(told["scopes"])


def test_a_refresh_token_that_rotates_is_good_for_one_token(portal: Served) -> None:
    side_door(portal, "tokens", {"rotates": True})
    app = side_door(portal, "tokens", {})
    first = refreshed(portal, "/oauth/v3/token", **app)
    again = refreshed(portal, "/oauth/v3/token", **app)
    fresh = {"refresh_token": first.json()["refresh_token"]}
    assert (first.status_code, again.status_code) == (200, 400)
    assert again.json()["status"] == "BAD_REFRESH_TOKEN"
    assert refreshed(portal, "/oauth/v3/token", **fresh).status_code == 200
