"""What the Salesforce connector must not fall for when it writes: each test is a trap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.testing.proxy import Proxy, rewrites, says

Open = Callable[..., SalesforceConnector]


@pytest.fixture
def opens(open_salesforce: Open) -> Open:
    return open_salesforce


@pytest.fixture
def connector(opens: Open) -> SalesforceConnector:
    return opens()


def creating(key: str, **cells: str | None) -> WriteRequest:
    return WriteRequest(key, "create", None, key, {"LastName": key, **cells})


def test_a_locked_row_is_tried_again_and_its_neighbour_is_not(
    connector: SalesforceConnector, salesforce_proxy: Proxy, slept: list[float], unique: str
) -> None:
    def locks_the_second(items: Any) -> Any:
        error = {"statusCode": "UNABLE_TO_LOCK_ROW", "message": "busy", "fields": []}
        return [items[0], {"success": False, "errors": [error]}]

    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.faults = "sobjects", [rewrites(locks_the_second)]
    results = connector.write("Contact", [creating(unique + "a"), creating(unique + "b")])
    assert [one.outcome for one in results] == ["written", "written"]
    sent = [len(one.json["records"]) for one in salesforce_proxy.seen if one.method == "PATCH"]
    assert sent == [2, 1]
    assert slept == [0.5]


def test_a_row_that_stays_locked_is_refused(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    error = {"statusCode": "UNABLE_TO_LOCK_ROW", "message": "busy", "fields": []}
    connector.schema("Contact")
    salesforce_proxy.only = "sobjects"
    salesforce_proxy.always = says(200, [{"success": False, "errors": [error]}])
    [result] = connector.write("Contact", [creating(unique)])
    assert result.outcome == "refused"


def test_a_failed_item_has_no_id_and_names_its_fields(
    connector: SalesforceConnector, unique: str
) -> None:
    [result] = connector.write("Contact", [creating(unique, Email="no address")])
    assert (result.outcome, result.native_id, result.fields) == ("refused", None, ("Email",))
    assert result.message.startswith("INVALID_EMAIL_ADDRESS")


def test_a_batch_refused_as_a_whole_is_halved_until_the_culprit_stands_alone(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    def refuses_culprits(seen: Any, forward: Any) -> Any:
        if b"Culprit" not in seen.body:
            return forward()
        body = [{"errorCode": "JSON_PARSER_ERROR", "message": "Cannot deserialize"}]
        return says(400, body)(seen, forward)

    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.always = "sobjects", refuses_culprits
    requests = [creating(f"{unique}{at}") for at in range(7)]
    requests.insert(3, creating(f"{unique}x", FirstName="Culprit"))
    results = connector.write("Contact", requests)
    outcomes = [one.outcome for one in results]
    assert outcomes == ["written"] * 3 + ["refused"] + ["written"] * 4
    assert "JSON_PARSER_ERROR" in results[3].message


def test_a_deleted_record_is_gone_and_an_update_of_it_missing(
    connector: SalesforceConnector, sandbox: Sandbox, unique: str
) -> None:
    import httpx

    one = sandbox.salesforce.put("Contact", {"LastName": unique})
    assert list(connector.get("Contact", [one], ["LastName"])) == [one]
    access = sandbox.access["salesforce"]
    answer = httpx.delete(
        f"{access['url']}/services/data/v67.0/sobjects/Contact/{one}",
        headers={"Authorization": f"Bearer {access['token']}"},
    )
    assert answer.status_code == 204
    assert connector.get("Contact", [one], ["LastName"]) == {}
    [result] = connector.write(
        "Contact", [WriteRequest("u", "update", one, None, {"FirstName": "x"})]
    )
    assert result.outcome == "missing"


def test_numbers_and_instants_go_out_and_come_back_as_the_same_text(
    opens: Open, sandbox: Sandbox, salesforce_proxy: Proxy, unique: str
) -> None:
    sandbox.salesforce.define_field("Opportunity", "Signed_at__c", "datetime")
    connector = opens()
    values = {"Name": unique, "StageName": "Prospecting", "CloseDate": "2027-01-31"}
    deal = sandbox.salesforce.put("Opportunity", values)
    cells: dict[str, str | None] = {
        "Amount": "1200.5",
        "CloseDate": "2027-02-28",
        "Signed_at__c": "2026-03-29T01:30:00.000Z",
    }
    [result] = connector.write("Opportunity", [WriteRequest("u", "update", deal, None, cells)])
    assert result.outcome == "written", result.message
    assert b'"Amount":1200.5' in salesforce_proxy.seen[-1].body
    assert connector.get("Opportunity", [deal], list(cells)) == {deal: cells}


def test_a_text_that_is_no_number_is_left_to_salesforce_to_refuse(
    connector: SalesforceConnector, sandbox: Sandbox, unique: str
) -> None:
    values = {"Name": unique, "StageName": "Prospecting", "CloseDate": "2027-01-31"}
    deal = sandbox.salesforce.put("Opportunity", values)
    request = WriteRequest("u", "update", deal, None, {"Amount": "a lot"})
    [result] = connector.write("Opportunity", [request])
    assert result.outcome == "refused"
