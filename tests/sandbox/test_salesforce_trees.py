"""composite/tree and composite/batch, record counts, and the search there is not."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from bulk_fixtures import turn

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"
TREE = f"{DATA}/composite/tree"
BATCH = f"{DATA}/composite/batch"


def node(type: str, name: str, **values: Any) -> dict[str, Any]:
    return {"attributes": {"type": type, "referenceId": name}, **values}


def account_with_contacts() -> dict[str, Any]:
    contacts = [node("Contact", "c1", LastName="Ruiz"), node("Contact", "c2", LastName="Gil")]
    deal = node("Opportunity", "o1", Name="Deal", StageName="Prospecting", CloseDate="2026-12-01")
    return node(
        "Account",
        "a1",
        Name="Uno",
        Contacts={"records": contacts},
        Opportunities={"records": [deal]},
    )


def test_a_tree_creates_parents_and_children(api: httpx.Client, org: SalesforceWorld) -> None:
    second = node("Account", "a2", Name="Dos")
    answer = api.post(f"{TREE}/Account", json={"records": [account_with_contacts(), second]})
    assert answer.status_code == 201
    body = answer.json()
    assert body["hasErrors"] is False
    ids = {each["referenceId"]: each["id"] for each in body["results"]}
    assert list(ids) == ["a1", "c1", "c2", "o1", "a2"]
    for name, object_ in (("c1", "Contact"), ("c2", "Contact"), ("o1", "Opportunity")):
        assert (org.tables.get(object_, ids[name]) or {})["AccountId"] == ids["a1"]


@pytest.mark.parametrize("status", [400, 200])
def test_one_error_takes_the_whole_tree_back(
    api: httpx.Client, org: SalesforceWorld, status: int
) -> None:
    turn(org, {"tree_failure_status": status})
    tree = account_with_contacts()
    tree["Contacts"]["records"][1]["Email"] = "bad"
    answer = api.post(f"{TREE}/Account", json={"records": [tree]})
    assert answer.status_code == status
    assert answer.json() == {
        "hasErrors": True,
        "results": [
            {
                "referenceId": "c2",
                "errors": [
                    {
                        "statusCode": "INVALID_EMAIL_ADDRESS",
                        "message": "Email: invalid email address: bad",
                        "fields": ["Email"],
                    }
                ],
            }
        ],
    }
    assert [org.tables.count(name) for name in ("Account", "Contact", "Opportunity")] == [0, 0, 0]


def test_children_of_a_refused_record_are_not_told_of(api: httpx.Client) -> None:
    tree = account_with_contacts() | {"Name": None}
    tree["Contacts"]["records"][1]["Email"] = "bad"
    results = api.post(f"{TREE}/Account", json={"records": [tree]}).json()["results"]
    assert [each["referenceId"] for each in results] == ["a1"]


def nested(levels: int) -> dict[str, Any]:
    tree = node("Account", f"a{levels}", Name="Uno")
    return tree if levels == 1 else {**tree, "ChildAccounts": {"records": [nested(levels - 1)]}}


def test_a_tree_has_its_limits(api: httpx.Client, org: SalesforceWorld) -> None:
    contacts = [node("Contact", f"c{number}", LastName="Ruiz") for number in range(201)]
    refused = api.post(f"{TREE}/Contact", json={"records": contacts})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "LIMIT_EXCEEDED")
    assert (
        len(api.post(f"{TREE}/Contact", json={"records": contacts[:200]}).json()["results"]) == 200
    )
    deep = api.post(f"{TREE}/Account", json={"records": [nested(6)]})
    assert deep.json()[0]["errorCode"] == "LIMIT_EXCEEDED"
    assert api.post(f"{TREE}/Account", json={"records": [nested(5)]}).status_code == 201


@pytest.mark.parametrize(
    ("object_", "records"),
    [
        ("Contact", []),
        ("Contact", None),
        ("Contact", [{"LastName": "Ruiz"}]),
        ("Contact", [node("Account", "a", Name="Uno")]),
        ("Contact", [node("Contact", "a", LastName="A"), node("Contact", "a", LastName="B")]),
        ("Account", [node("Account", "a", Name="Uno", Contacts={"records": "none"})]),
    ],
)
def test_a_malformed_tree_is_refused(
    api: httpx.Client, org: SalesforceWorld, object_: str, records: Any
) -> None:
    assert api.post(f"{TREE}/{object_}", json={"records": records}).status_code == 400
    assert org.tables.count("Contact") == org.tables.count("Account") == 0
    assert api.post(f"{TREE}/Nothing", json={"records": records}).status_code == 404


def step(method: str, url: str, body: Any = None) -> dict[str, Any]:
    return {"method": method, "url": url, **({"richInput": body} if body else {})}


def test_a_batch_answers_each_call_and_counts_each(api: httpx.Client, org: SalesforceWorld) -> None:
    contact = org.put("Contact", {"LastName": "Ruiz"})
    steps = [
        step("PATCH", f"v67.0/sobjects/Contact/{contact}", {"Title": "CEO"}),
        step("GET", f"v67.0/sobjects/Contact/{contact}?fields=Title"),
        step("GET", "v67.0/sobjects/Contact/003000000000009"),
        step("GET", f"{DATA}/query?q=SELECT+COUNT()+FROM+Contact"),
    ]
    before = org.calls
    answer = api.post(BATCH, json={"batchRequests": steps})
    assert org.calls - before == 4
    body = answer.json()
    assert (answer.status_code, body["hasErrors"]) == (200, True)
    assert [each["statusCode"] for each in body["results"]] == [204, 200, 404, 200]
    assert body["results"][0]["result"] is None
    assert body["results"][1]["result"]["Title"] == "CEO"
    assert body["results"][2]["result"][0]["errorCode"] == "NOT_FOUND"
    assert body["results"][3]["result"]["totalSize"] == 1


def test_a_batch_halts_at_an_error_when_asked_and_keeps_what_was_done(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    steps = [
        step("POST", "v67.0/sobjects/Contact", {"LastName": "Ruiz"}),
        step("POST", "v67.0/sobjects/Contact", {"Email": "bad"}),
        step("POST", "v67.0/sobjects/Contact", {"LastName": "Gil"}),
    ]
    body = api.post(BATCH, json={"haltOnError": True, "batchRequests": steps}).json()
    assert [each["statusCode"] for each in body["results"]] == [201, 400, 412]
    assert body["results"][2]["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"
    assert org.tables.count("Contact") == 1


def test_a_batch_has_its_limits(api: httpx.Client) -> None:
    steps = [step("GET", "v67.0/limits")] * 26
    assert api.post(BATCH, json={"batchRequests": steps}).status_code == 400
    assert api.post(BATCH, json={"batchRequests": steps[:25]}).status_code == 200
    assert api.post(BATCH, json={"batchRequests": []}).status_code == 400
    assert api.post(BATCH, json={}).status_code == 400


@pytest.mark.parametrize(
    "place", ["composite/batch", "composite", "jobs/query", "jobs/ingest/750/x"]
)
def test_some_places_no_subrequest_reaches(api: httpx.Client, place: str) -> None:
    body = {"batchRequests": [step("POST", f"v67.0/{place}", {"compositeRequest": []})]}
    (result,) = api.post(BATCH, json=body).json()["results"]
    assert (result["statusCode"], result["result"][0]["errorCode"]) == (400, "INVALID_INPUT")
    request = {"method": "GET", "url": f"{DATA}/{place}", "referenceId": "a"}
    answer = api.post(f"{DATA}/composite", json={"compositeRequest": [request]}).json()
    assert answer["compositeResponse"][0]["httpStatusCode"] == 400


def test_a_query_too_long_for_a_url_goes_through_composite(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    ids = [org.put("Contact", {"LastName": f"Name {number}"}) for number in range(900)]
    listed = ",".join(f"'{id_}'" for id_ in ids)
    soql = f"SELECT Id FROM Contact WHERE Id IN ({listed})"
    assert api.get(f"{DATA}/query", params={"q": soql}).status_code == 414
    url = str(httpx.URL(f"{DATA}/query", params={"q": soql}))
    request = {"method": "GET", "url": url, "referenceId": "found"}
    answer = api.post(f"{DATA}/composite", json={"compositeRequest": [request]}).json()
    assert answer["compositeResponse"][0]["body"]["totalSize"] == 900


@pytest.mark.parametrize(("counts", "status"), [(False, 200), (True, 400)])
def test_collections_may_count_among_the_five_of_composite(
    api: httpx.Client, org: SalesforceWorld, counts: bool, status: int
) -> None:
    turn(org, {"composite_counts_collections": counts})
    requests = [
        {
            "method": "POST",
            "url": f"{DATA}/composite/sobjects",
            "referenceId": f"r{number}",
            "body": {"records": [{"attributes": {"type": "Contact"}, "LastName": "Ruiz"}]},
        }
        for number in range(6)
    ]
    answer = api.post(f"{DATA}/composite", json={"compositeRequest": requests})
    assert answer.status_code == status
    assert org.tables.count("Contact") == (0 if counts else 6)


@pytest.mark.parametrize(("stale", "second"), [(False, 2), (True, 1)])
def test_record_counts_may_be_of_yesterday(
    api: httpx.Client, org: SalesforceWorld, stale: bool, second: int
) -> None:
    def told() -> int:
        answer = api.get(f"{DATA}/limits/recordCount", params={"sObjects": "Contact"}).json()
        count: int = answer["sObjects"][0]["count"]
        return count

    turn(org, {"record_count_stale": stale})
    org.put("Contact", {"LastName": "Ruiz"})
    assert told() == 1
    org.put("Contact", {"LastName": "Gil"})
    assert told() == second
    org.clock.advance(24 * 3600)
    assert told() == 2


def test_search_says_that_it_is_not_simulated(api: httpx.Client) -> None:
    answer = api.get(f"{DATA}/search/", params={"q": "FIND {Ruiz}"})
    (error,) = answer.json()
    assert (answer.status_code, error["errorCode"]) == (400, "FUNCTIONALITY_NOT_ENABLED")
    assert "not simulated" in error["message"]
