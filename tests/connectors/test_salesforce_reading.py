"""What the Salesforce connector must not fall for when it reads: each test is a trap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.values import instant, number, numbers
from crmsync.errors import AnswerBroken, Refused
from crmsync.testing.proxy import Proxy, rewrites, says

Open = Callable[..., SalesforceConnector]


@pytest.fixture
def opens(open_salesforce: Open) -> Open:
    return open_salesforce


@pytest.fixture
def connector(opens: Open) -> SalesforceConnector:
    return opens()


def ids_of(connector: SalesforceConnector, name: str = "Contact") -> list[str]:
    return [one for batch in connector.read(name, []) for one in batch.column("_id").to_pylist()]


LOST = says(400, [{"errorCode": "INVALID_QUERY_LOCATOR", "message": "invalid query locator"}])


def test_a_lost_locator_starts_the_query_again_and_gives_no_record_twice(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    whole = ids_of(connector)
    salesforce_proxy.only, salesforce_proxy.faults = "/query/01g", [LOST]
    assert sorted(ids_of(connector)) == sorted(whole)


def test_a_locator_lost_twice_is_a_broken_read(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    salesforce_proxy.only, salesforce_proxy.always = "/query/01g", LOST
    with pytest.raises(AnswerBroken, match="locator"):
        ids_of(connector)


def test_fewer_records_than_counted_are_a_broken_read(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    def ends_early(page: Any) -> Any:
        return {"totalSize": len(page["records"]), "done": True, "records": page["records"]}

    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.faults = (
        "/query/",
        [rewrites(lambda page: page), rewrites(ends_early)],
    )
    read = connector.read("Contact", [])
    assert next(read).num_rows == 2000
    with pytest.raises(AnswerBroken, match="2000 records came"):
        next(read)


def test_a_record_deleted_during_a_read_does_not_break_it(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    connector.schema("Contact")
    salesforce_proxy.only = "/query/"
    salesforce_proxy.faults = [rewrites(lambda page: page | {"totalSize": page["totalSize"] + 1})]
    assert ids_of(connector)


def test_a_next_page_at_another_host_is_not_followed(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    salesforce_proxy.only = "/query/"
    elsewhere = "@evil.example/services/data/v67.0/query/01g"
    salesforce_proxy.faults = [
        rewrites(lambda page: page),
        rewrites(lambda page: page | {"nextRecordsUrl": elsewhere, "done": False}),
    ]
    with pytest.raises(AnswerBroken):
        ids_of(connector)


def test_a_query_too_long_for_an_address_travels_in_a_body(
    opens: Open, sandbox: Sandbox, salesforce_proxy: Proxy
) -> None:
    names = [f"Quite_a_long_name_of_a_custom_field_{at:04d}__c" for at in range(400)]
    for name in names:
        sandbox.salesforce.define_field("Opportunity", name, "string", length=20)
    values = {"Name": "Wide", "StageName": "Prospecting", "CloseDate": "2027-01-31"}
    one = sandbox.salesforce.put("Opportunity", values | {names[0]: "a", names[-1]: "z"})
    connector = opens()
    [row] = [
        row
        for batch in connector.read("Opportunity", names)
        for row in batch.to_pylist()
        if row["_id"] == one
    ]
    assert (row[names[0]], row[names[1]], row[names[-1]]) == ("a", None, "z")
    assert connector.meter.by_path["POST composite/query"] == 1
    assert max(len(seen.path) for seen in salesforce_proxy.seen) < 16_384


def test_a_record_is_given_under_the_short_id_it_was_asked_by(
    connector: SalesforceConnector, sandbox: Sandbox, unique: str
) -> None:
    one = sandbox.salesforce.put("Contact", {"LastName": unique})
    assert connector.get("Contact", [one[:15]], ["LastName"]) == {one[:15]: {"LastName": unique}}


def test_a_field_hidden_by_security_is_absent(opens: Open, sandbox: Sandbox) -> None:
    sandbox.salesforce.hide_field("Contact", "Department")
    try:
        connector = opens()
        assert "Department" not in connector.schema("Contact").fields
        batch = next(iter(connector.read("Contact", ["LastName", "Department"])))
        assert "Department" not in batch.schema.names
    finally:
        sandbox.salesforce.show_field("Contact", "Department")


def test_a_key_with_a_quote_in_it_is_no_query(connector: SalesforceConnector) -> None:
    assert connector.find("Contact", ["a' OR Name != '", "back\\slash"]) == {}


def test_a_name_that_is_none_is_not_sent(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    with pytest.raises(Refused):
        connector.find("Contact WHERE Id != null --", ["k"])
    assert salesforce_proxy.seen == []


def test_contact_roles_are_ties_with_label_role_primary_and_since_when(
    connector: SalesforceConnector, sandbox: Sandbox, unique: str
) -> None:
    contact = sandbox.salesforce.put("Contact", {"LastName": unique})
    values = {"Name": unique, "StageName": "Prospecting", "CloseDate": "2027-01-31"}
    deal = sandbox.salesforce.put("Opportunity", values)
    role = {"OpportunityId": deal, "ContactId": contact, "Role": "Evaluator", "IsPrimary": True}
    since = {"CreatedDate": "2026-03-02T09:00:00.000+0000"}
    sandbox.salesforce.put("OpportunityContactRole", role | since)
    rows = [
        row
        for batch in connector.associations("Opportunity", "Contact")
        for row in batch.to_pylist()
    ]
    [row] = [row for row in rows if row["from_id"] == deal]
    assert row == {
        "from_object": "Opportunity",
        "from_id": deal,
        "to_object": "Contact",
        "to_id": contact,
        "label": "Evaluator",
        "role": "Evaluator",
        "is_primary": "true",
        "created_at": "2026-03-02T09:00:00.000Z",
    }


def test_stages_come_from_their_object_in_order(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    def stage(name: str, order: float, closed: bool, won: bool) -> dict[str, Any]:
        names = {"ApiName": name, "MasterLabel": name.title(), "SortOrder": order}
        return {"attributes": {}, **names, "IsClosed": closed, "IsWon": won}

    records = [stage("won", 2.0, True, True), stage("open", 1.0, False, False)]
    page = {"totalSize": 2, "done": True, "records": records}
    salesforce_proxy.faults = [says(200, page)]
    assert connector.stages().to_pylist() == [
        {
            "pipeline": "",
            "stage": "open",
            "label": "Open",
            "position": "1",
            "is_closed": "false",
            "is_won": "false",
        },
        {
            "pipeline": "",
            "stage": "won",
            "label": "Won",
            "position": "2",
            "is_closed": "true",
            "is_won": "true",
        },
    ]


def test_stages_of_the_picklist_do_not_know_what_is_won(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    hidden = [{"errorCode": "INVALID_TYPE", "message": "sObject type is not supported"}]
    salesforce_proxy.faults = [says(400, hidden)]
    rows = connector.stages().to_pylist()
    assert rows[0]["stage"] == "Prospecting"
    assert {(row["is_closed"], row["is_won"]) for row in rows} == {(None, None)}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (15, "15"),
        (1200.0, "1200"),
        (0.1, "0.1"),
        (3.5e8, "350000000"),
        (-2.50, "-2.5"),
        (1e22, "1" + "0" * 22),
        (1e-7, "0.0000001"),
        (0, "0"),
        (100, "100"),
    ],
)
def test_numbers_are_plain_digits(value: float, text: str) -> None:
    assert number(value) == text
    assert numbers([None, value]) == [None, text]


@pytest.mark.parametrize(
    "text",
    ["2021-12-02T18:24:01.000+0000", "2021-12-02T18:24:01Z", "2021-12-02T20:24:01.000+02:00"],
)
def test_instants_have_one_form(text: str) -> None:
    assert instant(text) == "2021-12-02T18:24:01.000Z"


def test_the_check_characters_of_an_id_are_known() -> None:
    assert id18("001D000000IRFma") == "001D000000IRFmaIAH"
    assert id18("001D000000IRFmaIAH") == "001D000000IRFmaIAH"
    assert id18("no id") == "no id"
