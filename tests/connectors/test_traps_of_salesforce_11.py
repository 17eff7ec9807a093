"""Traps of Salesforce: 11, the data model. One test a trap, named after its section.

Left out, for the connector reads no such thing: 11.2 fields that only an import may set (ConvertedDate).
Elsewhere: 11.7 history objects in
test_salesforce_histories.py::test_a_change_of_a_mapped_field_is_told_with_who_and_when and
test_salesforce_histories.py::test_history_days_says_how_far_back; 11.8 archived activities in
test_salesforce_facts.py::test_archived_activities_are_read_and_deleted_ones_are_not, members of campaigns in
test_salesforce_facts.py::test_a_member_is_the_contact_that_its_lead_became.
Left out, for no org of the sandbox has it: 11.5 Amount as a roll-up of products (describe says then that
it cannot be written, as of any formula: 11.5 below); 11.11 person accounts. 11.3 contacts without an account, which are
private in many orgs, cannot be told from hidden ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from connectors.trapping import DEAL, creating, rows_of, updating
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records
from crmsync.sandbox.salesforce.late_commits import commit_transaction, open_transaction, touch
from crmsync.sandbox.salesforce.recycling import empty_bin
from crmsync.sandbox.salesforce.switches import SWITCHES, set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.testing.proxy import Proxy

Open = Callable[..., SalesforceConnector]
ALL, ROLES = "associations.Contact.all", "associations.Contact.roles"
PRIMARY = "associations.Contact.primary"


@pytest.fixture
def opens(open_salesforce: Open) -> Open:
    return open_salesforce


@pytest.fixture
def connector(opens: Open) -> SalesforceConnector:
    return opens()


@pytest.fixture
def org(sandbox: Sandbox) -> SalesforceWorld:
    return sandbox.salesforce


@pytest.fixture
def deal(org: SalesforceWorld, unique: str) -> str:
    return org.put("Opportunity", {**DEAL, "Name": unique})


def roles_of(connector: SalesforceConnector, deal: str) -> list[tuple[str, str]]:
    rows = (r for b in connector.associations("Opportunity", "Contact") for r in b.to_pylist())
    return sorted((r["to_id"], r["role"] or "") for r in rows if r["from_id"] == deal)


def test_11_1_what_the_system_itself_changed_moves_the_stamp(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    """LastModifiedDate stays where an option is renamed or an address bounces; SystemModstamp does not."""
    one = org.put("Account", {"Name": unique})
    org.clock.advance(60)
    before = rows_of(connector, "Account", ["LastModifiedDate"])[one]
    touch(org, {"object": "Account", "ids": [one]})
    after = rows_of(connector, "Account", ["LastModifiedDate"])[one]
    assert after["LastModifiedDate"] == before["LastModifiedDate"]
    assert after["_modified_at"] > before["_modified_at"]


def test_11_1_what_is_committed_late_with_an_older_stamp_is_in_the_next_whole_read(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    waiting = open_transaction(org, {"object": "Account", "records": [{"Name": unique}]})
    org.clock.advance(60)
    newer = org.put("Account", {"Name": unique})
    assert newer in rows_of(connector, "Account")
    [late] = commit_transaction(org, waiting)["ids"]
    rows = rows_of(connector, "Account")
    assert rows[late]["_modified_at"] < rows[newer]["_modified_at"]


def test_11_2_a_converted_lead_cannot_be_written_and_says_what_it_became(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    lead = org.put("Lead", {"LastName": unique, "Company": unique})
    became = convert_lead(org, {"lead": lead})
    [result] = connector.write("Lead", [updating(lead, Title="Chair")])
    assert result.outcome == "missing"
    conversion = connector.capabilities.conversions["Lead"]
    cells = connector.get("Lead", [lead], [conversion.flag, *conversion.into.values()])[lead]
    assert cells[conversion.flag] == "true"
    assert cells[conversion.into["Contact"]] == became["contact"]


def test_11_2_a_lead_is_not_converted_by_writing_its_flag(connector: SalesforceConnector) -> None:
    flag = connector.schema("Lead").fields["IsConverted"]
    assert (flag.writable, flag.createable) == (False, True)


def test_11_2_a_status_that_is_not_listed_is_taken(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    lead = org.put("Lead", {"LastName": unique, "Company": unique})
    status = connector.schema("Lead").fields["Status"]
    assert status.options is None
    assert status.listed
    [result] = connector.write("Lead", [updating(lead, Status="Asleep")])
    assert result.outcome == "written"
    assert connector.get("Lead", [lead], ["Status"])[lead] == {"Status": "Asleep"}


@pytest.mark.parametrize("object_", ["Lead", "Contact"])
def test_11_2_an_opt_out_that_is_hidden_is_absent_and_never_blank(
    opens: Open, org: SalesforceWorld, object_: str
) -> None:
    """Hidden by default in every org: a blank would read as no opt-out."""
    org.hide_field(object_, "HasOptedOutOfEmail")
    try:
        connector = opens()
        assert "HasOptedOutOfEmail" not in connector.schema(object_).fields
        batches = list(connector.read(object_, ["LastName", "HasOptedOutOfEmail"]))
        assert not any("HasOptedOutOfEmail" in each.schema.names for each in batches)
    finally:
        org.show_field(object_, "HasOptedOutOfEmail")


def test_11_2_a_bounce_of_a_lead_is_written_later_and_that_of_a_contact_at_once(
    connector: SalesforceConnector,
) -> None:
    name = "EmailBouncedReason"
    lead, contact = (connector.schema(each).fields[name] for each in ("Lead", "Contact"))
    assert (lead.createable, lead.writable) == (False, True)
    assert (contact.createable, contact.writable) == (True, True)


def test_11_3_a_field_worked_out_from_others_is_read_and_not_written(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    one = org.put("Contact", {"LastName": unique, "EmailBouncedReason": "no such box"})
    field = connector.schema("Contact").fields["IsEmailBounced"]
    assert (field.writable, field.createable) == (False, False)
    assert connector.get("Contact", [one], ["IsEmailBounced"])[one] == {"IsEmailBounced": "true"}


def test_11_4_the_name_of_an_account_is_no_compound_to_leave_out(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    one = org.put("Account", {"Name": unique})
    fields = connector.schema("Account").fields
    assert fields["Name"].writable
    assert "BillingAddress" not in fields
    assert rows_of(connector, "Account", ["Name"])[one]["Name"] == unique


def test_11_5_a_stage_that_is_not_listed_is_taken(
    connector: SalesforceConnector, deal: str
) -> None:
    assert connector.schema("Opportunity").fields["StageName"].options is None
    [result] = connector.write("Opportunity", [updating(deal, StageName="In Progress")])
    assert result.outcome == "written"


def test_11_5_a_stage_takes_the_probability_along_unless_that_is_written_too(
    connector: SalesforceConnector, deal: str
) -> None:
    def after(**cells: str) -> dict[str, str | None]:
        [result] = connector.write("Opportunity", [updating(deal, **cells)])
        assert result.outcome == "written", result.message
        return connector.get("Opportunity", [deal], ["Probability", "IsWon"])[deal]

    assert after(StageName="Closed Won") == {"Probability": "100", "IsWon": "true"}
    assert after(StageName="Prospecting", Probability="33")["Probability"] == "33"


def test_11_5_what_an_opportunity_works_out_is_not_written(connector: SalesforceConnector) -> None:
    fields = connector.schema("Opportunity").fields
    for name in ("ExpectedRevenue", "ForecastCategory", "IsClosed", "IsWon", "FiscalYear"):
        assert (fields[name].writable, fields[name].createable) == (False, False)


def test_11_5_opportunities_are_never_merged_and_not_asked_for_it(
    connector: SalesforceConnector,
) -> None:
    connector.schema("Opportunity")
    before = connector.meter.made
    assert list(connector.merged("Opportunity")) == []
    assert connector.meter.made == before


@pytest.mark.parametrize("makes_role", [True, False])
def test_11_5_the_contact_of_a_new_opportunity_makes_its_primary_role_or_does_not(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str, makes_role: bool
) -> None:
    set_switch(org.tables, "contact_makes_role", makes_role)
    person = org.put("Contact", {"LastName": unique})
    field = connector.schema("Opportunity").fields["ContactId"]
    assert (field.createable, field.writable) == (True, False)
    cells = {**DEAL, "Name": unique, "ContactId": person}
    [result] = connector.write("Opportunity", [WriteRequest("c", "create", None, unique, cells)])
    set_switch(org.tables, "contact_makes_role", SWITCHES["contact_makes_role"].default)
    assert result.outcome == "written", result.message
    one = result.native_id or ""
    expected = person if makes_role else None
    assert connector.get("Opportunity", [one], [PRIMARY])[one] == {PRIMARY: expected}
    # Either way the tie can be written afterwards, and is one tie.
    [tied] = connector.write("Opportunity", [updating(one, **{ROLES: f"+{person}|Evaluator"})])
    assert tied.outcome == "written"
    assert [contact for contact, _ in roles_of(connector, one)] == [person]


def test_11_6_a_role_that_somebody_deleted_is_gone_from_the_ties(
    connector: SalesforceConnector, org: SalesforceWorld, deal: str, unique: str
) -> None:
    """queryAll does not show it with IsDeleted, so the rows that are there are what counts."""
    role = {"OpportunityId": deal, "Role": "Evaluator"}
    people = [org.put("Contact", {"LastName": unique}) for _ in range(2)]
    ids = [org.put("OpportunityContactRole", {**role, "ContactId": each}) for each in people]
    connector.remove_record("OpportunityContactRole", ids[0])
    assert roles_of(connector, deal) == [(people[1], "Evaluator")]
    assert rows_of(connector, "Opportunity", [ALL])[deal][ALL] == people[1]


def test_11_6_the_same_contact_twice_in_one_role_is_one_tie(
    connector: SalesforceConnector, org: SalesforceWorld, deal: str, unique: str
) -> None:
    person = org.put("Contact", {"LastName": unique})
    role = {"OpportunityId": deal, "ContactId": person, "Role": "Evaluator"}
    for _ in range(2):
        org.put("OpportunityContactRole", role)
    assert connector.get("Opportunity", [deal], [ALL])[deal] == {ALL: person}


def test_11_6_a_role_moves_by_a_new_row_for_its_opportunity_cannot_change(
    connector: SalesforceConnector,
    org: SalesforceWorld,
    salesforce_proxy: Proxy,
    deal: str,
    unique: str,
) -> None:
    one, other = (org.put("Contact", {"LastName": unique}) for _ in range(2))
    org.put(
        "OpportunityContactRole", {"OpportunityId": deal, "ContactId": one, "Role": "Evaluator"}
    )
    delta = f"+{other}|Evaluator;-{one}|Evaluator"
    [result] = connector.write("Opportunity", [updating(deal, **{ROLES: delta})])
    assert result.outcome == "written", result.message
    assert (other, "Evaluator") in roles_of(connector, deal)
    updates = [one.json for one in salesforce_proxy.seen if one.method == "PATCH"]
    assert not any("OpportunityId" in each for body in updates for each in body["records"])


def test_11_6_an_opportunity_has_one_primary_contact_at_most(
    connector: SalesforceConnector, org: SalesforceWorld, deal: str, unique: str
) -> None:
    people = [org.put("Contact", {"LastName": unique}) for _ in range(2)]
    for each in people:
        [result] = connector.write("Opportunity", [updating(deal, **{PRIMARY: each})])
        assert result.outcome == "written", result.message
    assert connector.get("Opportunity", [deal], [PRIMARY])[deal] == {PRIMARY: people[1]}
    assert [contact for contact, _ in roles_of(connector, deal)] == sorted(people)


def test_11_6_a_role_may_lead_to_a_contact_that_is_gone(
    connector: SalesforceConnector, org: SalesforceWorld, deal: str, unique: str
) -> None:
    person = org.put("Contact", {"LastName": unique})
    org.put("OpportunityContactRole", {"OpportunityId": deal, "ContactId": person})
    org.put("Contact", {"IsDeleted": True}, person)
    told = roles_of(connector, deal)
    assert person not in connector.get("Contact", [person], [])
    assert told in ([], [(person, "")])


def test_11_8_an_owner_who_left_is_refused_by_name_and_still_listed(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    mail = f"{unique}@sales.example"
    gone = org.put("User", {"LastName": unique, "Email": mail, "IsActive": False})
    person = org.put("Contact", {"LastName": unique})
    [result] = connector.write("Contact", [updating(person, OwnerId=gone)])
    assert (result.outcome, result.fields) == ("refused", ("OwnerId",))
    assert result.message.startswith("INACTIVE_OWNER_OR_USER")
    owners = {row["id"]: row["active"] for row in connector.owners().to_pylist()}
    assert owners[gone] == "false"


def test_11_9_a_merge_is_told_as_long_as_the_bin_has_it(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    winner, loser = (org.put("Lead", {"LastName": unique, "Company": "A"}) for _ in range(2))
    merge_records(org, {"object": "Lead", "winner": winner, "losers": [loser]})

    def told() -> dict[str, str]:
        rows = (row for batch in connector.merged("Lead") for row in batch.to_pylist())
        return {row["old_id"]: row["new_id"] for row in rows}

    assert told()[loser] == winner
    [result] = connector.write("Lead", [updating(loser, Title="x")])
    assert result.outcome == "missing"
    empty_bin(org, [loser])
    assert loser not in told()


def test_11_10_ids_of_15_characters_are_those_of_18(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    account = org.put("Account", {"Name": unique})
    person = org.put("Contact", {"LastName": unique})
    [result] = connector.write("Contact", [updating(person[:15], AccountId=account[:15])])
    assert (result.outcome, result.native_id) == ("written", person)
    cells = connector.get("Contact", [person[:15], person], ["AccountId"])
    assert cells == {person[:15]: {"AccountId": account}, person: {"AccountId": account}}


def test_11_10_ids_that_differ_in_case_alone_are_two(
    connector: SalesforceConnector, org: SalesforceWorld
) -> None:
    pair = ("003Sb00000zzAaBIAU"[:15], "003Sb00000zzaAB")
    ids = [org.put("Contact", {"LastName": each}, each) for each in pair]
    found = connector.get("Contact", list(pair), ["LastName"])
    assert {short: cells["LastName"] for short, cells in found.items()} == dict(
        zip(pair, pair, strict=True)
    )
    assert len({each.casefold()[:15] for each in ids}) == 1


@pytest.fixture
def currencies(org: SalesforceWorld) -> Iterator[Any]:
    """Turns several currencies on; the field is a custom one here, for a sandbox has no such setting."""
    org.define_field("Contact", "Currency_of_tests__c", "picklist", picklist=["EUR", "MXN"])
    yield None
    org.drop_field("Contact", "Currency_of_tests__c")


def test_11_11_fields_that_an_org_has_not_are_absent_and_no_error(
    connector: SalesforceConnector,
) -> None:
    """Record types, person accounts: their fields are there where the feature is on."""
    asked = ["RecordTypeId", "IsPersonAccount", "Name"]
    batch = next(iter(connector.read("Contact", asked)))
    assert [name for name in asked if name in batch.schema.names] == ["Name"]


def test_11_11_fields_that_come_with_a_feature_are_there_at_the_next_run(
    opens: Open, currencies: None, org: SalesforceWorld, unique: str
) -> None:
    one = org.put("Contact", {"LastName": unique, "Currency_of_tests__c": "MXN"})
    found = opens().get("Contact", [one], ["Currency_of_tests__c"])
    assert found[one] == {"Currency_of_tests__c": "MXN"}


def test_11_11_a_new_record_needs_what_describe_says_it_needs(
    connector: SalesforceConnector, unique: str
) -> None:
    request = WriteRequest("l", "create", None, unique, {"LastName": unique})
    [result] = connector.write("Lead", [request])
    assert (result.outcome, result.fields) == ("refused", ("Company",))
    assert result.message.startswith("REQUIRED_FIELD_MISSING")
    assert connector.write("Contact", [creating(unique)])[0].outcome == "written"
