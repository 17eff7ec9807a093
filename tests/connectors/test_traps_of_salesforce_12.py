"""Traps of Salesforce: 12, errors. One test a trap, named after its section.

Left out: 12.2, alert rules in bulk jobs (the connector writes by Collections alone); 12.3, statuses of bulk results.
`test_every_fault_in_every_verb.py` has every answer of 12.3 at every call of every verb.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from connectors.trapping import creating, refusal, updating
from crmsync.connectors.calls import ATTEMPTS
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.core.records import Ref
from crmsync.errors import AccessDenied, CrmsyncError, Refused, TryLater, Unavailable
from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.switches import SWITCHES, set_switch
from crmsync.testing.proxy import HTML, Proxy, loses, rewrites, says

Open = Callable[..., SalesforceConnector]
RULE = {"kind": "duplicate", "object": "Contact", "name": "DR_of_traps", "match": ["AssistantName"]}


@pytest.fixture
def opens(open_salesforce: Open) -> Open:
    return open_salesforce


@pytest.fixture
def connector(opens: Open) -> SalesforceConnector:
    return opens()


@pytest.fixture
def unique(unique: str) -> str:
    return f"trap12-{unique}"


@pytest.fixture
def rule(sandbox: Sandbox) -> Iterator[Callable[[str], None]]:
    """Sets up a duplicate rule that alerts, or blocks."""
    yield lambda action: _declared(sandbox, action=action)
    _declared(sandbox, active=False)
    for name in ("collections_tell_duplicates", "duplicate_result_key"):
        set_switch(sandbox.salesforce.tables, name, SWITCHES[name].default)


def _declared(sandbox: Sandbox, **more: Any) -> None:
    declare(sandbox.salesforce, {**RULE, **more})


def item(*errors: dict[str, Any]) -> Any:
    """The answer of a Collection whose one record failed."""
    return says(200, [{"success": False, "errors": list(errors)}])


# 12.1 Shapes


def test_12_1_an_error_without_fields_is_told(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    salesforce_proxy.always = says(400, [{"errorCode": "MALFORMED_QUERY", "message": "odd"}])
    with pytest.raises(Refused, match="MALFORMED_QUERY: odd"):
        connector.find("Contact", ["k"])


def test_12_1_several_errors_of_one_record_are_all_told(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    connector.schema("Contact")
    errors = [
        {"statusCode": "STRING_TOO_LONG", "message": "data value too large", "fields": ["Title"]},
        {"statusCode": "INVALID_EMAIL_ADDRESS", "message": "odd", "fields": ["Email"]},
    ]
    salesforce_proxy.faults = [item(*errors)]
    [result] = connector.write("Contact", [creating(unique, Title="x", Email="y")])
    assert result.fields == ("Title", "Email")
    assert all(one["statusCode"] in result.message for one in errors)


@pytest.mark.parametrize("name", ["statusCode", "errorCode"])
def test_12_1_a_code_is_read_under_both_names(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str, name: str
) -> None:
    connector.schema("Contact")
    salesforce_proxy.faults = [item({name: "STRING_TOO_LONG", "message": "m", "fields": []})]
    [result] = connector.write("Contact", [creating(unique)])
    assert result.message == "STRING_TOO_LONG: m"


def test_12_1_an_error_of_the_token_endpoint_is_an_object(
    opens: Open, sandbox: Sandbox, salesforce_proxy: Proxy
) -> None:
    app = {name: sandbox.access["salesforce"][name] for name in ("client_id", "client_secret")}
    body = {"error": "invalid_grant", "error_description": "user is locked"}
    salesforce_proxy.only, salesforce_proxy.always = "/oauth2/token", says(400, body)
    with pytest.raises(AccessDenied, match="user is locked") as raised:
        opens(token="", **app).whoami()
    assert "run-as user" in raised.value.remedy


@pytest.mark.parametrize("status", [400, 403, 404, 406, 420, 500, 503])
@pytest.mark.parametrize("body", [b"", HTML, [], {}, ["text"], [None], [[]], 7, "text"], ids=str)
def test_12_1_an_error_in_another_shape_is_an_error_with_a_remedy(
    connector: SalesforceConnector, salesforce_proxy: Proxy, status: int, body: Any
) -> None:
    salesforce_proxy.always = says(status, body)
    with pytest.raises(CrmsyncError) as raised:
        connector.find("Contact", ["k"])
    assert raised.value.remedy
    assert "<html" not in str(raised.value)


# 12.2 Duplicate rules


@pytest.mark.parametrize("key", ["duplicateResut", "duplicateResult"])
def test_12_2_the_records_of_a_duplicate_are_read_under_both_spellings(
    connector: SalesforceConnector, sandbox: Sandbox, rule: Any, unique: str, key: str
) -> None:
    set_switch(sandbox.salesforce.tables, "duplicate_result_key", key)
    there = sandbox.salesforce.put("Contact", {"LastName": unique, "AssistantName": unique})
    rule("block")
    [result] = connector.write("Contact", [creating(unique, AssistantName=unique)])
    assert result.alike == (Ref("crm", "Contact", there),)


@pytest.mark.parametrize("action", ["alert", "block"])
def test_12_2_a_rule_is_never_overridden_whether_it_alerts_or_blocks(
    connector: SalesforceConnector,
    sandbox: Sandbox,
    salesforce_proxy: Proxy,
    rule: Any,
    unique: str,
    action: str,
) -> None:
    sandbox.salesforce.put("Contact", {"LastName": unique, "AssistantName": unique})
    rule(action)
    [result] = connector.write("Contact", [creating(unique, AssistantName=unique)])
    assert result.outcome == "refused"
    assert connector.find("Contact", [unique]) == {}
    names = {name for one in salesforce_proxy.seen for name in one.headers}
    assert "sforce-duplicate-rule-header" not in names


@pytest.mark.parametrize("told", [False, True])
def test_12_2_an_item_of_a_collection_may_name_nobody(
    connector: SalesforceConnector, sandbox: Sandbox, rule: Any, unique: str, told: bool
) -> None:
    set_switch(sandbox.salesforce.tables, "collections_tell_duplicates", told)
    there = sandbox.salesforce.put("Contact", {"LastName": unique, "AssistantName": unique})
    rule("alert")
    [result] = connector.write("Contact", [creating(unique, AssistantName=unique)])
    assert result.alike == (Ref("crm", "Contact", there),)


# 12.3 Catalogue: what is sent again, and what never is

ITEM_ENDS = {
    "REQUIRED_FIELD_MISSING": "refused",
    "INVALID_EMAIL_ADDRESS": "refused",
    "STRING_TOO_LONG": "refused",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "refused",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "refused",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "refused",
    "INVALID_TYPE_ON_FIELD_IN_RECORD": "refused",
    "MALFORMED_ID": "refused",
    "DUPLICATE_VALUE": "refused",
    "INACTIVE_OWNER_OR_USER": "refused",
    "TRANSFER_REQUIRES_READ": "refused",
    "INSUFFICIENT_ACCESS_OR_READONLY": "refused",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "refused",
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": "refused",
    "PROCESSING_HALTED": "refused",
    "INVALID_CROSS_REFERENCE_KEY": "missing",
    "CANNOT_UPDATE_CONVERTED_LEAD": "missing",
    "ENTITY_IS_DELETED": "missing",
    "NOT_FOUND": "missing",
}


@pytest.mark.parametrize(("code", "outcome"), ITEM_ENDS.items())
def test_12_3_a_record_refused_for_good_is_sent_once(
    connector: SalesforceConnector,
    sandbox: Sandbox,
    salesforce_proxy: Proxy,
    unique: str,
    code: str,
    outcome: str,
) -> None:
    one = sandbox.salesforce.put("Contact", {"LastName": unique})
    connector.schema("Contact")
    salesforce_proxy.only = "composite/sobjects"
    salesforce_proxy.always = item({"statusCode": code, "message": "m", "fields": []})
    [result] = connector.write("Contact", [updating(one, Title="x")])
    assert (result.outcome, result.native_id) == (outcome, one)
    assert code in result.message
    assert salesforce_proxy.count("composite/sobjects") == 1


def test_12_3_a_locked_row_is_sent_again_and_then_left_to_the_next_run(
    connector: SalesforceConnector,
    sandbox: Sandbox,
    salesforce_proxy: Proxy,
    slept: list[float],
    unique: str,
) -> None:
    one = sandbox.salesforce.put("Contact", {"LastName": unique})
    connector.schema("Contact")
    error = {"statusCode": "UNABLE_TO_LOCK_ROW", "message": "busy", "fields": []}
    salesforce_proxy.only, salesforce_proxy.always = "composite/sobjects", item(error)
    [result] = connector.write("Contact", [updating(one, Title="x")])
    assert (result.outcome, salesforce_proxy.count("composite/sobjects")) == ("refused", 4)
    assert slept == sorted(slept)
    assert "left to the next plan" in result.message


CALLS = [
    (400, "MALFORMED_QUERY", Refused, 1),
    (400, "INVALID_FIELD", Refused, 1),
    (400, "JSON_PARSER_ERROR", Refused, 1),
    (400, "QUERY_TIMEOUT", Unavailable, ATTEMPTS),
    (401, "INVALID_SESSION_ID", AccessDenied, 1),
    (403, "REQUEST_LIMIT_EXCEEDED", TryLater, 1),
    (403, "INSUFFICIENT_ACCESS_OR_READONLY", AccessDenied, 1),
    (403, "API_DISABLED_FOR_ORG", AccessDenied, 1),
    (403, "TXN_SECURITY_METERING_ERROR", AccessDenied, 1),
    (404, "NOT_FOUND", Refused, 1),
    (405, "METHOD_NOT_ALLOWED", Refused, 1),
    (409, "", Refused, 1),
    (410, "", Refused, 1),
    (412, "", Refused, 1),
    (414, "", Refused, 1),
    (431, "", Refused, 1),
    (406, "", Unavailable, ATTEMPTS),
    (420, "", Unavailable, ATTEMPTS),
    (429, "", Unavailable, ATTEMPTS),
    (500, "UNKNOWN_EXCEPTION", Unavailable, ATTEMPTS),
    (503, "SERVER_UNAVAILABLE", Unavailable, ATTEMPTS),
]


@pytest.mark.parametrize(
    ("status", "code", "error", "calls"), CALLS, ids=[f"{s}-{c}" for s, c, *_ in CALLS]
)
def test_12_3_a_read_is_repeated_where_that_can_help_and_nowhere_else(
    connector: SalesforceConnector,
    salesforce_proxy: Proxy,
    status: int,
    code: str,
    error: type[Exception],
    calls: int,
) -> None:
    salesforce_proxy.always = refusal(status, code) if code else says(status)
    with pytest.raises(error) as raised:
        connector.find("Contact", ["k"])
    assert len(salesforce_proxy.seen) == calls
    assert getattr(raised.value, "remedy", "")


def test_12_3_too_many_calls_at_once_pass_and_a_lost_locator_starts_the_query_again(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    over = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    salesforce_proxy.faults = [refusal(403, "REQUEST_LIMIT_EXCEEDED", over)]
    assert connector.whoami().id
    connector.schema("Contact")
    salesforce_proxy.only = "/query/01g"
    salesforce_proxy.faults = [refusal(400, "INVALID_QUERY_LOCATOR")]
    assert sum(batch.num_rows for batch in connector.read("Contact", [])) >= 2001


def test_12_3_a_create_whose_answer_was_lost_is_there_once_when_it_is_sent_again(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.faults = "composite/sobjects", [loses]
    assert [one.outcome for one in connector.write("Contact", [creating(unique)])] == ["unknown"]
    [again] = connector.write("Contact", [creating(unique)])
    assert (again.outcome, again.created) == ("written", False)


def test_12_3_a_unique_value_that_somebody_else_took_names_its_field(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    """Somebody made the record between our look and our write: the next run finds it by its key."""
    connector.schema("Contact")
    message = "duplicate value found: crmsync_key__c duplicates value on record with id: 003"

    def taken(items: Any) -> Any:
        error = {"statusCode": "DUPLICATE_VALUE", "message": message, "fields": []}
        return [{"success": False, "errors": [error]}]

    salesforce_proxy.only, salesforce_proxy.faults = "composite/sobjects", [rewrites(taken)]
    [result] = connector.write("Contact", [creating(unique)])
    assert (result.outcome, result.alike) == ("refused", None)
    assert connector.find("Contact", [unique])
