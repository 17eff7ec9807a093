"""Bulk API 2.0 ingest jobs: their results, and every way to end."""

from __future__ import annotations

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
from bulk_stored import stored

from crmsync.sandbox.salesforce.world import SalesforceWorld


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
