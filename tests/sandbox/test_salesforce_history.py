"""Field history: of tracked fields only, and of every move of an opportunity."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records
from crmsync.sandbox.salesforce.tracking import track
from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"
DEAL = {"Name": "Big", "StageName": "Prospecting", "CloseDate": "2026-12-01", "Amount": 100}


def ask(api: httpx.Client, soql: str, path: str = "query") -> list[dict[str, Any]]:
    answer = api.get(f"{DATA}/{path}", params={"q": soql})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["records"]
    return [{name: value for name, value in row.items() if name != "attributes"} for row in rows]


def test_a_tracked_change_is_a_row_and_an_untracked_one_is_none(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    track(org, {"object": "Contact", "fields": ["Title", "Description"]})
    id_ = api.post(f"{DATA}/sobjects/Contact", json={"LastName": "Ruiz"}).json()["id"]
    org.clock.advance(60)
    body = {"Title": "CEO", "Department": "Board", "Description": "long"}
    api.patch(f"{DATA}/sobjects/Contact/{id_}", json=body)
    api.patch(f"{DATA}/sobjects/Contact/{id_}", json=body)
    soql = "SELECT Field, OldValue, NewValue, ContactId, CreatedDate FROM ContactHistory"
    created, title, description = ask(api, soql)
    assert (created["Field"], created["NewValue"]) == ("created", None)
    assert title == {
        "Field": "Title",
        "OldValue": None,
        "NewValue": "CEO",
        "ContactId": id_,
        "CreatedDate": "2026-11-20T09:31:00.000+0000",
    }
    # Of a long text only the fact is kept.
    assert (description["Field"], description["NewValue"]) == ("Description", None)
    (contact,) = ask(api, "SELECT (SELECT Field FROM Histories) FROM Contact")
    assert contact["Histories"]["totalSize"] == 3


def test_a_lookup_is_told_by_name_and_by_id(api: httpx.Client, org: SalesforceWorld) -> None:
    track(org, {"object": "Contact", "fields": ["AccountId"]})
    account = org.put("Account", {"Name": "Acme"})
    contact = org.put("Contact", {"LastName": "Ruiz"})
    api.patch(f"{DATA}/sobjects/Contact/{contact}", json={"AccountId": account})
    rows = ask(api, "SELECT Field, NewValue FROM ContactHistory WHERE Field = 'Account'")
    assert [row["NewValue"] for row in rows] == ["Acme", account]


def test_tracking_is_turned_on_and_off_and_told(
    api: httpx.Client, org: SalesforceWorld, org_url: str
) -> None:
    def tell(on: bool) -> None:
        body = {"object": "lead", "fields": ["status"], "on": on}
        httpx.post(f"{org_url}/__control__/track", json=body, trust_env=False).raise_for_status()

    fields = (
        "SELECT QualifiedApiName FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = "
        "'Lead' AND IsFieldHistoryTracked = true"
    )
    entity = "SELECT QualifiedApiName FROM EntityDefinition WHERE IsFieldHistoryTracked = true"
    assert ask(api, fields, "tooling/query") == []
    tell(on=True)
    assert ask(api, fields, "tooling/query") == [{"QualifiedApiName": "Status"}]
    assert ask(api, entity) == [{"QualifiedApiName": "Lead"}]
    tell(on=False)
    assert ask(api, fields) == []
    assert ask(api, entity, "tooling/query") == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"object": "User", "fields": ["Title"]}, "keeps no field history"),
        ({"object": "Contact", "fields": ["Nope"]}, "no field 'Nope'"),
        (
            {"object": "Opportunity", "fields": ["ExpectedRevenue"]},
            "no field 'ExpectedRevenue' that can be tracked",
        ),
    ],
)
def test_what_cannot_be_tracked_is_refused(
    org: SalesforceWorld, body: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        track(org, body)


def test_no_more_than_twenty_fields_are_tracked(org: SalesforceWorld) -> None:
    names = [f.name for f in org.shapes["contact"].fields.values() if f.updateable][:21]
    track(org, {"object": "Contact", "fields": names[:20]})
    with pytest.raises(ValueError, match="at most 20"):
        track(org, {"object": "Contact", "fields": names[20:]})


def test_an_opportunity_is_a_snapshot_after_every_move(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    id_ = api.post(f"{DATA}/sobjects/Opportunity", json=DEAL).json()["id"]
    api.patch(f"{DATA}/sobjects/Opportunity/{id_}", json={"NextStep": "call"})
    api.patch(f"{DATA}/sobjects/Opportunity/{id_}", json={"StageName": "Closed Won"})
    soql = "SELECT StageName, Amount, Probability, ForecastCategory FROM OpportunityHistory"
    first, second = ask(api, soql)
    assert list(first.values()) == ["Prospecting", 100.0, 10.0, "Pipeline"]
    assert list(second.values()) == ["Closed Won", 100.0, 100.0, "Closed"]
    # Nothing of it is tracked by field unless somebody asks for that.
    assert ask(api, "SELECT Id FROM OpportunityFieldHistory") == []


def test_history_goes_with_its_record_and_comes_back_with_it(
    api: httpx.Client, org: SalesforceWorld, org_url: str
) -> None:
    id_ = api.post(f"{DATA}/sobjects/Opportunity", json=DEAL).json()["id"]
    soql = "SELECT Id FROM OpportunityHistory"
    api.delete(f"{DATA}/sobjects/Opportunity/{id_}")
    assert (ask(api, soql), len(ask(api, soql, "queryAll"))) == ([], 1)
    body = {"ids": [id_]}
    httpx.post(f"{org_url}/__control__/undelete", json=body, trust_env=False).raise_for_status()
    assert len(ask(api, soql)) == 1


def test_conversion_and_merge_are_events_of_their_own(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    track(org, {"object": "Lead", "fields": ["Status"]})
    track(org, {"object": "Account", "fields": ["Name"]})
    lead = org.put("Lead", {"LastName": "Ruiz", "Company": "Acme"})
    became = convert_lead(org, {"lead": lead})
    rows = ask(api, "SELECT Field, NewValue FROM LeadHistory")
    assert [row["Field"] for row in rows] == ["created", "Status", "leadConverted"]
    assert rows[1]["NewValue"] == "Closed - Converted"
    other = org.put("Account", {"Name": "ACME"})
    merge_records(org, {"object": "Account", "winner": became["account"], "losers": [other]})
    merged = ask(api, f"SELECT Field FROM AccountHistory WHERE AccountId = '{became['account']}'")
    assert [row["Field"] for row in merged] == ["created", "accountMerged"]


def test_history_cannot_be_written(api: httpx.Client, org: SalesforceWorld) -> None:
    answer = api.post(f"{DATA}/sobjects/LeadHistory", json={"Field": "Status"})
    assert answer.status_code == 400
    api.post(f"{DATA}/sobjects/Opportunity", json=DEAL)
    (row,) = ask(api, "SELECT Id FROM OpportunityHistory")
    assert api.delete(f"{DATA}/sobjects/OpportunityHistory/{row['Id']}").status_code == 403


def test_ids_of_different_histories_never_meet(org: SalesforceWorld) -> None:
    for name in ("Contact", "Lead"):
        track(org, {"object": name, "fields": ["Title"]})
        org.put(name, {"LastName": "Ruiz"})
    (one,), (other,) = (org.tables.ids(f"{name}History") for name in ("Contact", "Lead"))
    assert one != other


def test_history_of_a_hidden_field_is_hidden_too(api: httpx.Client, org: SalesforceWorld) -> None:
    track(org, {"object": "Contact", "fields": ["Title", "AccountId"]})
    account = org.put("Account", {"Name": "Acme"})
    contact = org.put("Contact", {"LastName": "Ruiz"})
    org.put("Contact", {"Title": "CEO", "AccountId": account}, contact)
    soql = "SELECT Field FROM ContactHistory"
    assert len(ask(api, soql)) == 4
    for field in ("Title", "AccountId"):
        org.hide_field("Contact", field)
    assert [row["Field"] for row in ask(api, soql)] == ["created"]
    (row,) = ask(api, "SELECT (SELECT Field FROM Histories) FROM Contact")
    assert row["Histories"]["totalSize"] == 1
