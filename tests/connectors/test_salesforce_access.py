"""Tokens, limits and addresses of Salesforce: each test is a trap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import CallMeter, WriteRequest
from crmsync.connectors.salesforce.api import note_usage
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.errors import AccessDenied, ConfigInvalid, Refused, TryLater
from crmsync.testing.proxy import HTML, Proxy, rewrites, says

Open = Callable[..., SalesforceConnector]


@pytest.fixture
def opens(open_salesforce: Open) -> Open:
    return open_salesforce


@pytest.fixture
def connector(opens: Open) -> SalesforceConnector:
    return opens()


@pytest.fixture
def app(opens: Open, sandbox: Sandbox) -> SalesforceConnector:
    """Opened with the id and secret of an app."""
    access = sandbox.access["salesforce"]
    return opens(token="", client_id=access["client_id"], client_secret=access["client_secret"])


def creating(key: str, **cells: str | None) -> WriteRequest:
    return WriteRequest(key, "create", None, key, {"LastName": key, **cells})


def test_a_new_token_is_fetched_once_and_the_write_is_sent_again_with_its_headers(
    app: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    app.schema("Contact")
    salesforce_proxy.only = "composite/sobjects"
    salesforce_proxy.faults = [
        says(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}])
    ]
    [result] = app.write("Contact", [creating(unique)])
    writes = [one for one in salesforce_proxy.seen if "composite/sobjects" in one.path]
    assert (result.outcome, result.created, len(writes)) == ("written", True, 2)
    assert {one.headers["sforce-auto-assign"] for one in writes} == {"FALSE"}
    assert {one.headers["sforce-call-options"] for one in writes} == {"client=crmsync"}
    assert salesforce_proxy.count("/oauth2/token") == 2


def test_a_session_that_stays_invalid_is_denied_and_not_asked_for_without_end(
    app: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    salesforce_proxy.only, salesforce_proxy.always = "/query/", says(401)
    with pytest.raises(AccessDenied):
        app.whoami()
    assert salesforce_proxy.count("/query/") == 2
    assert salesforce_proxy.count("/oauth2/token") == 2


def test_a_wrong_app_secret_is_denied_and_never_shown(opens: Open, sandbox: Sandbox) -> None:
    access = sandbox.access["salesforce"]
    connector = opens(token="", client_id=access["client_id"], client_secret="not-the-secret")
    with pytest.raises(AccessDenied) as raised:
        connector.whoami()
    assert "not-the-secret" not in str(raised.value)


def test_a_401_without_a_body_is_denied(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    salesforce_proxy.faults = [says(401)]
    with pytest.raises(AccessDenied, match="401"):
        connector.whoami()


def test_calls_of_the_day_used_up_are_for_later_and_too_many_at_once_are_repeated(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    def over(kind: str) -> Any:
        message = f"{kind} Limit exceeded."
        return says(403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": message}])

    salesforce_proxy.faults = [over("ConcurrentRequests (Concurrent API Requests)")]
    assert connector.whoami().id
    salesforce_proxy.faults = [over("TotalRequests")]
    with pytest.raises(TryLater):
        connector.whoami()


@pytest.mark.parametrize("status", [406, 420])
def test_what_the_layer_before_the_org_turns_away_is_repeated(
    connector: SalesforceConnector, salesforce_proxy: Proxy, status: int
) -> None:
    salesforce_proxy.faults = [says(status)]
    assert connector.whoami().id


def test_usage_near_the_end_of_the_day_stops_the_next_call(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    used = {"Sforce_Limit_Info": "api-usage=95/100; per-app-api-usage=1/2(appName=x)"}
    salesforce_proxy.faults = [rewrites(lambda body: body, **used)]
    connector.whoami()
    with pytest.raises(TryLater, match="5 of 100"):
        connector.whoami()


@pytest.mark.parametrize(
    "header",
    [
        "api-usage=25/5000; per-app-api-usage=17/250(appName=sample-connected-app)",
        "per-app-api-usage=17/250(appName=sample-connected-app); api-usage=25/5000",
        "per-app-api-usage=17/250(appName=sample-connected-app),api-usage=25/5000",
    ],
)
def test_the_calls_of_an_app_are_not_taken_for_those_of_the_org(header: str) -> None:
    meter = CallMeter()
    note_usage(meter, {"sforce-limit-info": header})
    assert (meter.left, meter.allowed) == (4975, 5000)


def test_the_day_is_read_from_limits_where_no_header_tells_it(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    org = {"attributes": {}, "Id": "00D000000000001AAA", "Name": "Silent"}
    limits = {"DailyApiRequests": {"Max": 15000, "Remaining": 14998}}
    page = {"totalSize": 1, "done": True, "records": [org]}
    salesforce_proxy.faults = [says(200, page), says(200, limits)]
    connector.whoami()
    assert (connector.meter.left, connector.meter.allowed) == (14998, 15000)


def test_an_org_that_does_not_know_a_field_is_asked_for_less(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    refusal = [{"errorCode": "INVALID_FIELD", "message": "No such column"}]
    salesforce_proxy.faults = [says(400, refusal)]
    assert connector.whoami().name


def test_a_redirect_is_not_followed_and_names_the_host_to_use(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    salesforce_proxy.faults = [says(302, HTML, Location="https://login.example/")]
    with pytest.raises(Refused) as raised:
        connector.whoami()
    assert "My Domain" in raised.value.remedy
    assert len(salesforce_proxy.seen) == 1


def test_a_retired_version_names_the_setting(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    salesforce_proxy.faults = [says(410)]
    with pytest.raises(Refused) as raised:
        connector.whoami()
    assert "api_version" in raised.value.remedy


@pytest.mark.parametrize("url", ["http://acme.my.salesforce.com", "acme.my.salesforce.com"])
def test_plain_http_is_for_this_machine_only(opens: Open, url: str) -> None:
    with pytest.raises(ConfigInvalid):
        opens(url=url)
