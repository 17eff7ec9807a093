"""Tasks, events, campaigns and calendars."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records
from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"
DAY = 86_400


def ask(api: httpx.Client, soql: str, path: str = "query") -> list[dict[str, Any]]:
    answer = api.get(f"{DATA}/{path}", params={"q": soql})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["records"]
    return rows


def post(api: httpx.Client, name: str, **values: Any) -> str:
    answer = api.post(f"{DATA}/sobjects/{name}", json=values)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_task_knows_its_account_and_whether_it_is_closed(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    account, other = (org.put("Account", {"Name": name}) for name in ("Acme", "Other"))
    contact = org.put("Contact", {"LastName": "Ruiz", "AccountId": account})
    task = post(api, "Task", WhoId=contact, Subject="Call", CallDisposition="left a message")
    row = org.rows.get("Task", task) or {}
    assert (row["AccountId"], row["IsClosed"], row["Status"]) == (account, False, "Not Started")
    api.patch(f"{DATA}/sobjects/Task/{task}", json={"Status": "Completed", "WhatId": other})
    row = org.rows.get("Task", task) or {}
    # What comes before who.
    assert (row["AccountId"], row["IsClosed"]) == (other, True)
    assert row["CompletedDateTime"] == "2026-11-20T09:30:00.000+0000"
    answer = api.post(f"{DATA}/sobjects/Task", json={"WhoId": account})
    assert answer.json()[0]["errorCode"] == "MALFORMED_ID"


def test_activities_go_to_the_archive_after_a_year(api: httpx.Client, org: SalesforceWorld) -> None:
    done = post(api, "Task", Subject="done", Status="Completed", ActivityDate="2026-11-20")
    todo = post(api, "Task", Subject="open", ActivityDate="2026-11-20")
    event = post(
        api,
        "Event",
        Subject="met",
        StartDateTime="2026-11-20T10:00:00Z",
        EndDateTime="2026-11-20T11:00:00Z",
    )
    org.clock.advance(365 * DAY)
    assert {row["Id"] for row in ask(api, "SELECT Id FROM Task")} == {done, todo}
    assert [row["Id"] for row in ask(api, "SELECT Id FROM Event")] == [event]
    org.clock.advance(DAY)
    assert [row["Id"] for row in ask(api, "SELECT Id FROM Task")] == [todo]
    assert ask(api, "SELECT Id FROM Event") == []
    archived = ask(api, "SELECT Id, SystemModstamp FROM Task WHERE IsArchived = true", "queryAll")
    assert [(row["Id"], row["SystemModstamp"][:10]) for row in archived] == [(done, "2027-11-21")]
    assert (org.rows.get("Task", done) or {})["LastModifiedDate"][:10] == "2026-11-20"


def test_an_old_activity_that_is_imported_is_archived_at_once(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    org.put("Task", {"Subject": "x", "Status": "Completed", "ActivityDate": "2024-01-01"})
    assert ask(api, "SELECT Id FROM Task") == []
    assert len(ask(api, "SELECT Id FROM Task", "queryAll")) == 1


def test_who_and_what_may_be_of_several_objects(api: httpx.Client, org: SalesforceWorld) -> None:
    account = org.put("Account", {"Name": "Acme", "Type": "Prospect"})
    contact = org.put("Contact", {"LastName": "Ruiz", "Email": "r@acme.example"})
    lead = org.put("Lead", {"LastName": "Gil", "Company": "Uno"})
    for who in (contact, lead):
        post(api, "Task", WhoId=who, WhatId=account if who == contact else None)
    soql = "SELECT Who.Name, Who.Type, Who.Email, What.Name, What.Type FROM Task ORDER BY Id"
    first, second = ask(api, soql)
    attributes = {"type": "Contact", "url": f"{DATA}/sobjects/Contact/{contact}"}
    assert first["Who"] == {
        "attributes": attributes,
        "Name": "Ruiz",
        "Type": "Contact",
        "Email": "r@acme.example",
    }
    assert (first["What"]["Name"], first["What"]["Type"]) == ("Acme", "Account")
    assert (second["Who"]["attributes"]["type"], second["What"]) == ("Lead", None)
    found = ask(api, "SELECT Id FROM Task WHERE Who.Type = 'Lead' AND Who.Name LIKE 'g%'")
    assert len(found) == 1
    soql = "SELECT TYPEOF Who WHEN Contact THEN Email, Account.Name WHEN Lead THEN Company ELSE Name END FROM Task"
    first, second = ask(api, soql + " ORDER BY Id")
    assert (first["Who"]["Email"], first["Who"]["Account"]) == ("r@acme.example", None)
    assert second["Who"]["Company"] == "Uno"
    (answer,) = [api.get(f"{DATA}/query", params={"q": "SELECT Who.Company FROM Task"}).json()[0]]
    assert answer["errorCode"] == "INVALID_FIELD"


def test_activities_are_children_of_all_they_are_about(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    lead = org.put("Lead", {"LastName": "Gil", "Company": "Uno"})
    post(api, "Task", WhoId=lead, Subject="Call")
    (row,) = ask(api, "SELECT (SELECT Subject FROM Tasks), (SELECT Id FROM Events) FROM Lead")
    assert row["Tasks"]["records"][0]["Subject"] == "Call"
    assert row["Events"] is None


def test_activities_and_members_follow_a_converted_lead(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    lead = org.put("Lead", {"LastName": "Gil", "Company": "Uno"})
    task = post(api, "Task", WhoId=lead)
    campaign = post(api, "Campaign", Name="Fair")
    member = post(api, "CampaignMember", CampaignId=campaign, LeadId=lead)
    contact = convert_lead(org, {"lead": lead})["contact"]
    assert (org.rows.get("Task", task) or {})["WhoId"] == contact
    row = org.rows.get("CampaignMember", member) or {}
    assert (row["LeadId"], row["ContactId"], row["Type"]) == (lead, contact, "Contact")
    (row,) = ask(
        api, "SELECT NumberOfLeads, NumberOfConvertedLeads, NumberOfContacts FROM Campaign"
    )
    assert list(row.values())[1:] == [0, 1, 1]


def test_a_person_is_once_in_a_campaign(api: httpx.Client, org: SalesforceWorld) -> None:
    contact = org.put("Contact", {"LastName": "Ruiz"})
    first, second = (post(api, "Campaign", Name=name) for name in ("Fair", "Mail"))
    post(api, "CampaignMember", CampaignId=first, ContactId=contact)
    post(api, "CampaignMember", CampaignId=second, ContactId=contact)
    body = {"CampaignId": first, "ContactId": contact}
    answer = api.post(f"{DATA}/sobjects/CampaignMember", json=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "DUPLICATE_VALUE")
    answer = api.post(f"{DATA}/sobjects/CampaignMember", json={"CampaignId": first})
    assert answer.json()[0]["errorCode"] == "REQUIRED_FIELD_MISSING"


def test_a_status_says_whether_a_member_responded(api: httpx.Client, org: SalesforceWorld) -> None:
    contact = org.put("Contact", {"LastName": "Ruiz"})
    campaign = post(api, "Campaign", Name="Fair")
    soql = "SELECT Label, IsDefault, HasResponded FROM CampaignMemberStatus ORDER BY SortOrder"
    labels = [(row["Label"], row["HasResponded"]) for row in ask(api, soql)]
    assert labels == [("Sent", False), ("Responded", True)]
    post(api, "CampaignMemberStatus", CampaignId=campaign, Label="Came", HasResponded=True)
    member = post(api, "CampaignMember", CampaignId=campaign, ContactId=contact)
    assert (org.rows.get("CampaignMember", member) or {})["Status"] == "Sent"
    api.patch(f"{DATA}/sobjects/CampaignMember/{member}", json={"Status": "Came"})
    row = org.rows.get("CampaignMember", member) or {}
    assert (row["HasResponded"], row["FirstRespondedDate"]) == (True, "2026-11-20")
    (counted,) = ask(api, "SELECT NumberOfContacts, NumberOfResponses FROM Campaign")
    assert (counted["NumberOfContacts"], counted["NumberOfResponses"]) == (1, 1)
    api.delete(f"{DATA}/sobjects/Contact/{contact}")
    (counted,) = ask(api, "SELECT NumberOfContacts, NumberOfResponses FROM Campaign")
    assert (counted["NumberOfContacts"], counted["NumberOfResponses"]) == (0, 0)


def test_two_members_that_are_merged_are_one(api: httpx.Client, org: SalesforceWorld) -> None:
    winner, loser = (org.put("Contact", {"LastName": name}) for name in ("Ruiz", "RUIZ"))
    both, one = (post(api, "Campaign", Name=name) for name in ("Fair", "Mail"))
    for campaign, contact in ((both, winner), (both, loser), (one, loser)):
        post(api, "CampaignMember", CampaignId=campaign, ContactId=contact)
    merge_records(org, {"object": "Contact", "winner": winner, "losers": [loser]})
    rows = ask(api, "SELECT CampaignId, ContactId FROM CampaignMember")
    assert sorted(row["CampaignId"] for row in rows) == sorted([both, one])
    assert {row["ContactId"] for row in rows} == {winner}


def test_an_org_has_business_hours_and_holidays(api: httpx.Client) -> None:
    soql = "SELECT Name, MondayStartTime, TimeZoneSidKey FROM BusinessHours WHERE IsDefault = true"
    (hours,) = ask(api, soql)
    assert (hours["MondayStartTime"], hours["TimeZoneSidKey"]) == ("00:00:00.000Z", "GMT")
    made = post(
        api, "BusinessHours", Name="Madrid", MondayStartTime="09:00", MondayEndTime="18:30Z"
    )
    body = api.get(f"{DATA}/sobjects/BusinessHours/{made}").json()
    assert (body["MondayStartTime"], body["MondayEndTime"]) == ("09:00:00.000Z", "18:30:00.000Z")
    answer = api.post(
        f"{DATA}/sobjects/BusinessHours", json={"Name": "x", "MondayEndTime": "25:00"}
    )
    assert answer.json()[0]["errorCode"] == "JSON_PARSER_ERROR"
    post(api, "Holiday", Name="Reyes", ActivityDate="2027-01-06")
    assert [row["Name"] for row in ask(api, "SELECT Name FROM Holiday WHERE ActivityDate > TODAY")]


@pytest.mark.parametrize("name", ["Task", "Event", "Campaign", "BusinessHours"])
def test_describe_knows_the_new_field_types(api: httpx.Client, name: str) -> None:
    fields = api.get(f"{DATA}/sobjects/{name}/describe").json()["fields"]
    by_name = {each["name"]: each for each in fields}
    if name in ("Task", "Event"):
        assert by_name["WhoId"]["referenceTo"] == ["Contact", "Lead"]
        assert by_name["WhoId"]["polymorphicForeignKey"] is True
    if name == "BusinessHours":
        assert by_name["MondayStartTime"]["soapType"] == "xsd:time"
    assert all(each["type"] for each in fields)
