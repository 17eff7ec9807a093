"""Bulk API 2.0 ingest jobs: headers, cells, line ends and texts, as they may be uploaded and as they may not."""

from __future__ import annotations

import httpx
import pytest
from bulk_fixtures import (
    INGEST,
    ask_until_done,
    close_job,
    ingest_job,
    results,
    turn,
)
from bulk_stored import stored

from crmsync.sandbox.salesforce.world import SalesforceWorld


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


def test_nul_and_other_control_characters_arrive(api: httpx.Client, org: SalesforceWorld) -> None:
    _, job = ingest_job(api, "insert", "LastName\nA\x00B\n")
    assert job["numberRecordsProcessed"] == 1
    assert [row["LastName"] for _, row in org.tables.rows("Contact")] == ["A\x00B"]
