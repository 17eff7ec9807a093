"""What was merged away in Salesforce: read from the recycle bin, whole or not at all, at one call a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.abilities import MergingConnector
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.errors import AnswerBroken
from crmsync.sandbox.salesforce.becoming import merge_records
from crmsync.testing.proxy import Proxy, rewrites


@pytest.fixture
def connector(open_salesforce: Callable[..., SalesforceConnector]) -> SalesforceConnector:
    return open_salesforce()


@pytest.fixture
def merged(sandbox: Sandbox) -> tuple[str, str]:
    """(loser, winner), beside an account that was only deleted."""
    world = sandbox.salesforce
    winner, loser, gone = (world.put("Account", {"Name": each}) for each in ("A", "B", "C"))
    merge_records(world, {"object": "Account", "winner": winner, "losers": [loser]})
    world.put("Account", {"IsDeleted": True}, gone)
    return loser, winner


def told(connector: SalesforceConnector, object_: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for b in connector.merged(object_) for row in b.to_pylist()]


def test_the_bin_says_what_was_merged_into_what_and_not_what_was_deleted(
    connector: SalesforceConnector, merged: tuple[str, str]
) -> None:
    assert isinstance(connector, MergingConnector)
    connector.schema("Account")
    before = connector.meter.made
    found = told(connector, "Account")
    assert merged in found
    assert all(winner for _, winner in found)
    assert connector.meter.made == before + 1
    assert connector.meter.by_path["GET queryAll"] == 1


def test_records_that_cannot_be_merged_cost_no_call(connector: SalesforceConnector) -> None:
    connector.schema("Opportunity")
    before = connector.meter.made
    assert told(connector, "Opportunity") == []
    assert connector.meter.made == before


def test_a_bin_that_was_not_read_to_its_end_is_a_broken_read(
    connector: SalesforceConnector, salesforce_proxy: Proxy, merged: tuple[str, str]
) -> None:
    def ends_early(page: Any) -> Any:
        return {**page, "totalSize": page["totalSize"] + 1}

    connector.schema("Account")
    salesforce_proxy.only, salesforce_proxy.faults = "/queryAll/", [rewrites(ends_early)]
    with pytest.raises(AnswerBroken, match="merged records came"):
        told(connector, "Account")
