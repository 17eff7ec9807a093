"""What the connector makes of duplicate rules: whom they mean, which cell it is about, and nothing by force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.salesforce.asking import MOST_ASKED
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.connectors.salesforce.duplicates import named_in
from crmsync.core.records import Ref
from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.switches import SWITCHES, set_switch
from crmsync.testing.proxy import Proxy, loses, says

Open = Callable[..., SalesforceConnector]
RULE = {"kind": "duplicate", "object": "Contact", "name": "DR_of_tests", "match": ["Department"]}


@pytest.fixture
def connector(open_salesforce: Open) -> SalesforceConnector:
    return open_salesforce()


@pytest.fixture(params=["block", "alert"], autouse=True)
def rule(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[None]:
    declare(sandbox.salesforce, {**RULE, "action": request.param})
    yield
    declare(sandbox.salesforce, {**RULE, "active": False})
    for name in ("collections_tell_duplicates", "duplicate_result_key"):
        set_switch(sandbox.salesforce.tables, name, SWITCHES[name].default)


@pytest.fixture
def unique(unique: str) -> str:
    return f"double-{unique}"


@pytest.fixture
def there(sandbox: Sandbox, unique: str) -> str:
    """Somebody of a department that nobody else may have."""
    return sandbox.salesforce.put("Contact", {"LastName": unique, "Department": unique})


def creating(key: str, **cells: str | None) -> WriteRequest:
    return WriteRequest(key, "create", None, key, {"LastName": key, **cells})


@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("key", ["duplicateResut", "duplicateResult"])
def test_a_refused_create_names_the_record_that_is_there(
    connector: SalesforceConnector,
    sandbox: Sandbox,
    salesforce_proxy: Proxy,
    there: str,
    unique: str,
    told: bool,
    key: str,
) -> None:
    set_switch(sandbox.salesforce.tables, "collections_tell_duplicates", told)
    set_switch(sandbox.salesforce.tables, "duplicate_result_key", key)
    both = [creating(unique, Department=unique), creating(unique + "b")]
    refused, written = connector.write("Contact", both)
    assert (refused.outcome, refused.native_id) == ("refused", None)
    assert refused.alike == (Ref("crm", "Contact", there),)
    assert "DUPLICATES_DETECTED" in refused.message
    assert (written.outcome, written.alike) == ("written", None)
    assert connector.find("Contact", [unique]) == {}
    assert salesforce_proxy.count(f"crmsync_key__c/{unique}") == (0 if told else 1)
    sent = [one.headers.get("sforce-duplicate-rule-header") for one in salesforce_proxy.seen]
    assert set(sent) == {None}


def test_of_an_update_only_the_cell_that_makes_a_duplicate_is_refused(
    connector: SalesforceConnector, sandbox: Sandbox, there: str, unique: str
) -> None:
    one = sandbox.salesforce.put("Contact", {"LastName": "Gil"})
    cells: dict[str, str | None] = {"Title": "Chair", "Department": unique, "FirstName": "Eva"}
    [result] = connector.write("Contact", [WriteRequest("u", "update", one, None, cells)])
    assert (result.outcome, result.fields) == ("written", ("Department",))
    assert result.alike == (Ref("crm", "Contact", there),)
    held = connector.get("Contact", [one], list(cells))[one]
    assert held == {"Title": "Chair", "Department": None, "FirstName": "Eva"}


def test_an_update_of_that_cell_alone_is_refused_with_its_id(
    connector: SalesforceConnector, sandbox: Sandbox, there: str, unique: str
) -> None:
    one = sandbox.salesforce.put("Contact", {"LastName": "Gil"})
    request = WriteRequest("u", "update", one, None, {"Department": unique})
    [result] = connector.write("Contact", [request])
    assert (result.outcome, result.native_id) == ("refused", one)
    assert result.alike == (Ref("crm", "Contact", there),)


def test_a_lost_answer_to_the_question_leaves_the_create_unknown(
    connector: SalesforceConnector, salesforce_proxy: Proxy, there: str, unique: str
) -> None:
    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.faults = f"crmsync_key__c/{unique}", [loses]
    [result] = connector.write("Contact", [creating(unique, Department=unique)])
    assert result.outcome == "unknown"
    assert salesforce_proxy.count(f"crmsync_key__c/{unique}") == 1


def test_a_question_that_cannot_be_asked_leaves_the_first_answer(
    connector: SalesforceConnector, salesforce_proxy: Proxy, there: str, unique: str
) -> None:
    limit = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.always = f"crmsync_key__c/{unique}", says(403, limit)
    [result] = connector.write("Contact", [creating(unique, Department=unique)])
    assert (result.outcome, result.alike) == ("refused", ())


def test_a_rule_that_is_gone_when_asked_lets_the_create_through(
    connector: SalesforceConnector,
    sandbox: Sandbox,
    salesforce_proxy: Proxy,
    there: str,
    unique: str,
) -> None:
    def lifts(seen: Any, forward: Any) -> Any:
        declare(sandbox.salesforce, {**RULE, "active": False})
        return forward()

    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.faults = f"crmsync_key__c/{unique}", [lifts]
    [result] = connector.write("Contact", [creating(unique, Department=unique)])
    assert (result.outcome, result.created, result.alike) == ("written", True, None)
    assert connector.find("Contact", [unique]) == {unique: result.native_id}


def test_texts_of_people_are_no_references_between_calls(
    connector: SalesforceConnector, sandbox: Sandbox, there: str, unique: str
) -> None:
    one = sandbox.salesforce.put("Contact", {"LastName": "Gil"})
    cells: dict[str, str | None] = {"Title": "@{call0.id}", "Department": unique}
    connector.write("Contact", [WriteRequest("u", "update", one, None, cells)])
    assert connector.get("Contact", [one], ["Title"])[one] == {"Title": "@{call0.id}"}


def test_questions_of_one_batch_have_an_end(
    connector: SalesforceConnector, salesforce_proxy: Proxy, there: str, unique: str
) -> None:
    many = [creating(f"{unique}-{at}", Department=unique) for at in range(MOST_ASKED + 3)]
    results = connector.write("Contact", many)
    assert [one.outcome for one in results] == ["refused"] * len(many)
    assert [one.alike for one in results[-3:]] == [()] * 3
    assert salesforce_proxy.count(f"crmsync_key__c/{unique}-") == MOST_ASKED


@pytest.mark.parametrize(
    "errors",
    [
        [],
        [None, "text", 7],
        [{"duplicateResut": None}],
        [{"duplicateResult": {"matchResults": {"a": 1}}}],
        [{"duplicateResut": {"matchResults": [None, {"matchRecords": [None, {"record": "x"}]}]}}],
        [{"duplicateResut": {"matchResults": [{"matchRecords": [{"record": {"Id": "' OR 1"}}]}]}}],
    ],
)
def test_a_refusal_in_another_shape_names_nobody(errors: list[Any]) -> None:
    assert named_in(errors) == ()
