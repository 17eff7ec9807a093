"""Bulk API 2.0 ingest jobs: every operation, every cell rule, every way to end."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from bulk_fixtures import (
    DATA,
    INGEST,
    ask_until_done,
    close_job,
    ingest_job,
    open_job,
    results,
    turn,
)

from crmsync.sandbox.salesforce.world import SalesforceWorld


def stored(org: SalesforceWorld, id_: str, name: str = "Contact") -> dict[str, Any]:
    return org.tables.get(name, id_) or {}


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


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("LastName,Nope__c", "InvalidBatch : Field name not found : Nope__c"),
        ("LastName,Account.Name__c", "InvalidBatch : Field name not found : Account.Name__c"),
        ("\ufeffLastName,Title", "InvalidBatch : Field name not found : \ufeffLastName"),
        ("LastName,LastName", "InvalidBatch : Duplicate field name found : LastName"),
        (
            "LastName,Account:Account.crmsync_key__c",
            "InvalidBatch : type is not needed for non polymorphic foreign key : "
            "Account:Account.crmsync_key__c",
        ),
    ],
)
def test_a_wrong_header_fails_the_whole_job(
    api: httpx.Client, org: SalesforceWorld, header: str, message: str
) -> None:
    url, job = ingest_job(api, "insert", f"{header}\nRuiz,x\n")
    assert (job["state"], job["errorMessage"]) == ("Failed", message)
    assert len(results(api, url, "unprocessedrecords")) == 1
    assert org.tables.count("Contact") == 0


def test_a_hidden_field_is_no_column(api: httpx.Client, org: SalesforceWorld) -> None:
    org.hide_field("Contact", "Title")
    _, job = ingest_job(api, "insert", "LastName,Title\nRuiz,CEO\n")
    assert job["errorMessage"] == "InvalidBatch : Field name not found : Title"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('LastName,Title\n"Ruiz" ,CEO\n', "InvalidBatch"),
        ('LastName,Title\nRuiz, "CEO"\n', "a space stands before a quote"),
        ("LastName,Title\nRuiz\n", "row 1 has 1 values, the header 2"),
        ('LastName,Title\n"Ruiz,CEO\n', "InvalidBatch"),
        (f"LastName,Title\nRuiz,{'x' * 32_001}\n", "longer than 32000 characters"),
        (",".join(f"F{n}" for n in range(5_001)) + "\n", "more than 5000 fields"),
        ("", "no header line"),
    ],
)
def test_text_that_is_no_csv_fails_the_whole_job(
    api: httpx.Client, org: SalesforceWorld, text: str, words: str
) -> None:
    _, job = ingest_job(api, "insert", text)
    assert job["state"] == "Failed"
    assert words in job["errorMessage"]
    assert org.tables.count("Contact") == 0


def test_text_that_is_not_utf_8_fails_the_whole_job(api: httpx.Client) -> None:
    url = (
        f"{INGEST}/"
        + api.post(INGEST, json={"object": "Contact", "operation": "insert"}).json()["id"]
    )
    content = "LastName\nMuñoz\n".encode("latin-1")
    api.put(f"{url}/batches", content=content, headers={"Content-Type": "text/csv"})
    close_job(api, url)
    assert ask_until_done(api, url)["state"] == "Failed"


@pytest.mark.parametrize(
    ("setting", "text", "state"),
    [
        ("LF", "LastName\nRuiz\n", "JobComplete"),
        ("LF", "LastName\r\nRuiz\r\n", "Failed"),
        ("CRLF", "LastName\r\nRuiz\r\n", "JobComplete"),
        ("CRLF", "LastName\nRuiz\n", "Failed"),
    ],
)
def test_line_ends_must_be_those_of_the_job(
    api: httpx.Client, setting: str, text: str, state: str
) -> None:
    _, job = ingest_job(api, "insert", text, lineEnding=setting)
    assert job["state"] == state
    if state == "Failed":
        assert job["errorMessage"] == (
            "ClientInputError : LineEnding is invalid on user data. "
            f"Current LineEnding setting is {setting}"
        )


@pytest.mark.parametrize(("where", "state"), [("header", "JobComplete"), ("anywhere", "Failed")])
def test_line_ends_within_quotes_may_count_too(
    api: httpx.Client, org: SalesforceWorld, where: str, state: str
) -> None:
    turn(org, {"bulk_line_end_check": where})
    _, job = ingest_job(api, "insert", 'LastName\n"Ruiz\r\nGil"\n')
    assert job["state"] == state


def test_other_delimiters_quotes_and_line_ends_inside_are_read(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    text = 'LastName\tDescription\nRuiz\t"one, ""two""\n\u2028three"\n" ""x"""\t" y"\n'
    url, job = ingest_job(api, "insert", text, columnDelimiter="TAB")
    assert job["numberRecordsFailed"] == 0
    answer = api.get(f"{url}/successfulResults")
    assert '"one, ""two""\n\u2028three"' in answer.text
    assert answer.text.startswith('"sf__Id"\t"sf__Created"\t"LastName"\t"Description"\n')
    kept = {row["Description"] for _, row in org.tables.rows("Contact")}
    assert kept == {'one, "two"\n\u2028three', "y"}


def test_typed_cells_are_read_and_bad_ones_told(api: httpx.Client, org: SalesforceWorld) -> None:
    org.define_field("Contact", "Vip__c", "boolean")
    org.define_field("Contact", "Score__c", "double")
    text = "LastName,Vip__c,Score__c,Birthdate\nA,yes,1.5,1980-02-03\nB,0,,\nC,,x,\nD,,,x\n"
    url, _ = ingest_job(api, "insert", text)
    good = {
        row["LastName"]: stored(org, row["sf__Id"])
        for row in results(api, url, "successfulResults")
    }
    assert (good["A"]["Vip__c"], good["A"]["Score__c"], good["A"]["Birthdate"]) == (
        True,
        1.5,
        "1980-02-03",
    )
    assert good["B"]["Vip__c"] is False
    bad = {row["LastName"]: row["sf__Error"] for row in results(api, url, "failedResults")}
    assert bad["C"] == (
        "INVALID_TYPE_ON_FIELD_IN_RECORD:Failed to deserialize field at col 2. Due to, 'x' is not "
        "a valid value for the type xsd:double:Score__c --"
    )
    assert "xsd:date:Birthdate --" in bad["D"]


def test_results_come_in_another_order_than_the_upload(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    names = [f"Name {number}" for number in range(20)]
    url, _ = ingest_job(api, "insert", "LastName\n" + "\n".join(names) + "\n")
    found = [row["LastName"] for row in results(api, url, "successfulResults")]
    assert found != names
    assert sorted(found) == sorted(names)
    for row in results(api, url, "successfulResults"):
        assert stored(org, row["sf__Id"])["LastName"] == row["LastName"]


@pytest.mark.parametrize(
    ("form", "text"), [("header", '"sf__Id","sf__Error","LastName"\n'), ("nothing", "")]
)
def test_no_failures_are_a_header_line_or_nothing(
    api: httpx.Client, org: SalesforceWorld, form: str, text: str
) -> None:
    turn(org, {"bulk_empty_results": form})
    url, _ = ingest_job(api, "insert", "LastName\nRuiz\n")
    assert api.get(f"{url}/failedResults").text == text


@pytest.mark.parametrize(("version", "filled"), [("67.0", True), ("52.0", False)])
def test_failures_carry_the_id_from_version_53(
    api: httpx.Client, org: SalesforceWorld, version: str, filled: bool
) -> None:
    contact = org.put("Contact", {"LastName": "Ruiz"})
    ingest = INGEST.replace("67.0", version)
    url = (
        f"{ingest}/"
        + api.post(ingest, json={"object": "Contact", "operation": "update"}).json()["id"]
    )
    content = f"Id,Email\n{contact},bad\n".encode()
    api.put(f"{url}/batches", content=content, headers={"Content-Type": "text/csv"})
    close_job(api, url)
    ask_until_done(api, url)
    (row,) = results(api, url, "failedResults")
    assert row["sf__Id"] == (contact if filled else "")


def test_an_aborted_job_keeps_what_it_wrote(api: httpx.Client, org: SalesforceWorld) -> None:
    names = "".join(f"Name {number}\n" for number in range(500))
    url = open_job(api, "insert", "LastName\n" + names)
    close_job(api, url)
    assert api.get(url).json()["state"] == "InProgress"
    assert api.patch(url, json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert org.tables.count("Contact") == 200
    assert len(results(api, url, "successfulResults")) == 200
    assert len(results(api, url, "unprocessedrecords")) == 300
    assert api.get(url).json()["numberRecordsProcessed"] == 200


def test_an_open_job_may_be_aborted_but_not_deleted(api: httpx.Client) -> None:
    url = open_job(api, "insert", "LastName\nRuiz\n")
    assert api.delete(url).json()[0]["errorCode"] == "INVALIDJOBSTATE"
    api.patch(url, json={"state": "Aborted"}).raise_for_status()
    deleted = api.delete(url)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert api.get(url).status_code == 404


def test_a_failed_job_keeps_what_it_wrote(api: httpx.Client, org: SalesforceWorld) -> None:
    failure = {"after": 200, "message": "InternalServerError : try again"}
    api.post("/__control__/bulk", json={"fail_next": failure})
    names = "".join(f"Name {number}\n" for number in range(500))
    url, job = ingest_job(api, "insert", "LastName\n" + names)
    assert (job["state"], job["errorMessage"]) == ("Failed", "InternalServerError : try again")
    assert org.tables.count("Contact") == 200
    assert len(results(api, url, "successfulResults")) == 200
    assert len(results(api, url, "unprocessedrecords")) == 300


def test_rows_beyond_the_daily_batches_are_not_processed(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    api.post("/__control__/bulk", json={"daily_batches": 1})
    ingest_job(api, "insert", "LastName\nRuiz\n")
    assert api.get(f"{DATA}/limits").json()["DailyBulkApiBatches"] == {"Max": 1, "Remaining": 0}
    url, job = ingest_job(api, "insert", "LastName\nGil\n")
    assert job["state"] == "Failed"
    assert results(api, url, "successfulResults") + results(api, url, "failedResults") == []
    assert [row["LastName"] for row in results(api, url, "unprocessedrecords")] == ["Gil"]


def test_a_job_takes_one_upload_of_csv(api: httpx.Client) -> None:
    url = open_job(api, "insert", "LastName\nRuiz\n")
    csv = {"Content-Type": "text/csv"}
    again = api.put(f"{url}/batches", content=b"LastName\nGil\n", headers=csv)
    assert (again.status_code, again.json()[0]["errorCode"]) == (400, "INVALIDJOBSTATE")
    fresh = (
        f"{INGEST}/"
        + api.post(INGEST, json={"object": "Contact", "operation": "insert"}).json()["id"]
    )
    assert api.put(f"{fresh}/batches", json={"LastName": "Ruiz"}).status_code == 415


def test_a_job_is_closed_once(api: httpx.Client) -> None:
    url, _ = ingest_job(api, "insert", "LastName\nRuiz\n")
    again = api.patch(url, json={"state": "UploadComplete"})
    assert again.json()[0]["message"] == "Closing already Completed Job not allowed"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"object": "Contact", "operation": "merge"}, "INVALIDOPERATION"),
        ({"object": "Nothing", "operation": "insert"}, "INVALIDENTITY"),
        ({"object": "Contact", "operation": "upsert"}, "MISSING_ARGUMENT"),
        (
            {"object": "Contact", "operation": "upsert", "externalIdFieldName": "Title"},
            "INVALID_INPUT",
        ),
        ({"object": "Contact", "operation": "insert", "contentType": "XML"}, "JSON_PARSER_ERROR"),
        ({"object": "Contact", "operation": "insert", "lineEnding": "CR"}, "JSON_PARSER_ERROR"),
        ({"object": "Lead", "operation": "insert", "assignmentRuleId": "x"}, "MALFORMED_ID"),
    ],
)
def test_a_job_that_makes_no_sense_is_refused(
    api: httpx.Client, org: SalesforceWorld, body: dict[str, str], code: str
) -> None:
    answer = api.post(INGEST, json=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
    assert org.bulk.jobs == {}


def test_an_assignment_rule_is_told_again(api: httpx.Client) -> None:
    body = {"object": "Lead", "operation": "insert", "assignmentRuleId": "01Q000000000001"}
    job = api.post(INGEST, json=body).json()
    assert job["assignmentRuleId"] == "01Q000000000001EAA"


def test_ingest_jobs_are_listed_apart_from_queries(api: httpx.Client) -> None:
    url, _ = ingest_job(api, "insert", "LastName\nRuiz\n")
    (listed,) = api.get(INGEST).json()["records"]
    assert (listed["id"], listed["state"]) == (url.split("/")[-1], "JobComplete")
    assert api.get(f"{DATA}/jobs/query").json()["records"] == []
    assert api.get(url.replace("ingest", "query")).status_code == 404
    assert api.get(f"{url}/otherResults").status_code == 404


def test_nul_and_other_control_characters_arrive(api: httpx.Client, org: SalesforceWorld) -> None:
    _, job = ingest_job(api, "insert", "LastName\nA\x00B\n")
    assert job["numberRecordsProcessed"] == 1
    assert [row["LastName"] for _, row in org.tables.rows("Contact")] == ["A\x00B"]
