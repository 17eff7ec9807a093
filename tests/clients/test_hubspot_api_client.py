"""HubSpot's own @hubspot/api-client from npm against `crmsync sandbox serve`, and its own judgement.

Run by `make test-clients`; needs Node and npm, and a registry to install from.
"""

from __future__ import annotations

from typing import Any

import pytest

from clients.npm_scripts import run_script

pytestmark = pytest.mark.clients

PROMISES = (
    "create",
    "list with paging and associations",
    "get, update and archive",
    "batch create",
    "batch read, update and upsert",
    "search",
    "associations v4",
    "merge",
    "properties",
    "pipelines",
    "owners",
    "an error of each family",
    "token by refresh",
)


@pytest.fixture(scope="session")
def told(node: str, sandbox: dict[str, dict[str, str]]) -> dict[str, dict[str, Any]]:
    """What the script says of each promise, once it has gone all the way."""
    return run_script(node, "hubspot_round_trip.js", "HUBSPOT", sandbox["hubspot"])


@pytest.mark.parametrize("promise", PROMISES)
def test_hubspot_s_client_takes_it_for_hubspot(
    told: dict[str, dict[str, Any]], promise: str
) -> None:
    assert told[promise]["kept"], told[promise].get("why")


def test_the_script_keeps_no_promise_that_is_not_asked_for(told: dict[str, dict[str, Any]]) -> None:
    assert tuple(told) == PROMISES
