from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"


def call(method: str, url: str, name: str, body: Any = None, **more: Any) -> dict[str, Any]:
    return {"method": method, "url": DATA + url, "referenceId": name, "body": body, **more}


def composite(api: httpx.Client, *calls: dict[str, Any], all_or_none: bool = False) -> Any:
    body = {"allOrNone": all_or_none, "compositeRequest": list(calls)}
    return api.post(f"{DATA}/composite", json=body)


def test_later_calls_refer_to_what_earlier_ones_answered(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    org.put("Account", {"Name": "Dos", "crmsync_key__c": "a-2"})
    query = quote("SELECT Id FROM Account WHERE Name = 'Dos'")
    answer = composite(
        api,
        call("POST", "/sobjects/Account", "refA", {"Name": "Uno"}),
        call("POST", "/sobjects/Contact", "refB", {"LastName": "R", "AccountId": "@{refA.id}"}),
        call("GET", "/sobjects/Contact/@{refB.id}?fields=AccountId", "refC"),
        call("GET", f"/query/?q={query}", "refD"),
        call("PATCH", "/sobjects/Account/@{refD.records[0].Id}", "refE", {"Site": "Lugo"}),
    )
    assert answer.status_code == 200
    replies = answer.json()["compositeResponse"]
    assert [r["httpStatusCode"] for r in replies] == [201, 201, 200, 200, 204]
    assert [r["referenceId"] for r in replies] == ["refA", "refB", "refC", "refD", "refE"]
    account = replies[0]["body"]["id"]
    assert replies[0]["httpHeaders"]["Location"] == f"{DATA}/sobjects/Account/{account}"
    assert replies[2]["body"]["AccountId"] == account


def test_an_error_stays_in_its_item(api: httpx.Client) -> None:
    answer = composite(
        api,
        call("GET", "/sobjects/Contact/003000000000009", "refA"),
        call("POST", "/sobjects/Account", "refB", {"Name": "Uno"}),
    )
    first, second = answer.json()["compositeResponse"]
    assert first["httpStatusCode"] == 404
    assert first["body"][0]["errorCode"] == "NOT_FOUND"
    assert second["httpStatusCode"] == 201


def test_a_reference_to_a_failed_call_halts(api: httpx.Client) -> None:
    answer = composite(
        api,
        call("POST", "/sobjects/Account", "refA", {}),
        call("POST", "/sobjects/Contact", "refB", {"LastName": "R", "AccountId": "@{refA.id}"}),
    )
    second = answer.json()["compositeResponse"][1]
    assert (second["httpStatusCode"], second["body"][0]["errorCode"]) == (400, "PROCESSING_HALTED")


def test_all_or_none_takes_everything_back(api: httpx.Client, org: SalesforceWorld) -> None:
    answer = composite(
        api,
        call("POST", "/sobjects/Account", "refA", {"Name": "Uno"}),
        call("POST", "/sobjects/Account", "refB", {}),
        all_or_none=True,
    )
    replies = answer.json()["compositeResponse"]
    assert [r["httpStatusCode"] for r in replies] == [400, 400]
    codes = [r["body"][0]["errorCode"] for r in replies]
    assert codes == ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING"]
    assert org.tables.count("Account") == 0


def test_a_collection_inside_is_rolled_back_too(api: httpx.Client, org: SalesforceWorld) -> None:
    records = [{"attributes": {"type": "Account"}, "Name": "Uno"}]
    answer = composite(
        api,
        call("POST", "/composite/sobjects", "refA", {"records": records}),
        call("POST", "/sobjects/Account", "refB", {}),
        all_or_none=True,
    )
    assert answer.json()["compositeResponse"][0]["httpStatusCode"] == 400
    assert org.tables.count("Account") == 0


def test_conditions_travel_with_a_subrequest(api: httpx.Client, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    stale = {"If-Unmodified-Since": "Thu, 19 Nov 2026 09:30:00 GMT"}
    request = call("PATCH", f"/sobjects/Contact/{id_}", "refA", {"Title": "A"}, httpHeaders=stale)
    reply = composite(api, request).json()["compositeResponse"][0]
    assert reply["httpStatusCode"] == 412


def test_the_whole_counts_as_one_call(api: httpx.Client, org: SalesforceWorld) -> None:
    composite(api, *(call("GET", "/limits", f"ref{number}") for number in range(25)))
    assert org.calls == 1


def test_what_a_composite_may_not_hold_is_400(api: httpx.Client) -> None:
    many = [call("GET", "/limits", f"ref{number}") for number in range(26)]
    queries = [call("GET", "/query?q=SELECT+Id+FROM+User", f"q{number}") for number in range(6)]
    twice = [call("GET", "/limits", "refA"), call("GET", "/limits", "refA")]
    named = [call("GET", "/limits", "ref-A")]
    headed = [call("GET", "/limits", "refA", httpHeaders={"Authorization": "x"})]
    for calls in (many, queries, twice, named, headed, []):
        assert composite(api, *calls).status_code == 400
    assert composite(api, *queries[:5]).status_code == 200
