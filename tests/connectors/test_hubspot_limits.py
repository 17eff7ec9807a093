"""Limits, scopes and versions of HubSpot: each test is a trap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.paths import ACCOUNT, DATED, path_in
from crmsync.errors import AccessDenied, ConfigInvalid, TryLater
from crmsync.testing.proxy import Proxy, says

Open = Callable[..., HubspotConnector]


@pytest.fixture
def opens(open_hubspot: Open) -> Open:
    return open_hubspot


PRIMARY = "associations.companies.primary"


@pytest.fixture
def connector(opens: Open) -> HubspotConnector:
    return opens()


def creating(key: str, **cells: str | None) -> WriteRequest:
    given: Cells = {"lastname": key, "email": f"{key}@keys.example", **cells}
    return WriteRequest(key, "create", None, key, given)


SCOPED = {"requiredGranularScopes": ["crm.objects.deals.read"]}


@pytest.mark.parametrize(
    ("classic", "dated"),
    [
        ("/crm/v3/objects/{objectType}", "/crm/objects/2026-03/{objectType}"),
        ("/crm/v3/properties/{objectType}", "/crm/properties/2026-03/{objectType}"),
        ("/crm/v3/pipelines/{objectType}", "/crm/pipelines/2026-03/{objectType}"),
        ("/crm/v3/owners/", "/crm/owners/2026-03/"),
        ("/crm/v4/associations/{a}/{b}/batch/read", "/crm/associations/2026-03/{a}/{b}/batch/read"),
        (ACCOUNT, "/account-info/2026-03/details"),
        ("/oauth/v3/token/introspect", "/oauth/2026-03/token/introspect"),
        (
            "/communication-preferences/v4/definitions",
            "/communication-preferences/2026-03/definitions",
        ),
        ("/crm/v3/lists/search?count=1", "/crm/lists/2026-03/search?count=1"),
        ("/automation/v4/flows?limit=1", "/automation/v4/flows?limit=1"),
    ],
)
def test_every_path_has_its_dated_form(classic: str, dated: str) -> None:
    assert path_in(DATED, classic) == dated
    assert path_in("v3", classic) == classic


def test_a_path_outside_the_table_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(KeyError):
        path_in(DATED, "/crm/v3/objectsold/x")


def test_the_dated_version_reads_and_writes_the_same(
    opens: Open, hubspot_proxy: Proxy, unique: str
) -> None:
    connector = opens(api_version=DATED)
    [result] = connector.write("contacts", [creating(unique, jobtitle="Buyer")])
    cells = connector.get("contacts", [result.native_id or ""], ["jobtitle", PRIMARY])
    assert cells == {result.native_id: {"jobtitle": "Buyer", PRIMARY: None}}
    assert connector.whoami().id == opens().whoami().id
    dated = [one.path for one in hubspot_proxy.seen if "/v3/" not in one.path]
    assert dated[:-1] == [path for path in dated[:-1] if "/2026-03/" in path]


def test_an_unknown_version_is_refused_at_opening(opens: Open) -> None:
    with pytest.raises(ConfigInvalid, match="2019-01"):
        opens(api_version="2019-01")


def test_the_calls_of_the_day_used_up_are_for_later(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    body = {"message": "You have reached your daily limit.", "policyName": "DAILY"}
    hubspot_proxy.faults = [says(429, body)]
    with pytest.raises(TryLater):
        connector.whoami()


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("You have reached your secondly limit.", 1.0),
        ("You have reached your ten_secondly_rolling limit.", 10.0),
    ],
)
def test_a_429_without_retry_after_waits_as_its_window_is_long(
    connector: HubspotConnector,
    hubspot_proxy: Proxy,
    slept: list[float],
    message: str,
    seconds: float,
) -> None:
    hubspot_proxy.faults = [says(429, {"message": message})]
    assert connector.whoami().id
    assert slept == [seconds]


def test_an_account_on_the_move_is_for_later(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    hubspot_proxy.faults = [says(477, b"", Retry_After="7200")]
    with pytest.raises(TryLater, match="7200"):
        connector.whoami()


@pytest.mark.parametrize(
    "body",
    [{"category": "MISSING_SCOPES", "errors": [{"context": SCOPED}]}, {"context": SCOPED}],
)
def test_a_missing_scope_is_named(
    connector: HubspotConnector, hubspot_proxy: Proxy, body: Any
) -> None:
    hubspot_proxy.faults = [says(403, body)]
    with pytest.raises(AccessDenied) as raised:
        connector.whoami()
    assert "crm.objects.deals.read" in raised.value.remedy
