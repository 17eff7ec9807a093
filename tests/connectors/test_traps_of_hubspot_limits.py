"""Traps of HubSpot: 13, limits and errors. One test a trap, named after its section.

Where else they are tested, and what is left out: `test_traps_of_hubspot.py`. `test_hubspot_pacing.py` has the pace, and
of 13b the components that share the searches of an account,
test_hubspot_pacing.py::test_13b_several_components_share_the_five_searches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crmsync.connectors.calls import ATTEMPTS
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.problems import property_names
from crmsync.errors import CrmsyncError, Refused, TryLater, Unavailable
from crmsync.testing.proxy import HTML, Proxy, says

Open = Callable[..., HubspotConnector]
PLAIN = b"error code: 1015"


@pytest.fixture
def connector(open_hubspot: Open) -> HubspotConnector:
    return open_hubspot()


@pytest.mark.parametrize("status", [500, 502, 503, 504, 521, 522, 523, 524])
@pytest.mark.parametrize("body", [PLAIN, HTML, b""])
def test_13_what_a_layer_before_hubspot_says_is_no_json_and_passes(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float], status: int, body: bytes
) -> None:
    hubspot_proxy.faults = [says(status, body)]
    assert connector.whoami().id
    assert (len(slept), hubspot_proxy.count("account-info")) == (1, 2)


@pytest.mark.parametrize("status", [525, 526])
def test_13_trouble_with_tls_behind_the_edge_is_not_waited_for(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float], status: int
) -> None:
    hubspot_proxy.always = says(status, PLAIN)
    with pytest.raises(Refused) as raised:
        connector.whoami()
    assert raised.value.remedy
    assert (slept, hubspot_proxy.count("account-info")) == ([], 1)


def test_13_a_429_in_plain_text_is_waited_for_as_long_as_a_window(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float]
) -> None:
    hubspot_proxy.faults = [says(429, PLAIN)]
    connector.whoami()
    assert slept == [10.0]


def test_13_retry_after_counts_where_there_is_one(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float]
) -> None:
    """It is documented for nobody, and may be there."""
    told = {"policyName": "TEN_SECONDLY_ROLLING", "message": "ten_secondly_rolling limit"}
    hubspot_proxy.faults = [says(429, told, Retry_After="3")]
    connector.whoami()
    assert slept == [3.0]


def test_13_a_limit_that_does_not_pass_ends_after_a_few_tries(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    hubspot_proxy.always = says(429, {"message": "You have reached your secondly limit."})
    with pytest.raises(Unavailable):
        connector.whoami()
    assert hubspot_proxy.count("account-info") == ATTEMPTS


def test_13_the_day_is_over_by_its_words_too(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float]
) -> None:
    """Every field of an error may be missing, the name of the policy as well."""
    hubspot_proxy.always = says(429, {"message": "You have reached your daily limit."})
    with pytest.raises(TryLater) as raised:
        connector.whoami()
    assert "midnight" in raised.value.remedy
    assert slept == []


def test_13_the_headers_of_a_second_that_nobody_enforces_slow_nothing_down(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float]
) -> None:
    """The `secondly` pair is a relic; `remaining` counts."""
    told = {"X_HubSpot_RateLimit_Secondly": "11", "X_HubSpot_RateLimit_Secondly_Remaining": "0"}
    hubspot_proxy.faults = [says(200, {"portalId": 1}, **told)]
    connector.whoami()
    connector.whoami()
    assert slept == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        b'"text"',
        b"null",
        b"{",
        {"message": None, "category": 7, "context": [], "errors": None, "subCategory": {"a": 1}},
        {"errors": ["x", None], "links": []},
        {"message": ["a"], "errors": {"a": 1}},
    ],
)
@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500])
def test_13_every_field_of_an_error_is_optional_and_may_have_any_shape(
    connector: HubspotConnector, hubspot_proxy: Proxy, body: Any, status: int
) -> None:
    hubspot_proxy.always = says(status, body)
    with pytest.raises(CrmsyncError) as raised:
        connector.whoami()
    assert raised.value.remedy


def test_13_a_property_is_named_in_the_message_alone_or_in_the_list_alone() -> None:
    """Recorded: four in the message, three in the list."""
    message = (
        'Property values were not valid: [{"isValid":false,"error":"INVALID_EMAIL","name":"email"}]'
    )
    told = str({"errors": [{"context": {"propertyName": ["city"]}}]}).replace("'", '"')
    assert property_names(message) == ("email",)
    assert property_names(told) == ("city",)
    assert property_names(message + told) == ("email", "city")
