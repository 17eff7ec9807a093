"""Bulk API 2.0 ingest jobs: every operation, every cell rule, every way to end."""

from __future__ import annotations

import httpx
import pytest
from bulk_fixtures import (
    DATA,
    INGEST,
    ingest_job,
    results,
    turn,
)
from bulk_stored import stored

from crmsync.sandbox.salesforce.world import SalesforceWorld


def test_a_job_goes_from_open_to_complete(api: httpx.Client, org: SalesforceWorld) -> None:
    body = {"object": "Contact", "operation": "insert"}
    made = api.post(INGEST, json=body)
    job = made.json()
    assert (made.status_code, job["state"], job["apiVersion"]) == (200, "Open", 67.0)
    assert job["contentUrl"] == f"services/data/v67.0/jobs/ingest/{job['id']}/batches"
    upload = api.put(
        "/" + job["contentUrl"], content=b"LastName\nRuiz\n", headers={"Content-Type": "text/csv"}
    )
    assert (upload.status_code, upload.content) == (201, b"")
    url = f"{INGEST}/{job['id']}"
    assert [api.get(url).json()["state"] for _ in range(3)] == ["Open"] * 3
    closed = api.patch(url, json={"state": "UploadComplete"})
    assert (closed.status_code, closed.json()["state"]) == (200, "UploadComplete")
    assert [api.get(url).json()["state"] for _ in range(2)] == ["InProgress", "JobComplete"]
    done = api.get(url).json()
    assert (done["jobType"], done["numberRecordsProcessed"], done["numberRecordsFailed"]) == (
        "V2Ingest",
        1,
        0,
    )
    assert "errorMessage" not in done


def test_inserts_answer_row_by_row_and_complete_with_failures(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    text = "LastName,Email\nRuiz,ruiz@uno.example\n,nobody@uno.example\nGil,badone\n"
    url, job = ingest_job(api, "insert", text)
    assert (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"]) == (
        "JobComplete",
        3,
        2,
    )
    (good,) = results(api, url, "successfulResults/")
    assert list(good) == ["sf__Id", "sf__Created", "LastName", "Email"]
    assert (good["sf__Created"], stored(org, good["sf__Id"])["LastName"]) == ("true", "Ruiz")
    bad = {row["Email"]: row for row in results(api, url, "failedResults")}
    assert list(bad["badone"]) == ["sf__Id", "sf__Error", "LastName", "Email"]
    assert bad["badone"]["sf__Error"] == (
        "INVALID_EMAIL_ADDRESS:Email: invalid email address: badone:Email --"
    )
    assert bad["nobody@uno.example"]["sf__Error"] == (
        "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --"
    )
    assert results(api, url, "unprocessedrecords") == []
    assert results(api, url, "unprocessedRecords") == []
    assert org.tables.count("Contact") == 1


def test_a_job_is_complete_even_if_every_row_failed(api: httpx.Client) -> None:
    _, job = ingest_job(api, "insert", "FirstName\nAna\nEva\n")
    assert (job["state"], job["numberRecordsFailed"]) == ("JobComplete", 2)


def test_bulk_refuses_what_collections_refuse(api: httpx.Client, org: SalesforceWorld) -> None:
    lead = org.put("Lead", {"LastName": "Ruiz", "Company": "Uno", "IsConverted": True})
    other = org.put("User", {"Username": "gone@uno.example", "LastName": "Gone", "IsActive": False})
    cases = [
        {"Id": lead, "LastName": "Changed"},
        {"Id": "003000000000009AAA", "LastName": "Nobody"},
        {"Id": "nonsense", "LastName": "Nobody"},
    ]
    records = [{"attributes": {"type": "Lead"}, **case} for case in cases]
    items = api.patch(f"{DATA}/composite/sobjects", json={"records": records}).json()
    text = "Id,LastName\n" + "".join(f"{case['Id']},{case['LastName']}\n" for case in cases)
    url, _ = ingest_job(api, "update", text, object="Lead")
    told = {row["Id"]: row["sf__Error"] for row in results(api, url, "failedResults")}
    for case, item in zip(cases, items, strict=True):
        (error,) = item["errors"]
        assert told[case["Id"]].startswith(f"{error['statusCode']}:{error['message']}:")
    created = {"LastName": "A", "Company": "B", "OwnerId": other}
    (item,) = api.post(
        f"{DATA}/composite/sobjects",
        json={"records": [{"attributes": {"type": "Lead"}, **created}]},
    ).json()
    url, _ = ingest_job(api, "insert", f"LastName,Company,OwnerId\nA,B,{other}\n", object="Lead")
    (row,) = results(api, url, "failedResults")
    assert row["sf__Error"].startswith(item["errors"][0]["statusCode"])


def test_an_empty_cell_leaves_and_na_clears(api: httpx.Client, org: SalesforceWorld) -> None:
    contact = org.put("Contact", {"LastName": "Ruiz", "Title": "CEO", "Department": "Sales"})
    ingest_job(api, "update", f'Id,Title,Department,FirstName\n{contact},"",#N/A,Ana\n')
    row = stored(org, contact)
    assert (row["Title"], row["Department"], row["FirstName"]) == ("CEO", None, "Ana")


def test_upserts_tell_created_from_changed(api: httpx.Client, org: SalesforceWorld) -> None:
    known = org.put("Contact", {"LastName": "Ruiz", "crmsync_key__c": "k-1"})
    text = "crmsync_key__c,LastName\nk-1,Changed\nk-2,New\n,Keyless\nk-3,A\nk-3,B\n"
    url, _ = ingest_job(api, "upsert", text, externalIdFieldName="crmsync_key__c")
    good = {row["crmsync_key__c"]: row for row in results(api, url, "successfulResults")}
    assert (good["k-1"]["sf__Id"], good["k-1"]["sf__Created"]) == (known, "false")
    assert good["k-2"]["sf__Created"] == "true"
    codes = [row["sf__Error"].split(":")[0] for row in results(api, url, "failedResults")]
    assert sorted(codes) == ["DUPLICATE_VALUE", "DUPLICATE_VALUE", "MISSING_ARGUMENT"]


def test_a_shared_email_is_no_key(api: httpx.Client, org: SalesforceWorld) -> None:
    for name in "AB":
        org.put("Contact", {"LastName": name, "Email": "info@uno.example"})
    text = "Email,Title\ninfo@uno.example,CEO\n"
    url, _ = ingest_job(api, "upsert", text, externalIdFieldName="Email")
    (row,) = results(api, url, "failedResults")
    assert row["sf__Error"].startswith("DUPLICATE_EXTERNAL_ID:")


def test_deletes_go_to_the_bin_and_hard_deletes_do_not(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    soft, hard = (org.put("Contact", {"LastName": name}) for name in "AB")
    url, _ = ingest_job(api, "delete", f"Id\n{soft}\n")
    assert results(api, url, "successfulResults")[0]["sf__Created"] == "false"
    ingest_job(api, "hardDelete", f"Id\n{hard}\n")
    assert stored(org, soft)["IsDeleted"] is True
    assert org.tables.get("Contact", hard) is None


def test_a_hard_delete_takes_along_what_belongs_to_it(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    account = org.put("Account", {"Name": "Uno"})
    deal = org.put(
        "Opportunity",
        {
            "Name": "Deal",
            "StageName": "Prospecting",
            "CloseDate": "2026-12-01",
            "AccountId": account,
        },
    )
    contact = org.put("Contact", {"LastName": "Ruiz"})
    role = org.put("OpportunityContactRole", {"OpportunityId": deal, "ContactId": contact})
    ingest_job(api, "hardDelete", f"Id\n{deal}\n", object="Opportunity")
    assert org.tables.get("Opportunity", deal) is None
    assert org.tables.get("OpportunityContactRole", role) is None
    assert stored(org, contact).get("IsDeleted") is not True


def test_hard_deletes_need_a_permission(api: httpx.Client, org: SalesforceWorld) -> None:
    turn(org, {"bulk_hard_delete": False})
    refused = api.post(INGEST, json={"object": "Contact", "operation": "hardDelete"})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "FEATURENOTENABLED")


def test_only_records_of_the_job_s_object_are_deleted(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    account = org.put("Account", {"Name": "Uno"})
    url, _ = ingest_job(api, "delete", f"Id\n{account}\n")
    (row,) = results(api, url, "failedResults")
    assert row["sf__Error"] == "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--"
    assert stored(org, account, "Account").get("IsDeleted") is not True


def test_relationship_columns_find_their_parent(api: httpx.Client, org: SalesforceWorld) -> None:
    org.define_field("Account", "Ext__c", "string", externalId=True)
    account = org.put("Account", {"Name": "Uno", "Ext__c": "acme"})
    owner = org.put(
        "User", {"Username": "o@uno.example", "LastName": "O", "Email": "o@uno.example"}
    )
    text = "LastName,Owner.Username,Account.Ext__c\nRuiz,o@uno.example,acme\nGil,,nowhere\nSanz,,\n"
    org.define_field("User", "Nick__c", "string", externalId=True)
    url, job = ingest_job(api, "insert", text.replace("Owner.Username", "Owner.Nick__c"))
    assert job["numberRecordsFailed"] == 2
    org.put("User", {"Nick__c": "o@uno.example"}, owner)
    url, job = ingest_job(api, "insert", text.replace("Owner.Username", "Owner.Nick__c"))
    good = {row["LastName"]: row["sf__Id"] for row in results(api, url, "successfulResults")}
    assert (stored(org, good["Ruiz"])["AccountId"], stored(org, good["Ruiz"])["OwnerId"]) == (
        account,
        owner,
    )
    assert stored(org, good["Sanz"]).get("AccountId") is None
    (bad,) = results(api, url, "failedResults")
    assert bad["sf__Error"].startswith("INVALID_FIELD:Foreign key external ID: nowhere not found")
    ingest_job(api, "update", f"Id,Account.Ext__c\n{good['Ruiz']},#N/A\n")
    assert stored(org, good["Ruiz"])["AccountId"] is None


def test_a_parent_of_several_objects_is_named_with_its_object(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    contact = org.put("Contact", {"LastName": "Ruiz", "Email": "same@uno.example"})
    lead = org.put("Lead", {"LastName": "Gil", "Company": "Uno", "Email": "same@uno.example"})
    for object_, found in (("Contact", contact), ("Lead", lead)):
        text = f"Subject,{object_}:Who.Email\nCall,same@uno.example\n"
        url, _ = ingest_job(api, "insert", text, object="Task")
        (row,) = results(api, url, "successfulResults")
        assert stored(org, row["sf__Id"], "Task")["WhoId"] == found
    _, job = ingest_job(api, "insert", "Subject,Account:Who.Name\nCall,x\n", object="Task")
    assert job["errorMessage"] == "InvalidBatch : Field name not found : Account:Who.Name"


@pytest.mark.parametrize(("blocks", "failed"), [(True, 1), (False, 0)])
def test_duplicate_rules_that_alert_block_in_bulk_or_not(
    api: httpx.Client, org: SalesforceWorld, blocks: bool, failed: int
) -> None:
    turn(org, {"bulk_alert_rules_block": blocks})
    rule = {"kind": "duplicate", "object": "Contact", "name": "DR", "match": ["Email"]}
    api.post("/__control__/declare", json={**rule, "action": "alert"}).raise_for_status()
    org.put("Contact", {"LastName": "Ruiz", "Email": "ruiz@uno.example"})
    url, job = ingest_job(api, "insert", "LastName,Email\nRuiz,ruiz@uno.example\n")
    assert job["numberRecordsFailed"] == failed
    told = [row["sf__Error"] for row in results(api, url, "failedResults")]
    assert told == ["DUPLICATES_DETECTED:Use one of these records?:--"] * failed


@pytest.mark.parametrize(("rule", "assigned"), [("01Q000000000001", True), (None, False)])
def test_assignment_rules_run_where_the_job_names_one(
    api: httpx.Client, org: SalesforceWorld, rule: str | None, assigned: bool
) -> None:
    owner = org.put("User", {"Username": "o@uno.example", "LastName": "O", "IsActive": True})
    when = [{"field": "Company", "is": "equal", "value": "Uno"}]
    entries = [{"when": when, "owner": owner}]
    declared = {"kind": "assignment", "object": "Lead", "name": "All", "entries": entries}
    api.post("/__control__/declare", json=declared).raise_for_status()
    settings = {"assignmentRuleId": rule} if rule else {}
    text = "LastName,Company\nRuiz,Uno\n"
    url, _ = ingest_job(api, "insert", text, object="Lead", **settings)
    (row,) = results(api, url, "successfulResults")
    assert (stored(org, row["sf__Id"], "Lead")["OwnerId"] == owner) is assigned
