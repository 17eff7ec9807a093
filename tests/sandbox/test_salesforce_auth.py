from __future__ import annotations

from typing import Any

import httpx
import pytest
import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceExpiredSession

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"

TOKEN = "/services/oauth2/token"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def anyone(org_url: str) -> Any:
    with httpx.Client(base_url=org_url, trust_env=False) as client:
        yield client


def test_credentials_in_the_form_bring_a_token(
    anyone: httpx.Client, org: SalesforceWorld, org_url: str
) -> None:
    form = {**GRANT, "client_id": org.client_id, "client_secret": org.client_secret}
    answer = anyone.post(TOKEN, data=form)
    assert answer.status_code == 200
    body = answer.json()
    assert body["access_token"] == org.token
    assert body["instance_url"] == org_url
    assert body["token_type"] == "Bearer"
    assert body["issued_at"] == f"{int(org.now().timestamp())}000"


def test_credentials_in_a_basic_header_bring_a_token(
    anyone: httpx.Client, org: SalesforceWorld
) -> None:
    answer = anyone.post(TOKEN, data=GRANT, auth=(org.client_id, org.client_secret))
    assert answer.json()["access_token"] == org.token


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_wrong_credentials_are_an_invalid_client(
    anyone: httpx.Client, org: SalesforceWorld, secret: str
) -> None:
    answer = anyone.post(TOKEN, data=GRANT, auth=(org.client_id, secret))
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "invalid_client",
        "error_description": "invalid client credentials",
    }


def test_another_grant_is_unsupported(anyone: httpx.Client) -> None:
    answer = anyone.post(TOKEN, data={"grant_type": "refresh_token"})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic x"])
def test_a_call_without_the_token_is_401(anyone: httpx.Client, header: str) -> None:
    answer = anyone.get(f"{DATA}/limits", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json() == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]


def test_a_token_ends_after_its_lifetime_and_a_login_brings_another(
    api: httpx.Client, anyone: httpx.Client, org: SalesforceWorld
) -> None:
    anyone.post("/__control__/token", json={"lifetime_s": 60})
    org.clock.advance(59)
    assert api.get(f"{DATA}/limits").status_code == 200
    org.clock.advance(1)
    assert api.get(f"{DATA}/limits").status_code == 401
    login = anyone.post(TOKEN, data=GRANT, auth=(org.client_id, org.client_secret)).json()
    fresh = {"Authorization": f"Bearer {login['access_token']}"}
    assert api.get(f"{DATA}/limits", headers=fresh).status_code == 200


def test_a_token_can_be_ended_from_outside(sf: Any, anyone: httpx.Client) -> None:
    assert sf.query("SELECT Id FROM User")["totalSize"] == 1
    anyone.post("/__control__/token", json={"expire": True})
    with pytest.raises(SalesforceExpiredSession):
        sf.query("SELECT Id FROM User")


def test_simple_salesforce_logs_in_with_client_credentials(
    org: SalesforceWorld, loopback: requests.Session
) -> None:
    client = Salesforce(
        consumer_key=org.client_id,
        consumer_secret=org.client_secret,
        domain="uno.my",
        session=loopback,
        version="67.0",
    )
    found = client.query("SELECT Id, InstanceName, IsSandbox FROM Organization")
    assert found["records"][0]["Id"] == org.org_id
    assert found["records"][0]["InstanceName"] == "SBX1"


def test_userinfo_tells_whose_token_it_is(
    api: httpx.Client, anyone: httpx.Client, org: SalesforceWorld
) -> None:
    body = api.get("/services/oauth2/userinfo").json()
    assert (body["organization_id"], body["user_id"]) == (org.org_id, org.user_id)
    assert anyone.get("/services/oauth2/userinfo").status_code == 403


def test_versions_need_no_token(anyone: httpx.Client) -> None:
    for path in ("/services/data", "/services/data/"):
        listed = anyone.get(path).json()
        assert (listed[0]["version"], listed[-1]["version"]) == ("50.0", "68.0")
    labels = {each["version"]: each["label"] for each in listed}
    assert labels["67.0"] == "Summer '26"
    assert labels["65.0"] == "Winter '26"
    assert labels["58.0"] == "Summer '23"


@pytest.mark.parametrize(
    ("version", "status"),
    [("50.0", 200), ("68.0", 200), ("69.0", 404), ("49.0", 404), ("30.0", 410), ("67", 404)],
)
def test_other_versions_are_gone_or_never_were(
    api: httpx.Client, version: str, status: int
) -> None:
    assert api.get(f"/services/data/v{version}/limits").status_code == status


def test_resources_are_listed_below_a_version(api: httpx.Client) -> None:
    assert api.get(f"{DATA}/").json()["query"] == f"{DATA}/query"


def test_every_answer_tells_the_api_usage(api: httpx.Client, org: SalesforceWorld) -> None:
    first = api.get(f"{DATA}/limits")
    assert first.headers["Sforce-Limit-Info"] == "api-usage=1/115000"
    second = api.get(f"{DATA}/sobjects/Widget")
    assert second.headers["Sforce-Limit-Info"] == "api-usage=2/115000"
    assert first.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert api.get(f"{DATA}/limits").json()["DailyApiRequests"] == {
        "Max": 115000,
        "Remaining": 114997,
    }


def test_record_counts_leave_out_empty_objects(api: httpx.Client, org: SalesforceWorld) -> None:
    org.put("Contact", {"LastName": "Ruiz"})
    answer = api.get(f"{DATA}/limits/recordCount", params={"sObjects": "Account,Contact"})
    assert answer.json() == {"sObjects": [{"count": 1, "name": "Contact"}]}


def test_an_overlong_uri_is_414_and_overlong_headers_are_431(api: httpx.Client) -> None:
    long_query = api.get(f"{DATA}/query", params={"q": "x" * 17_000})
    assert long_query.status_code == 414
    assert api.get(f"{DATA}/limits", headers={"X-Long": "x" * 17_000}).status_code == 431


def test_pretty_print_indents(api: httpx.Client) -> None:
    answer = api.get(f"{DATA}/limits", headers={"X-PrettyPrint": "1"})
    assert answer.text.startswith('{\n  "DailyApiRequests" : {\n')
    assert '": ' not in answer.text


@pytest.mark.parametrize("name", ["plain: x", '": x', 'say "so": x', "back\\\\: x\n a: b"])
def test_pretty_print_leaves_values_as_they_are(api: httpx.Client, name: str) -> None:
    made = api.post(f"{DATA}/sobjects/Account", json={"Name": name}).json()["id"]
    pretty = api.get(f"{DATA}/sobjects/Account/{made}", headers={"X-PrettyPrint": "1"})
    assert pretty.json()["Name"] == name
    assert '\n  "Name" : "' in pretty.text
