"""What the Salesforce connector must not fall for when it writes: each test is a trap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.sandbox.faults.book import clear_faults, set_fault
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


def three_families(sandbox: Sandbox, unique: str) -> list[tuple[str, str]]:
    """(contact, account) of six contacts, those of one account never beside each other."""
    world = sandbox.salesforce
    accounts = [world.put("Account", {"Name": f"{unique}{at}"}) for at in range(3)]
    return [
        (world.put("Contact", {"LastName": f"{unique}{at}", "AccountId": account}), account)
        for at, account in enumerate([*accounts, *accounts])
    ]


def under(sandbox: Sandbox, seen: Any) -> list[str]:
    """The accounts of the records of one write, in their order."""
    rows = [sandbox.salesforce.rows.get("Contact", one["id"]) or {} for one in seen.json["records"]]
    return [str(row["AccountId"]) for row in rows]


def retitling(people: list[tuple[str, str]]) -> list[WriteRequest]:
    return [WriteRequest(one, "update", one, None, {"Title": "x"}) for one, _ in people]


def test_rows_of_one_locked_parent_are_tried_again_together_and_the_others_are_not(
    connector: SalesforceConnector, sandbox: Sandbox, salesforce_proxy: Proxy, unique: str
) -> None:
    people = three_families(sandbox, unique)
    set_fault(sandbox.salesforce, "row-lock", path="composite/sobjects", parents=2)
    results = connector.write("Contact", retitling(people))
    assert {one.outcome for one in results} == {"written"}
    calls = [under(sandbox, one) for one in salesforce_proxy.seen if one.method == "PATCH"]
    first, second, _ = (account for _, account in people[:3])
    assert calls[1:] == [[first] * 2 + [second] * 2]


def test_what_stays_locked_is_refused_for_now_after_growing_waits(
    connector: SalesforceConnector, sandbox: Sandbox, slept: list[float], unique: str
) -> None:
    people = three_families(sandbox, unique)
    set_fault(sandbox.salesforce, "row-lock", path="composite/sobjects", times=0, parents=1)
    results = connector.write("Contact", retitling(people))
    clear_faults(sandbox.salesforce)
    assert [one.outcome for one in results] == ["refused", "written", "written"] * 2
    assert results[0].message.startswith("locked by somebody else all the while")
    assert slept == sorted(set(slept))
    assert len(slept) == 3


def test_an_attempt_that_cannot_be_made_leaves_what_was_written_written(
    connector: SalesforceConnector, sandbox: Sandbox, unique: str
) -> None:
    """The second call is turned away for the day: the rows of the first are not lost with it."""
    people = three_families(sandbox, unique)
    path = "composite/sobjects"
    set_fault(sandbox.salesforce, "row-lock", path=path, items=1)
    set_fault(sandbox.salesforce, "403-limit", path=path, method="PATCH", nth=2, times=0)
    results = connector.write("Contact", retitling(people))
    clear_faults(sandbox.salesforce)
    assert [one.outcome for one in results] == ["refused"] + ["written"] * 5


def swapped(items: Any) -> Any:
    return items[::-1]


def doubled(items: Any) -> Any:
    return [items[0], items[0]]


def nameless(items: Any) -> Any:
    return [{name: value for name, value in item.items() if name != "id"} for item in items]


@pytest.mark.parametrize(
    "change",
    [
        swapped,
        doubled,
        nameless,
        lambda items: items[:1],
        lambda items: [*items, items[0]],
        lambda items: {},
        lambda items: [None, "written"],
        lambda items: [{"success": True}, {"success": False}],
    ],
)
def test_an_update_whose_answer_cannot_be_his_is_unknown(
    connector: SalesforceConnector,
    sandbox: Sandbox,
    salesforce_proxy: Proxy,
    unique: str,
    change: Any,
) -> None:
    people = three_families(sandbox, unique)[:2]
    connector.schema("Contact")
    salesforce_proxy.only = "sobjects"
    salesforce_proxy.faults = [rewrites(change)]
    results = connector.write("Contact", retitling(people))
    assert "unknown" in {one.outcome for one in results}
    for (contact, _), one in zip(people, results, strict=True):
        assert one.outcome == "unknown" or one.native_id == contact


def test_two_creates_never_share_a_record(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.faults = "sobjects", [rewrites(doubled)]
    results = connector.write("Contact", [creating(unique + "a"), creating(unique + "b")])
    assert [one.outcome for one in results] == ["unknown", "unknown"]
    # They are looked up by their keys.
    assert len(set(connector.find("Contact", [unique + "a", unique + "b"]).values())) == 2


def test_a_create_that_was_there_already_is_no_second_record(
    connector: SalesforceConnector, unique: str
) -> None:
    [first] = connector.write("Contact", [creating(unique)])
    [again] = connector.write("Contact", [creating(unique, FirstName="Eva")])
    assert (first.created, again.created) == (True, False)
    assert first.native_id == again.native_id


def test_a_call_in_which_every_record_failed_is_no_success(
    connector: SalesforceConnector, unique: str
) -> None:
    bad = [creating(f"{unique}-{at}", Email="no address") for at in range(3)]
    assert [one.outcome for one in connector.write("Contact", bad)] == ["refused"] * 3
    assert connector.find("Contact", [one.key or "" for one in bad]) == {}


def test_a_key_that_several_records_have_refuses_that_record_alone(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    error = {"statusCode": "DUPLICATE_EXTERNAL_ID", "message": "found more than once", "fields": []}

    def ambiguous(items: Any) -> Any:
        return [items[0], {"success": False, "errors": [error]}]

    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.faults = "sobjects", [rewrites(ambiguous)]
    results = connector.write("Contact", [creating(unique + "a"), creating(unique + "b")])
    assert [one.outcome for one in results] == ["written", "refused"]


def test_every_write_says_who_it_is_and_runs_no_assignment_rule(
    connector: SalesforceConnector, sandbox: Sandbox, salesforce_proxy: Proxy, unique: str
) -> None:
    world = sandbox.salesforce
    person = world.put("Contact", {"LastName": unique})
    other = world.put("Contact", {"LastName": unique})
    deal = {"Name": unique, "StageName": "Prospecting", "CloseDate": "2027-01-31"}
    one = world.put("Opportunity", deal)
    roles = "associations.Contact.roles"

    def tie(delta: str) -> None:
        [end] = connector.write(
            "Opportunity", [WriteRequest("t", "update", one, None, {roles: delta})]
        )
        assert end.outcome == "written", end.message

    lead = WriteRequest("l", "create", None, unique, {"LastName": unique, "Company": "Acme"})
    assert [r.outcome for r in connector.write("Lead", [lead])] == ["written"]
    connector.write("Contact", [WriteRequest("u", "update", person, None, {"Title": "x"})])
    tie(f"+{person}|Evaluator;+{other}|Evaluator")
    tie(f"-{person}|Evaluator;+{person}|Decision Maker")
    writes = [r for r in salesforce_proxy.seen if r.path.rpartition("/")[2] == "sobjects"]
    writes += [r for r in salesforce_proxy.seen if r.path.endswith("crmsync_key__c")]
    assert {one.method for one in writes} == {"POST", "PATCH"}
    assert {one.headers.get("sforce-auto-assign") for one in writes} == {"FALSE"}
    assert {one.headers.get("sforce-call-options") for one in writes} == {"client=crmsync"}


def test_an_owner_that_does_not_exist_is_named_and_the_record_is_not_taken_for_gone(
    connector: SalesforceConnector, sandbox: Sandbox, unique: str
) -> None:
    nobody = "005000000000zzzAAA"
    person = sandbox.salesforce.put("Contact", {"LastName": unique})
    gone = "003000000000zzzAAA"
    ask = [
        WriteRequest("a", "update", person, None, {"OwnerId": nobody, "Title": "x"}),
        WriteRequest("b", "update", gone, None, {"OwnerId": nobody, "Title": "x"}),
        WriteRequest("c", "update", gone, None, {"Title": "x"}),
    ]
    results = connector.write("Contact", ask)
    assert [one.outcome for one in results] == ["refused", "missing", "missing"]
    assert results[0].fields == ("OwnerId",)
    [created] = connector.write("Contact", [creating(unique, OwnerId=nobody)])
    assert (created.outcome, created.fields) == ("refused", ("OwnerId",))
