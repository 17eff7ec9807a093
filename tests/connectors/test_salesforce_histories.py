"""What fields held before, as an org's history tells it: of mapped fields, to the second, or not read and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from connectors.fact_org import NOW, FactOrg, fact_org
from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records
from crmsync.sandbox.salesforce.tracking import track
from crmsync.testing.proxy import says

LEADS, CONTACTS = "_history.Lead.LeadHistory", "_history.Contact.ContactHistory"
DEALS, MOVES = (
    "_history.Opportunity.OpportunityFieldHistory",
    "_history.Opportunity.OpportunityHistory",
)
DEAL = {"Name": "Big", "StageName": "Prospecting", "CloseDate": "2026-12-01", "Amount": 100}
Row = dict[str, Any]


@pytest.fixture
def org() -> Iterator[FactOrg]:
    with fact_org() as org:
        yield org


def brief(rows: list[Row]) -> list[tuple[Any, ...]]:
    return [(row["told"], row["native"], row["old"], row["new"]) for row in rows]


def test_a_change_of_a_mapped_field_is_told_with_who_and_when(org: FactOrg) -> None:
    track(org.world, {"object": "Contact", "fields": ["Title", "Department"]})
    contact = org.world.put("Contact", {"LastName": "Ruiz"})
    org.world.clock.advance(61)
    org.world.put("Contact", {"Title": "CEO", "Department": "Board"}, contact)
    created, changed = org.facts({"Contact": frozenset({"Title"})})[CONTACTS].rows
    assert changed == {
        "id": changed["id"],
        "record_id": contact,
        "told": "change",
        "native": "Title",
        "old": None,
        "new": "CEO",
        "happened_at": "2026-11-20T09:31:01.000Z",
        "actor_id": org.world.user_id,
        "precision": "instant",
    }
    assert brief([created]) == [("record", "created", None, None)]


def test_stage_owner_and_status_are_told_though_nobody_maps_them(org: FactOrg) -> None:
    track(org.world, {"object": "Lead", "fields": ["Status", "OwnerId", "Title"]})
    lead = org.world.put("Lead", {"LastName": "Gil", "Company": "Uno", "Status": "Open"})
    user = org.world.put("User", {"LastName": "Ruiz", "Username": "r@sales.example"})
    org.world.put("Lead", {"Status": "Working", "OwnerId": user, "Title": "CEO"}, lead)
    rows = org.facts({"Lead": frozenset()})[LEADS].rows
    changes = [row for row in brief(rows) if row[0] == "change"]
    assert changes == [
        ("change", "Status", "Open", "Working"),
        ("change", "OwnerId", org.world.user_id, user),
    ]


def test_a_lookup_is_told_once_by_its_id(org: FactOrg) -> None:
    """Salesforce tells it twice, and once by a name that may be nobody's any more."""
    track(org.world, {"object": "Contact", "fields": ["AccountId"]})
    account = org.world.put("Account", {"Name": "Acme"})
    contact = org.world.put("Contact", {"LastName": "Ruiz"})
    org.world.put("Contact", {"AccountId": account}, contact)
    rows = org.facts({"Contact": frozenset({"AccountId"})})[CONTACTS].rows
    assert brief(rows)[1:] == [("change", "AccountId", None, account)]


def test_values_are_in_the_form_in_which_records_have_them(org: FactOrg) -> None:
    track(org.world, {"object": "Contact", "fields": ["HasOptedOutOfEmail", "Birthdate"]})
    track(org.world, {"object": "Opportunity", "fields": ["Amount"]})
    contact = org.world.put("Contact", {"LastName": "Ruiz"})
    org.world.put("Contact", {"HasOptedOutOfEmail": True, "Birthdate": "1980-02-29"}, contact)
    deal = org.world.put("Opportunity", DEAL)
    org.world.put("Opportunity", {"Amount": 1200.5}, deal)
    wanted = {
        "Contact": frozenset({"HasOptedOutOfEmail", "Birthdate"}),
        "Opportunity": frozenset({"Amount"}),
    }
    told = org.facts(wanted)
    assert brief(told[CONTACTS].rows)[1:] == [
        ("change", "HasOptedOutOfEmail", "false", "true"),
        ("change", "Birthdate", None, "1980-02-29"),
    ]
    assert brief(told[DEALS].rows)[1:] == [("change", "Amount", "100", "1200.5")]


def test_conversions_and_merges_keep_the_systems_own_word(org: FactOrg) -> None:
    track(org.world, {"object": "Lead", "fields": ["Status"]})
    track(org.world, {"object": "Account", "fields": ["Name"]})
    lead = org.world.put("Lead", {"LastName": "Gil", "Company": "Acme"})
    became = convert_lead(org.world, {"lead": lead})
    other = org.world.put("Account", {"Name": "ACME"})
    merge_records(
        org.world, {"object": "Account", "winner": became["account"], "losers": [other]}
    )  # fmt: skip
    told = org.facts({"Lead": frozenset(), "Account": frozenset()})
    natives = [row["native"] for row in told[LEADS].rows if row["told"] == "record"]
    assert natives == ["created", "leadConverted"]
    merged = told["_history.Account.AccountHistory"].rows
    assert "accountMerged" in [r["native"] for r in merged if r["record_id"] == became["account"]]


def test_every_move_of_an_opportunity_is_a_state_though_nothing_is_tracked(org: FactOrg) -> None:
    deal = org.world.put("Opportunity", DEAL)
    org.world.clock.advance(60)
    org.world.put("Opportunity", {"StageName": "Closed Won"}, deal)
    told = org.facts({"Opportunity": frozenset({"StageName", "Amount"})})
    assert told[DEALS].rows == []
    assert brief(told[MOVES].rows) == [
        ("state", "StageName", None, "Prospecting"),
        ("state", "Amount", None, "100"),
        ("state", "StageName", None, "Closed Won"),
        ("state", "Amount", None, "100"),
    ]
    assert {row["record_id"] for row in told[MOVES].rows} == {deal}


def test_history_days_says_how_far_back(org: FactOrg) -> None:
    lead = org.world.put("Lead", {"LastName": "Gil", "Company": "Uno"})
    for at in ("2024-10-01", "2026-11-01"):
        row = {"LeadId": lead, "Field": "Status", "OldValue": "a", "NewValue": at}
        org.world.put("LeadHistory", {**row, "CreatedDate": f"{at}T08:00:00.000+0000"})
    told = org.facts({"Lead": frozenset()}, history_days="900")[LEADS]
    assert [row["new"] for row in told.rows] == ["2024-10-01", "2026-11-01"]
    told = org.facts({"Lead": frozenset()})[LEADS]
    assert [row["new"] for row in told.rows] == ["2026-11-01"]
    assert told.fact.since == "2024-11-20T00:00:00Z"
    assert NOW.date().isoformat() == "2026-11-20"


def test_a_hidden_field_has_no_history_and_a_deleted_record_neither(org: FactOrg) -> None:
    track(org.world, {"object": "Contact", "fields": ["Title", "Department"]})
    kept, gone = (org.world.put("Contact", {"LastName": name}) for name in ("Ruiz", "Gil"))
    for each in (kept, gone):
        org.world.put("Contact", {"Title": "CEO", "Department": "Board"}, each)
    org.world.hide_field("Contact", "Title")
    path = f"{org.proxy.url}/services/data/v67.0/sobjects/Contact/{gone}"
    headers = {"Authorization": f"Bearer {org.world.token}"}
    assert httpx.delete(path, headers=headers, trust_env=False).status_code == 204
    org.world.put("ContactHistory", {"ContactId": kept, "Field": "Fax", "NewValue": "unmapped"})
    rows = org.facts({"Contact": frozenset({"Title", "Department"})})[CONTACTS].rows
    assert {(row["record_id"], row["native"]) for row in rows} == {
        (kept, "created"),
        (kept, "Department"),
    }


def test_a_history_that_may_not_be_read_says_why_and_others_are_read(org: FactOrg) -> None:
    org.world.put("Opportunity", DEAL)
    org.proxy.only = "OpportunityFieldHistory"
    org.proxy.always = says(404, [{"errorCode": "NOT_FOUND", "message": "no"}])
    told = org.facts({"Opportunity": frozenset({"Amount"})})
    assert "NOT_FOUND" in told[DEALS].fact.unread
    assert len(told[MOVES].rows) == 2


def test_an_object_without_a_history_costs_nothing(org: FactOrg) -> None:
    assert not [table for table in org.facts({"Order": frozenset()}) if "_history" in table]


def test_more_history_than_a_page_holds_comes_whole(org: FactOrg) -> None:
    lead = org.world.put("Lead", {"LastName": "Gil", "Company": "Uno"})
    for at in range(2001):
        org.world.put("LeadHistory", {"LeadId": lead, "Field": "Status", "NewValue": str(at)})
    rows = org.facts({"Lead": frozenset()})[LEADS].rows
    assert len({row["new"] for row in rows}) == 2001
