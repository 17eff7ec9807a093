"""What nobody outside Salesforce knows for certain about writing: the connector is right either way.

`trim_text` is tested by `test_16_2_what_a_text_became_when_it_was_saved_is_read_back`, `contact_makes_role` by
`test_11_5_the_contact_of_a_new_opportunity_makes_its_primary_role_or_does_not`, `duplicate_result_key` and
`collections_tell_duplicates` by the tests of 12.2. `composite_counts_collections`, `tree_failure_status` and
`bulk_alert_rules_block` are about calls that the connector does not make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from connectors.trapping import DEAL, creating, updating
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.switches import SWITCHES, set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.testing.proxy import Proxy

ROLES = "associations.Contact.roles"
RULE = {"kind": "duplicate", "object": "Contact", "name": "DR_of_switches", "match": ["HomePhone"]}


@pytest.fixture
def org(sandbox: Sandbox) -> Iterator[SalesforceWorld]:
    yield sandbox.salesforce
    declare(sandbox.salesforce, {**RULE, "active": False})
    for name, switch in SWITCHES.items():
        set_switch(sandbox.salesforce.tables, name, switch.default)


@pytest.fixture
def connector(open_salesforce: Callable[..., SalesforceConnector]) -> SalesforceConnector:
    return open_salesforce()


@pytest.fixture
def unique(unique: str) -> str:
    return f"either-{unique}"


def asked_after(org: SalesforceWorld, proxy: Proxy, path: str, before: Callable[[], Any]) -> None:
    """Something happens just before the record is asked for by an address: the rule goes, too."""

    def meanwhile(seen: Any, forward: Any) -> Any:
        declare(org, {**RULE, "active": False})
        before()
        return forward()

    proxy.only, proxy.faults = path, [meanwhile]


@pytest.mark.parametrize(("status", "outcome"), [(200, "written"), (204, "unknown")])
def test_a_record_found_by_an_upsert_is_ours_or_looked_up_by_its_key(
    connector: SalesforceConnector,
    org: SalesforceWorld,
    salesforce_proxy: Proxy,
    unique: str,
    status: int,
    outcome: str,
) -> None:
    set_switch(org.tables, "upsert_found_status", status)
    org.put("Contact", {"LastName": "There", "HomePhone": unique})
    declare(org, RULE)
    connector.schema("Contact")
    path = "sobjects/Contact/crmsync_key__c/"
    late = {"LastName": "Late", "crmsync_key__c": unique}
    ids: list[str] = []
    asked_after(org, salesforce_proxy, path, lambda: ids.append(org.put("Contact", late)))
    [result] = connector.write("Contact", [creating(unique, HomePhone=unique)])
    assert result.outcome == outcome
    assert connector.find("Contact", [unique]) == {unique: ids[0]}


@pytest.mark.parametrize("allowed", [False, True])
def test_the_key_stands_in_the_address_alone(
    connector: SalesforceConnector,
    org: SalesforceWorld,
    salesforce_proxy: Proxy,
    unique: str,
    allowed: bool,
) -> None:
    set_switch(org.tables, "upsert_key_in_body", allowed)
    there = org.put("Contact", {"LastName": "There", "HomePhone": unique})
    declare(org, RULE)
    [result] = connector.write("Contact", [creating(unique, HomePhone=unique)])
    assert result.alike is not None
    assert [ref.id for ref in result.alike] == [there]
    [asked] = [one for one in salesforce_proxy.seen if f"crmsync_key__c/{unique}" in one.path]
    assert "crmsync_key__c" not in asked.json


@pytest.mark.parametrize("found", [True, False])
def test_a_key_with_a_slash_is_asked_for_or_leaves_the_first_answer(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str, found: bool
) -> None:
    set_switch(org.tables, "slash_in_key", found)
    there = org.put("Contact", {"LastName": "There", "HomePhone": unique})
    declare(org, RULE)
    key = f"{unique}/a"
    [result] = connector.write("Contact", [creating(key, HomePhone=unique)])
    assert result.outcome == "refused"
    assert "DUPLICATES_DETECTED" in result.message
    assert result.alike is not None
    assert [ref.id for ref in result.alike] == ([there] if found else [])
    assert connector.find("Contact", [key]) == {}


@pytest.mark.parametrize("status", [404, 400])
def test_a_record_in_the_bin_is_gone_whatever_the_status(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str, status: int
) -> None:
    set_switch(org.tables, "deleted_record_status", status)
    one = org.put("Contact", {"LastName": unique})
    connector.remove_record("Contact", one)
    connector.remove_record("Contact", one)
    [result] = connector.write("Contact", [updating(one, Title="x")])
    assert result.outcome == "missing"


@pytest.mark.parametrize(("unique_roles", "outcome"), [(False, "written"), (True, "refused")])
def test_a_second_role_of_a_contact_is_made_or_refused_and_the_first_one_stays(
    connector: SalesforceConnector,
    org: SalesforceWorld,
    unique: str,
    unique_roles: bool,
    outcome: str,
) -> None:
    set_switch(org.tables, "one_role_a_contact", unique_roles)
    person = org.put("Contact", {"LastName": unique})
    deal = org.put("Opportunity", {**DEAL, "Name": unique})

    def adds(role: str) -> str:
        request = WriteRequest("r", "update", deal, None, {ROLES: f"+{person}|{role}"})
        return connector.write("Opportunity", [request])[0].outcome

    assert adds("Evaluator") == "written"
    assert adds("Evaluator") == "written"
    assert adds("Decision Maker") == outcome
    roles = connector.get("Opportunity", [deal], [ROLES])[deal][ROLES] or ""
    assert f"{person}|Evaluator" in roles
    assert ("Decision Maker" in roles) == (outcome == "written")


@pytest.mark.parametrize(("once", "cost"), [(True, 1), (False, 5)])
def test_what_a_collection_costs_is_what_the_org_says(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str, once: bool, cost: int
) -> None:
    set_switch(org.tables, "collections_count_once", once)
    connector.schema("Contact")
    before = connector.meter.left or 0
    connector.write("Contact", [creating(f"{unique}-{at}") for at in range(5)])
    assert before - (connector.meter.left or 0) == cost
