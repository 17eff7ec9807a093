"""Bulk API 2.0 query jobs, as jsforce, airbyte and simple-salesforce drive them."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from bulk_fixtures import DATA, QUERY, ask_until_done, query_job, rows, turn

from crmsync.sandbox.salesforce.bulk.query_results import get_results
from crmsync.sandbox.salesforce.calls import Call
from crmsync.sandbox.salesforce.world import SalesforceWorld


def add_contacts(org: SalesforceWorld, count: int) -> list[str]:
    return [org.put("Contact", {"LastName": f"Name {number}"}) for number in range(count)]


def test_a_job_goes_from_state_to_state(api: httpx.Client, org: SalesforceWorld) -> None:
    turn(org, {"bulk_polls": 3})
    add_contacts(org, 2)
    body = {"operation": "query", "query": "SELECT Id FROM Contact", "contentType": "CSV"}
    made = api.post(QUERY, json=body)
    assert made.status_code == 200
    job = made.json()
    assert job["id"].startswith("750")
    assert (job["state"], job["object"], job["apiVersion"]) == ("UploadComplete", "Contact", 67.0)
    assert (job["lineEnding"], job["columnDelimiter"]) == ("LF", "COMMA")
    url = f"{QUERY}/{job['id']}"
    assert [api.get(url).json()["state"] for _ in range(5)] == [
        "UploadComplete",
        "InProgress",
        "InProgress",
        "JobComplete",
        "JobComplete",
    ]
    told = api.get(url).json()
    assert (told["jobType"], told["numberRecordsProcessed"], told["retries"]) == ("V2Query", 2, 0)


def test_no_polls_means_done_at_the_first_question(api: httpx.Client, org: SalesforceWorld) -> None:
    turn(org, {"bulk_polls": 0})
    body = {"operation": "query", "query": "SELECT Id FROM Contact"}
    job = api.post(QUERY, json=body).json()
    assert api.get(f"{QUERY}/{job['id']}").json()["state"] == "JobComplete"


def test_a_job_nobody_asks_about_is_done_after_a_minute(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    turn(org, {"bulk_polls": 40})
    job = api.post(QUERY, json={"operation": "query", "query": "SELECT Id FROM User"}).json()
    url = f"{QUERY}/{job['id']}"
    assert api.get(url).json()["state"] == "UploadComplete"
    org.clock.advance(61)
    assert api.get(url).json()["state"] == "JobComplete"


def test_values_are_quoted_and_in_select_order(api: httpx.Client, org: SalesforceWorld) -> None:
    account = org.put("Account", {"Name": 'Uno, "Dos"', "AnnualRevenue": 1000})
    org.put(
        "Contact",
        {"LastName": "Ruiz\nGil", "AccountId": account, "Birthdate": "1980-02-03"},
    )
    org.put("Contact", {"LastName": "Alone"})
    url = query_job(
        api,
        "SELECT lastname, Account.Name, Account.AnnualRevenue, Birthdate, IsDeleted, "
        "SystemModstamp FROM Contact ORDER BY LastName DESC",
    )
    answer = api.get(f"{url}/results")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["sforce-numberofrecords"] == "2"
    assert answer.headers["sforce-locator"] == "null"
    assert answer.text == (
        '"LastName","Account.Name","Account.AnnualRevenue","Birthdate","IsDeleted",'
        '"SystemModstamp"\n'
        '"Ruiz\nGil","Uno, ""Dos""","1000.0","1980-02-03","false","2026-11-20T09:30:00.000Z"\n'
        '"Alone","","","","false","2026-11-20T09:30:00.000Z"\n'
    )


def test_instants_may_end_in_an_offset(api: httpx.Client, org: SalesforceWorld) -> None:
    turn(org, {"bulk_datetimes": "+0000"})
    add_contacts(org, 1)
    (row,) = rows(api.get(query_job(api, "SELECT CreatedDate FROM Contact") + "/results"))
    assert row == {"CreatedDate": "2026-11-20T09:30:00.000+0000"}


def test_pages_follow_their_locators_and_may_be_read_again(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    ids = add_contacts(org, 5)
    url = query_job(api, "SELECT Id FROM Contact ORDER BY Id")
    found: list[str] = []
    locator, pages = "", []
    while locator != "null":
        params = {"maxRecords": "2", **({"locator": locator} if locator else {})}
        answer = api.get(f"{url}/results", params=params)
        assert api.get(f"{url}/results", params=params).text == answer.text
        pages.append(answer.headers["sforce-numberofrecords"])
        found += [row["Id"] for row in rows(answer)]
        locator = answer.headers["sforce-locator"]
    assert (found, pages) == (ids, ["2", "2", "1"])


def test_a_page_is_sent_in_pieces_and_never_whole_in_memory(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    add_contacts(org, 5_000)
    url = query_job(api, "SELECT Id, LastName FROM Contact")
    call = Call("GET", "67.0", ("jobs", "query", url.split("/")[-1], "results"), {}, {})
    pieces = list(get_results(org, call).csv or ())
    assert len(pieces) == 4  # the header line, then 2,000 rows each
    assert b"".join(pieces).decode() == api.get(f"{url}/results").text


def test_rows_stay_what_they_were_when_the_job_ran(api: httpx.Client, org: SalesforceWorld) -> None:
    (contact,) = add_contacts(org, 1)
    url = query_job(api, "SELECT LastName FROM Contact")
    api.patch(f"{DATA}/sobjects/Contact/{contact}", json={"LastName": "Later"})
    assert rows(api.get(f"{url}/results")) == [{"LastName": "Name 0"}]


@pytest.mark.parametrize(("every", "expected"), [(True, '"Id"\n'), (False, "")])
def test_later_pages_may_lack_the_header_line(
    api: httpx.Client, org: SalesforceWorld, every: bool, expected: str
) -> None:
    turn(org, {"bulk_header_every_page": every})
    ids = add_contacts(org, 2)
    url = query_job(api, "SELECT Id FROM Contact ORDER BY Id")
    first = api.get(f"{url}/results", params={"maxRecords": "1"})
    params = {"maxRecords": "1", "locator": first.headers["sforce-locator"]}
    assert first.text.startswith('"Id"\n')
    assert api.get(f"{url}/results", params=params).text == f'{expected}"{ids[1]}"\n'


def test_the_server_has_a_page_size_of_its_own(api: httpx.Client, org: SalesforceWorld) -> None:
    turn(org, {"bulk_page_rows": 2})
    add_contacts(org, 3)
    url = query_job(api, "SELECT Id FROM Contact")
    assert api.get(f"{url}/results").headers["sforce-numberofrecords"] == "2"


def test_a_locator_that_never_was_is_refused(api: httpx.Client) -> None:
    url = query_job(api, "SELECT Id FROM Contact")
    for locator in ("MTAwMDA", "no locator", "€"):
        answer = api.get(f"{url}/results", params={"locator": locator})
        assert answer.json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_delimiters_and_line_ends_are_those_of_the_job(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    org.put("Contact", {"LastName": "Ruiz", "FirstName": "Ana"})
    url = query_job(
        api,
        "SELECT FirstName, LastName FROM Contact",
        columnDelimiter="CARET",
        lineEnding="CRLF",
    )
    assert api.get(f"{url}/results").text == '"FirstName"^"LastName"\r\n"Ana"^"Ruiz"\r\n'
    refused = api.post(
        QUERY,
        json={"operation": "query", "query": "SELECT Id FROM Contact", "columnDelimiter": "DOT"},
    )
    assert refused.status_code == 400


def test_query_all_sees_what_was_deleted(api: httpx.Client, org: SalesforceWorld) -> None:
    gone, kept = add_contacts(org, 2)
    api.delete(f"{DATA}/sobjects/Contact/{gone}")
    soql = "SELECT Id, IsDeleted FROM Contact ORDER BY Id"
    plain = rows(api.get(query_job(api, soql) + "/results"))
    everything = rows(api.get(query_job(api, soql, operation="queryAll") + "/results"))
    assert [row["Id"] for row in plain] == [kept]
    assert [row["IsDeleted"] for row in everything] == ["true", "false"]


def test_another_api_version_gets_no_results(api: httpx.Client) -> None:
    url = query_job(api, "SELECT Id FROM Contact")
    other = url.replace("v67.0", "v66.0")
    assert api.get(f"{other}/results").status_code == 409
    assert api.get(f"{other}/resultPages").status_code == 409
    assert api.get(f"{url}/results").status_code == 200


def test_result_pages_name_five_pages_to_fetch_side_by_side(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    ids = add_contacts(org, 7)
    url = query_job(api, "SELECT Id FROM Contact ORDER BY Id")
    first = api.get(f"{url}/resultPages", params={"maxRecords": "1"}).json()
    assert (len(first["resultPages"]), first["done"]) == (5, False)
    second = api.get(first["nextRecordsUrl"]).json()
    assert (len(second["resultPages"]), second["done"]) == (2, True)
    urls = [page["resultUrl"] for page in first["resultPages"] + second["resultPages"]]
    assert [rows(api.get(each))[0]["Id"] for each in urls] == ids
    assert "nextRecordsUrl" not in second
    turn(org, {"bulk_next_pages_key": "nextRecordUrl"})
    again = api.get(f"{url}/resultPages", params={"maxRecords": "1"}).json()
    assert again["nextRecordUrl"] == first["nextRecordsUrl"]


def test_result_pages_begin_with_version_58(api: httpx.Client) -> None:
    old = QUERY.replace("v67.0", "v57.0")
    job = api.post(old, json={"operation": "query", "query": "SELECT Id FROM Contact"}).json()
    ask_until_done(api, f"{old}/{job['id']}")
    assert api.get(f"{old}/{job['id']}/resultPages").status_code == 404


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        ("SELECT COUNT() FROM Contact", "API_ERROR", "aggregate"),
        ("SELECT MAX(CreatedDate) FROM Contact", "API_ERROR", "aggregate"),
        ("SELECT LeadSource FROM Contact GROUP BY LeadSource", "API_ERROR", "GROUP BY"),
        ("SELECT Id FROM Contact LIMIT 1 OFFSET 1", "API_ERROR", "OFFSET"),
        ("SELECT Id, MailingAddress FROM Contact", "API_ERROR", "compound data"),
        ("SELECT Id, Account.BillingAddress FROM Contact", "API_ERROR", "compound data"),
        ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "API_ERROR", "Aggregate"),
        ("SELECT TYPEOF Owner WHEN User THEN Id END FROM Lead", "MALFORMED_QUERY|API_ERROR", ""),
        ("SELECT FIELDS(ALL) FROM Contact LIMIT 10", "API_ERROR", "FIELDS"),
        ("SELECT Id FROM TaskStatus", "INVALIDENTITY", "not supported by the Bulk API"),
        ("SELECT Id FROM Nothing", "INVALID_TYPE", "not supported"),
        ("SELECT Nope FROM Contact", "INVALID_FIELD", "No such column"),
        ("SELECT Id FROM", "MALFORMED_QUERY", "unexpected token"),
        ("", "MALFORMED_QUERY", "query string"),
    ],
)
def test_what_bulk_cannot_do_is_refused_at_creation(
    api: httpx.Client, org: SalesforceWorld, soql: str, code: str, words: str
) -> None:
    answer = api.post(QUERY, json={"operation": "query", "query": soql})
    assert answer.status_code == 400
    (error,) = answer.json()
    assert error["errorCode"] in code.split("|")
    assert words in error["message"]
    assert org.bulk.jobs == {}


def test_standard_fields_come_without_compounds(api: httpx.Client, org: SalesforceWorld) -> None:
    org.put("Contact", {"LastName": "Ruiz", "MailingCity": "Madrid"})
    (row,) = rows(api.get(query_job(api, "SELECT FIELDS(STANDARD) FROM Contact") + "/results"))
    assert (row["LastName"], row["MailingCity"]) == ("Ruiz", "Madrid")
    assert "MailingAddress" not in row


def test_a_job_may_be_aborted_until_it_is_complete(api: httpx.Client) -> None:
    body = {"operation": "query", "query": "SELECT Id FROM Contact"}
    url = f"{QUERY}/{api.post(QUERY, json=body).json()['id']}"
    assert api.patch(url, json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert api.get(url).json()["state"] == "Aborted"
    assert api.get(f"{url}/results").status_code == 400
    complete = query_job(api, "SELECT Id FROM Contact")
    refused = api.patch(complete, json={"state": "Aborted"})
    assert (refused.status_code, refused.json()[0]) == (
        400,
        {
            "errorCode": "INVALIDJOBSTATE",
            "message": "Aborting already Completed Job not allowed",
        },
    )
    assert api.patch(url, json={"state": "JobComplete"}).status_code == 400


@pytest.mark.parametrize("status", [204, 200])
def test_a_deleted_job_is_gone_and_its_answer_empty(
    api: httpx.Client, org: SalesforceWorld, status: int
) -> None:
    turn(org, {"bulk_delete_status": status})
    url = query_job(api, "SELECT Id FROM Contact")
    answer = api.delete(url)
    assert (answer.status_code, answer.content) == (status, b"")
    assert api.get(url).status_code == 404
    assert api.get(f"{url}/results").status_code == 404


def test_results_wait_for_the_end(api: httpx.Client) -> None:
    body = {"operation": "query", "query": "SELECT Id FROM Contact"}
    url = f"{QUERY}/{api.post(QUERY, json=body).json()['id']}"
    assert api.get(f"{url}/results").json()[0]["errorCode"] == "INVALIDJOBSTATE"


def test_a_failed_query_says_no_more_than_that(api: httpx.Client) -> None:
    api.post("/__control__/bulk", json={"fail_next": {"message": "told to nobody"}})
    body = {"operation": "query", "query": "SELECT Id FROM Contact"}
    url = f"{QUERY}/{api.post(QUERY, json=body).json()['id']}"
    job = ask_until_done(api, url)
    assert job["state"] == "Failed"
    assert "errorMessage" not in job
    assert api.get(f"{url}/results").status_code == 400
    query_job(api, "SELECT Id FROM Contact")  # one failure was asked for, not two


def test_jobs_are_listed_and_kept_for_seven_days(api: httpx.Client, org: SalesforceWorld) -> None:
    url = query_job(api, "SELECT Id FROM Contact")
    listed = api.get(QUERY).json()
    assert (listed["done"], listed["nextRecordsUrl"]) == (True, None)
    assert [job["id"] for job in listed["records"]] == [url.split("/")[-1]]
    org.clock.advance(timedelta(days=7, seconds=1).total_seconds())
    assert api.get(url).status_code == 404
    assert api.get(QUERY).json()["records"] == []


def test_a_long_list_of_jobs_has_pages(api: httpx.Client, org: SalesforceWorld) -> None:
    body = {"operation": "query", "query": "SELECT Id FROM Contact"}
    for _ in range(2):
        api.post(QUERY, json=body)
    first, second = org.bulk.jobs.values()
    org.bulk.jobs = {str(number): first for number in range(1_000)} | {"last": second}
    listed = api.get(QUERY).json()
    assert (len(listed["records"]), listed["done"]) == (1_000, False)
    (last,) = api.get(listed["nextRecordsUrl"]).json()["records"]
    assert last["id"] == second.id


def test_job_ids_are_never_given_twice(api: httpx.Client, org: SalesforceWorld) -> None:
    body = {"operation": "query", "query": "SELECT Id FROM Contact"}
    before = api.post(QUERY, json=body).json()["id"]
    restarted = SalesforceWorld(org.tables, org.clock)
    from crmsync.sandbox.salesforce.bulk.jobs import new_job_id

    assert new_job_id(restarted) > before


def test_a_state_that_is_put_back_knows_no_jobs(api: httpx.Client) -> None:
    state = api.get("/__control__/state").json()
    url = query_job(api, "SELECT Id FROM Contact")
    api.put("/__control__/state", json=state).raise_for_status()
    assert api.get(url).status_code == 404


def test_query_jobs_count_against_the_daily_limits(api: httpx.Client, org: SalesforceWorld) -> None:
    query_job(api, "SELECT Id FROM Contact")
    assert api.get(f"{DATA}/limits").json()["DailyBulkV2QueryJobs"] == {
        "Max": 10_000,
        "Remaining": 9_999,
    }
    api.post("/__control__/bulk", json={"daily_queries": 1})
    refused = api.post(QUERY, json={"operation": "query", "query": "SELECT Id FROM Contact"})
    (error,) = refused.json()
    assert error["errorCode"] == "LIMIT_EXCEEDED"
    assert "Max bulk v2 query jobs (1) per 24 hrs has been reached" in error["message"]


def test_result_storage_is_limited_a_day(api: httpx.Client, org: SalesforceWorld) -> None:
    add_contacts(org, 100)
    org.bulk.daily_result_mb = 1
    soql = "SELECT FIELDS(STANDARD) FROM Contact"
    query_job(api, soql)
    text = api.get(query_job(api, soql) + "/results").text
    measured = org.bulk.result_bytes / 2
    assert measured == pytest.approx(len(text.encode()), rel=0.05)
    org.bulk.result_bytes = 1024**2
    refused = api.post(QUERY, json={"operation": "query", "query": soql})
    assert "query result size stored (1024) kb" in refused.json()[0]["message"]
    left = api.get(f"{DATA}/limits").json()["DailyBulkV2QueryFileStorageMB"]
    assert left == {"Max": 1, "Remaining": 0}


@pytest.mark.parametrize(("counts", "calls"), [(True, 3), (False, 0)])
def test_bulk_calls_may_count_or_not(
    api: httpx.Client, org: SalesforceWorld, counts: bool, calls: int
) -> None:
    turn(org, {"bulk_calls_count": counts, "bulk_polls": 0})
    before = org.calls
    api.get(query_job(api, "SELECT Id FROM Contact") + "/results")
    assert org.calls - before == calls


def test_job_creation_may_answer_201(api: httpx.Client, org: SalesforceWorld) -> None:
    turn(org, {"bulk_create_status": 201})
    body = {"operation": "query", "query": "SELECT Id FROM Contact"}
    assert api.post(QUERY, json=body).status_code == 201
