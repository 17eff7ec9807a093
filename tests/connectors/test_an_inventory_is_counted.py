"""How many records fill a field is counted by the systems themselves: a few calls, and nobody is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.abilities import CountingConnector
from crmsync.testing.proxy import Proxy, says

REFUSED = [{"errorCode": "MALFORMED_QUERY", "message": "field cannot be aggregated"}]
Opens = Callable[..., Any]


@pytest.fixture(scope="module")
def filled(sandbox: Sandbox) -> Sandbox:
    """Three people with another phone in Salesforce, two with a fax in HubSpot."""
    for at in range(3):
        sandbox.salesforce.put("Contact", {"LastName": f"Other {at}", "OtherPhone": "911"})
    for at in range(2):
        sandbox.hubspot.put("contacts", {"lastname": f"Fax {at}", "fax": "911"})
    return sandbox


def counted(connector: CountingConnector, object_: str, *leave_out: str) -> dict[str, Any]:
    return {each.name: each for each in connector.filled(object_, leave_out)}


def test_salesforce_counts_in_a_few_queries(
    filled: Sandbox, open_salesforce: Opens, salesforce_proxy: Proxy
) -> None:
    connector = open_salesforce()
    assert isinstance(connector, CountingConnector)
    found = counted(connector, "Contact", "Email")
    total = found["Id"].total
    assert found["OtherPhone"].records == 3
    assert found["LastName"].records == total
    assert found["DoNotCall"].records == total  # a flag is never null
    assert not {"Email", "Description"} & set(found)  # left out; a long text cannot be counted
    asked = [each.path for each in salesforce_proxy.seen if "/query" in each.path]
    assert 2 <= len(asked) <= 1 + len(found) // 50 + 1


def test_what_salesforce_refuses_to_count_costs_no_other_count(
    filled: Sandbox, open_salesforce: Opens, salesforce_proxy: Proxy
) -> None:
    connector = open_salesforce()
    salesforce_proxy.only, salesforce_proxy.faults = "COUNT%28OtherPhone", [says(400, REFUSED)]
    found = counted(connector, "Contact")
    assert found["OtherPhone"].records == 3
    assert not salesforce_proxy.faults, "nothing was refused"


def test_hubspot_counts_what_people_can_fill_by_a_search_each(
    filled: Sandbox, open_hubspot: Opens, hubspot_proxy: Proxy
) -> None:
    connector = open_hubspot()
    assert isinstance(connector, CountingConnector)
    found = counted(connector, "contacts", "email")
    assert found["fax"].records == 2
    rows = [row for _, row in filled.hubspot.tables.rows("contacts") if not row.get("archivedAt")]
    named = [row for row in rows if row["properties"].get("lastname")]
    assert (found["fax"].total, found["lastname"].records) == (len(rows), len(named))
    assert not {"email", "createdate"} & set(found)  # left out; the system fills that itself
    searches = [each.path for each in hubspot_proxy.seen if each.path.endswith("/search")]
    assert len(searches) == 1 + len(found)
