"""How the simulated portal answers where the real one is not to be relied on: limits, search, statuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, Served, serving

from crmsync.sandbox.hubspot.limits import Limits
from crmsync.sandbox.hubspot.manners import MANNERS

DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"
DETAILS = "/account-info/v3/details"
USAGE = "/account-info/v3/api-usage/daily/private-apps"


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    """A portal that nobody has called today."""
    portal = server.reset()
    portal.world.portal.limits = Limits(portal.world.switches)
    portal.world.portal.usage = None
    return portal


def limited(portal: Served, **more: Any) -> None:
    for name, value in {"rate_limited": True, **more}.items():
        setattr(portal.world.switches, name, value)


def oauth(portal: Served, kind: str = "oauth") -> dict[str, str]:
    token = portal.post("/__control__/tokens", {"make": kind})["token"]
    return {"Authorization": f"Bearer {token}"}


def test_a_burst_is_counted_for_each_token(portal: Served) -> None:
    limited(portal, burst_limit=2)
    other = oauth(portal, "service key")
    mine = [portal.http.get(DETAILS).status_code for _ in range(3)]
    assert mine == [200, 200, 429]
    assert portal.http.get(DETAILS, headers=other).status_code == 200


def test_a_day_is_counted_for_the_account_and_begins_at_its_own_midnight(portal: Served) -> None:
    limited(portal, daily_limit=2)
    portal.http.get(DETAILS)
    key = portal.post("/__control__/tokens", {"make": "service key"})["token"]
    portal.http.get(DETAILS, headers={"Authorization": f"Bearer {key}"})
    refused = portal.http.get(DETAILS)
    assert refused.status_code == 429
    assert refused.json()["policyName"] == "DAILY"
    assert refused.json()["errorType"] == "RATE_LIMIT"
    # It is 13:00 in Madrid.
    portal.world.clock.advance(11 * 3600 - 1)
    assert portal.http.get(DETAILS).status_code == 429
    portal.world.clock.advance(1)
    assert portal.http.get(DETAILS).status_code == 200


def test_searches_of_two_tokens_share_one_budget(portal: Served) -> None:
    limited(portal, search_limit=2)
    path, other = f"{CONTACTS}/search", oauth(portal)
    statuses = [
        portal.http.post(path, json={}, headers=each).status_code for each in (None, other, None)
    ]
    assert statuses == [200, 200, 429]


def test_association_batches_have_a_budget_of_their_own_and_no_headers(portal: Served) -> None:
    limited(portal, association_limit=1, burst_limit=1)
    path = "/crm/v4/associations/contacts/companies/batch/read"
    first = portal.http.post(path, json={"inputs": []})
    assert first.status_code == 200
    assert not [name for name in first.headers if "ratelimit" in name]
    assert portal.http.post(path, json={"inputs": []}).status_code == 429
    assert portal.http.get(DETAILS).status_code == 200


def test_what_oauth_sees_of_limits_has_no_day(portal: Served) -> None:
    headers = portal.http.get(DETAILS, headers=oauth(portal)).headers
    assert headers["x-hubspot-ratelimit-max"] == "110"
    assert headers["x-hubspot-ratelimit-secondly"] == "11"
    assert "x-hubspot-ratelimit-daily" not in headers
    assert portal.http.get(DETAILS).headers["x-hubspot-ratelimit-daily"] == "625000"


def test_a_429_says_when_to_come_back_only_if_told_to(portal: Served) -> None:
    limited(portal, burst_limit=0)
    assert "retry-after" not in portal.http.get(DETAILS).headers
    limited(portal, retry_after=7, burst_policy="SECONDLY")
    again = portal.http.get(DETAILS)
    assert again.headers["retry-after"] == "7"
    assert again.json()["policyName"] == "SECONDLY"
    assert again.json()["message"] == "You have reached your secondly limit."


def test_the_usage_told_lags_behind_the_headers(portal: Served) -> None:
    first = portal.get(USAGE)["results"][0]
    for _ in range(5):
        portal.http.get(DETAILS)
    again = portal.get(USAGE)["results"][0]
    assert (again["currentUsage"], again["fetchStatus"]) == (first["currentUsage"], "CACHED")
    assert again["resetsAt"] == "2026-03-02T23:00:00Z"
    portal.world.clock.advance(300)
    assert portal.get(USAGE)["results"][0]["currentUsage"] == first["currentUsage"] + 7
    portal.world.switches.usage_age = 0
    assert portal.get(USAGE)["results"][0]["currentUsage"] == first["currentUsage"] + 8


def found(portal: Served, value: str, name: str = "email") -> list[str]:
    one = {"propertyName": name, "operator": "EQ", "value": value}
    body = {"filterGroups": [{"filters": [one]}], "properties": [name]}
    return [row["id"] for row in portal.post(f"{CONTACTS}/search", body)["results"]]


def test_search_hears_of_a_write_late_and_every_other_call_at_once(portal: Served) -> None:
    portal.world.switches.search_lag = 5
    id_ = portal.post(CONTACTS, {"properties": {"email": "ana@uno.example"}}, 201)["id"]
    assert portal.contact(id_, "email")["email"] == "ana@uno.example"
    assert found(portal, "ana@uno.example") == []
    portal.world.clock.advance(5)
    assert found(portal, "ana@uno.example") == [id_]
    portal.patch(f"{CONTACTS}/{id_}", {"email": "bea@uno.example"})
    portal.world.clock.advance(2)
    assert (found(portal, "ana@uno.example"), found(portal, "bea@uno.example")) == ([id_], [])
    portal.world.clock.advance(3)
    assert (found(portal, "ana@uno.example"), found(portal, "bea@uno.example")) == ([], [id_])
    portal.call("DELETE", f"{CONTACTS}/{id_}", 204)
    assert found(portal, "bea@uno.example") == [id_]
    portal.world.clock.advance(5)
    assert found(portal, "bea@uno.example") == []


def test_search_hears_late_of_who_was_merged_or_erased(portal: Served) -> None:
    ana, bea, eva = (
        portal.world.put("contacts", {"email": f"{name}@uno.example"}) for name in ("a", "b", "e")
    )
    portal.world.switches.search_lag = 5
    survivor = portal.post(f"{CONTACTS}/merge", {"primaryObjectId": ana, "objectIdToMerge": bea})
    portal.post(f"{CONTACTS}/gdpr-delete", {"objectId": eva}, 204)
    told = [found(portal, f"{name}@uno.example") for name in "abe"]
    assert told == [[ana], [bea], [eva]]
    portal.world.clock.advance(5)
    told = [found(portal, f"{name}@uno.example") for name in "abe"]
    assert told == [[survivor["id"]], [], []]


def everybody(portal: Served, limit: int = 5, **more: Any) -> list[list[str]]:
    pages, after = [], "0"
    while after:
        body = {"limit": limit, "after": after, "properties": ["createdate"], **more}
        told = portal.post(f"{CONTACTS}/search", body)
        pages.append([row["id"] for row in told["results"]])
        after = told.get("paging", {}).get("next", {}).get("after", "")
    return pages


def flat(pages: list[list[str]]) -> list[str]:
    return [id_ for page in pages for id_ in page]


def people(portal: Served, count: int) -> list[str]:
    return [
        portal.world.put(
            "contacts", {"email": f"p{n}@uno.example", "createdate": f"2026-01-{n:02}"}
        )
        for n in range(1, count + 1)
    ]


def test_the_order_of_a_search_cannot_be_trusted_but_nothing_is_lost(portal: Served) -> None:
    ids = people(portal, 12)
    sorts = [{"propertyName": "createdate", "direction": "ASCENDING"}]
    assert flat(everybody(portal, sorts=sorts)) == ids
    portal.world.switches.search_unsorted = True
    muddled = flat(everybody(portal, sorts=sorts))
    assert muddled != ids
    assert sorted(muddled) == sorted(ids)


def test_a_short_page_is_not_the_last_one(portal: Served) -> None:
    ids = people(portal, 12)
    assert [len(page) for page in everybody(portal)] == [5, 5, 2]
    portal.world.switches.search_short_pages = True
    pages = everybody(portal)
    assert [len(page) for page in pages] == [2, 5, 5]
    assert flat(pages) == ids


def test_ids_are_sorted_as_numbers_or_as_text(portal: Served) -> None:
    for id_ in ("9", "10", "734931097788"):
        portal.world.put("contacts", {"email": f"p{id_}@uno.example"}, id_)
    sorts = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
    assert everybody(portal, sorts=sorts) == [["9", "10", "734931097788"]]
    portal.world.switches.search_ids_as_text = True
    assert everybody(portal, sorts=sorts) == [["10", "734931097788", "9"]]


def test_filter_limits_follow_the_guide_or_the_changelog(portal: Served) -> None:
    one = {"propertyName": "city", "operator": "HAS_PROPERTY"}
    here = portal.world.put("contacts", {"city": "Lima"})
    body = {"filterGroups": [{"filters": [one] * 7}]}
    refused = portal.post(f"{CONTACTS}/search", body, 400)
    assert refused["category"] == "VALIDATION_ERROR"
    assert "6" in refused["message"]
    portal.world.switches.search_filters = "changelog"
    assert [row["id"] for row in portal.post(f"{CONTACTS}/search", body)["results"]] == [here]
    body = {"filterGroups": [{"filters": [one] * 11}]}
    assert "10" in portal.post(f"{CONTACTS}/search", body, 400)["message"]


def test_a_create_may_be_answered_200(portal: Served) -> None:
    portal.world.switches.create_status = 200
    made = portal.post(CONTACTS, {"properties": {"email": "ana@uno.example"}}, 200)
    assert portal.contact(made["id"], "email")["email"] == "ana@uno.example"


def test_a_409_names_the_contact_or_does_not(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "ana@uno.example"})
    body = {"properties": {"email": "ANA@uno.example"}}
    told = portal.post(CONTACTS, body, 409)
    assert told["message"] == f"Contact already exists. Existing ID: {id_}"
    assert "context" not in told
    portal.world.switches.conflict_context = True
    assert portal.post(CONTACTS, body, 409)["context"] == {"existingId": [id_]}
    portal.world.switches.conflict_names_id = False
    assert portal.post(CONTACTS, body, 409)["message"] == "Contact already exists"


def test_a_unique_value_taken_is_a_400_with_two_ids(portal: Served) -> None:
    holder = portal.world.put("contacts", {"email": "ana@uno.example", "crmsync_key": "k-1"})
    other = portal.world.put("contacts", {"email": "bea@uno.example"})
    told = portal.patch(f"{CONTACTS}/{other}", {"crmsync_key": "k-1"}, 400)
    assert told["category"] == "VALIDATION_ERROR"
    assert told["message"].startswith("Cannot set PropertyValueCoordinates{portalId=")
    assert told["message"].endswith(f" on {other}. {holder} already has that value.")
    new = portal.post(CONTACTS, {"properties": {"crmsync_key": "k-1", "lastname": "x"}}, 400)
    assert new["message"].endswith(f". {holder} already has that value.")


def test_companies_are_not_unique_by_domain(portal: Served) -> None:
    body = {"properties": {"domain": "uno.example"}}
    made = [portal.post(COMPANIES, body, 201)["id"] for _ in range(2)]
    assert made[0] != made[1]
    upsert = {"inputs": [{"id": "uno.example", "idProperty": "domain", "properties": {}}]}
    told = portal.post(f"{COMPANIES}/batch/upsert", upsert, 400)
    assert "non-unique 0-2 property domain" in told["message"]


def test_a_read_of_nobody_is_an_empty_207_or_a_404(portal: Served) -> None:
    body = {"inputs": [{"id": "1"}], "properties": []}
    told = portal.post(f"{CONTACTS}/batch/read", body, 207)
    assert (told["results"], told["numErrors"]) == ([], 1)
    portal.world.switches.nothing_read_status = 404
    portal.post(f"{CONTACTS}/batch/read", body, 404)


def test_null_leaves_a_value_or_clears_it(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "ana@uno.example", "city": "Lima"})
    path = f"{CONTACTS}/{id_}"
    portal.call("PATCH", path, 200, json={"properties": {"city": None}})
    assert portal.contact(id_, "city")["city"] == "Lima"
    portal.world.switches.null_clears = True
    portal.call("PATCH", path, 200, json={"properties": {"city": None}})
    assert portal.contact(id_, "city")["city"] is None


@pytest.mark.parametrize(
    ("how", "status", "city"),
    [("keeps", 200, "Lima"), ("blanks", 200, None), ("refused", 400, "Lima")],
)
def test_what_a_partial_upsert_by_email_does_is_open(
    portal: Served, how: str, status: int, city: str | None
) -> None:
    id_ = portal.world.put("contacts", {"email": "ana@uno.example", "city": "Lima"})
    portal.world.switches.email_upsert = how
    one = {"id": "ana@uno.example", "idProperty": "email", "properties": {"firstname": "Ana"}}
    portal.post(f"{CONTACTS}/batch/upsert", {"inputs": [one]}, status)
    assert portal.contact(id_, "city")["city"] == city


@pytest.mark.parametrize("name", ["CONTACTS", "contact", "Contact", "0-1"])
def test_an_object_goes_by_many_names_and_slashes_do_not_matter(portal: Served, name: str) -> None:
    portal.world.put("contacts", {"email": "ana@uno.example", "city": "Lima", "phone": "1"})
    path = f"/crm/v3/objects/{name}/"
    for params in ({"properties": "city,phone"}, {"properties": ["city", "phone"]}):
        row = portal.get(path, **params)["results"][0]
        assert {"city", "phone"} <= row["properties"].keys()


def test_every_manner_is_documented_with_its_default() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    for switch in MANNERS:
        value = switch.default
        default = str(value).lower() if isinstance(value, bool) else value
        assert any(line.startswith(f"| `{switch.name}` | {default} |") for line in lines), switch


def test_every_manner_can_be_switched_over_the_side_door(portal: Served) -> None:
    told = portal.post("/__control__/switches", {})
    assert {each.name for each in MANNERS} <= told.keys()
    assert portal.post("/__control__/switches", {"search_lag": 3})["search_lag"] == 3


def test_a_page_may_be_told_to_hold_fewer_rows_than_asked_for(portal: Served) -> None:
    world = portal.world
    people = [world.put("contacts", {"lastname": f"Number {at}"}) for at in range(5)]
    company = world.put("companies", {"name": "Acme"})
    for at in range(5):
        world.put("owners", {"email": f"o{at}@owners.example"})
        world.associate("companies", company, "contacts", people[at], [280])
    world.switches.most_page_rows = 2
    ties = {"inputs": [{"id": company}]}
    read = "/crm/v4/associations/companies/contacts/batch/read"
    for page in (
        portal.get(CONTACTS, limit=100),
        portal.get("/crm/v3/owners", limit=100),
        portal.get(f"/crm/v4/objects/companies/{company}/associations/contacts"),
    ):
        assert (len(page["results"]), "paging" in page) == (2, True)
    assert len(portal.post(read, ties)["results"][0]["to"]) == 2
    world.switches.most_page_rows = 0
    assert len(portal.get(CONTACTS, limit=100)["results"]) == 5
