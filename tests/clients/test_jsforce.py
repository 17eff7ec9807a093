"""jsforce from npm against `crmsync sandbox serve`: a client that nobody here wrote, and its own judgement.

Run by `make test-clients`; needs Node and npm, and a registry to install from.
"""

from __future__ import annotations

from typing import Any

import pytest

from clients.npm_scripts import run_script

pytestmark = pytest.mark.clients

PROMISES = (
    "logs in",
    "describe",
    "create",
    "collections create",
    "query with queryMore",
    "relationship and child queries",
    "collections retrieve, update and delete",
    "upsert three ways",
    "getDeleted",
    "bulk ingest",
    "bulk query",
    "an error of each family",
    "composite, tree, batch and limits",
    "token refresh",
)


@pytest.fixture(scope="session")
def told(node: str, sandbox: dict[str, dict[str, str]]) -> dict[str, dict[str, Any]]:
    """What the script says of each promise, once it has gone all the way."""
    return run_script(node, "round_trip.js", "SALESFORCE", sandbox["salesforce"])


@pytest.mark.parametrize("promise", PROMISES)
def test_jsforce_takes_it_for_salesforce(told: dict[str, dict[str, Any]], promise: str) -> None:
    assert told[promise]["kept"], told[promise].get("why")


def test_the_script_keeps_no_promise_that_is_not_asked_for(told: dict[str, dict[str, Any]]) -> None:
    assert tuple(told) == PROMISES
