"""What becomes of a read in bulk, whatever the org does: right data, marked incomplete, or REST in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from connectors.bulk_rig import BulkOrg, bulk_org, table
from crmsync.connectors.salesforce.bulk import jobs
from crmsync.connectors.salesforce.sizes import BULK_ABOVE
from crmsync.errors import AnswerBroken, ConfigInvalid, TryLater, Unavailable
from crmsync.language import translate_said
from crmsync.testing.proxy import Fault, Reply, Seen, cuts, drops, loses, rewrites, says

CONTACTS = 7
ROLE = "OpportunityContactRole"


@pytest.fixture
def org() -> Iterator[BulkOrg]:
    with bulk_org() as made:
        for at in range(CONTACTS):
            made.world.put("Contact", {"LastName": f"Number {at}"})
        made.turn(bulk_polls=0, bulk_most_rows=3)
        yield made


def calls(org: BulkOrg) -> dict[str, int]:
    return org.opened[-1].meter.by_path


def notes(org: BulkOrg) -> str:
    return "\n".join(org.opened[-1].notes)


def whole(org: BulkOrg) -> list[dict[str, Any]]:
    """What is right, by REST and without any fault."""
    faults = org.proxy.faults, org.proxy.always
    org.proxy.faults, org.proxy.always = [], None
    read = org.read("never")
    org.proxy.faults, org.proxy.always = faults
    return read


def test_a_read_in_bulk_costs_a_job_its_pages_and_a_look_at_who_went_meanwhile(
    org: BulkOrg,
) -> None:
    assert len(org.read()) == CONTACTS
    assert calls(org) == {
        "GET sobjects/describe": 1,
        "GET query": 1,
        "POST jobs/query": 1,
        "GET jobs/query": 1,
        "GET jobs/query/results": 3,
        "DELETE jobs/query": 1,
        "GET queryAll": 1,
    }
    assert org.opened[-1].meter.written == 0
    assert org.opened[-1].notes == []


@pytest.mark.parametrize("every_page", [True, False])
def test_later_pages_are_read_with_and_without_a_header_line(
    org: BulkOrg, *, every_page: bool
) -> None:
    org.turn(bulk_header_every_page=every_page)
    assert org.read() == whole(org)


def test_the_job_is_deleted_when_all_is_read(org: BulkOrg) -> None:
    org.read()
    assert org.jobs() == []


def test_the_job_is_deleted_when_nobody_reads_on(org: BulkOrg) -> None:
    read = org.open().read("Contact", [])
    next(read)
    assert len(org.jobs()) == 1
    read.close()  # type: ignore[attr-defined]  # it is a generator
    assert org.jobs() == []


def test_a_job_that_cannot_be_deleted_spoils_no_read(org: BulkOrg) -> None:
    def keeps(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        if seen.method != "DELETE":
            return forward()
        return says(400, [{"errorCode": "X", "message": "no"}])(seen, forward)

    org.proxy.only, org.proxy.always = "/jobs/query/", keeps
    assert org.read() == whole(org)
    assert len(org.jobs()) == 1


def test_everything_of_a_job_is_asked_in_one_api_version(org: BulkOrg) -> None:
    org.read(api_version="65.0")
    told = [each.path for each in org.proxy.seen if "/jobs/" in each.path]
    assert told
    assert all(path.startswith("/services/data/v65.0/jobs/") for path in told)


def test_rows_a_page_are_asked_for(org: BulkOrg) -> None:
    org.read()
    asked = [each.path for each in org.proxy.seen if "/results" in each.path]
    assert all("maxRecords=" in path for path in asked)


@pytest.mark.parametrize(
    ("above", "in_bulk"), [(str(CONTACTS - 1), True), (str(CONTACTS), False), ("never", False)]
)
def test_the_number_of_records_decides_the_way(org: BulkOrg, above: str, *, in_bulk: bool) -> None:
    org.read(above)
    assert ("POST jobs/query" in calls(org)) == in_bulk


def test_unless_told_otherwise_a_small_object_is_read_by_rest(org: BulkOrg) -> None:
    org.read("")
    assert CONTACTS < BULK_ABOVE
    assert "POST jobs/query" not in calls(org)


@pytest.mark.parametrize("text", ["-1", "many", "2.5", "1e3"])
def test_a_wrong_setting_is_named_with_what_helps(org: BulkOrg, text: str) -> None:
    with pytest.raises(ConfigInvalid) as raised:
        org.open(text)
    [problem] = raised.value.problems
    assert problem.path[-1] == "bulk_above"
    assert "never" in problem.remedy
    assert "no es un número" in translate_said(problem.message, "es")


def refuses(code: str, message: str, status: int = 400) -> Fault:
    return says(status, [{"errorCode": code, "message": message}])


NO_JOB = (
    refuses("INVALIDENTITY", "Contact is not supported by the Bulk API"),
    refuses("API_ERROR", "Selecting compound data not supported in Bulk Query"),
    refuses("INSUFFICIENT_ACCESS", "insufficient access rights on object id", 403),
    refuses("FUNCTIONALITY_NOT_ENABLED", "Bulk API is not enabled"),
)


@pytest.mark.parametrize("refusal", NO_JOB)
def test_where_the_org_makes_no_job_rest_reads_and_says_so(org: BulkOrg, refusal: Fault) -> None:
    org.proxy.only, org.proxy.always = "/jobs/query", refusal
    assert org.read() == whole(org)
    told = orjson.loads(refusal(Seen("", "", {}, b""), lambda: Reply(0, {}, b"")).body)
    org.read()
    assert "Contact: read by REST, not in bulk" in notes(org)
    assert told[0]["message"] in notes(org)


def test_without_a_job_left_for_today_rest_reads_and_says_so(org: BulkOrg) -> None:
    org.world.bulk.daily_queries = 0
    assert len(org.read()) == CONTACTS
    assert "Max bulk v2 query jobs" in notes(org)


@pytest.mark.parametrize("state", ["Failed", "Aborted"])
def test_a_job_that_ends_otherwise_is_read_by_rest(org: BulkOrg, state: str) -> None:
    org.proxy.only = "/jobs/query/"
    org.proxy.faults = [rewrites(lambda job: job | {"state": state})]
    assert len(org.read()) == CONTACTS
    assert state in notes(org)
    assert org.jobs() == []


def test_a_failed_job_of_the_org_itself_is_read_by_rest(org: BulkOrg) -> None:
    org.world.rehearse("bulk", {"fail_next": {"after": 0}})
    assert len(org.read()) == CONTACTS
    assert "Failed" in notes(org)


def test_a_job_without_end_is_given_up_aborted_and_deleted(org: BulkOrg) -> None:
    org.turn(bulk_polls=10_000)
    assert len(org.read()) == CONTACTS
    assert jobs.LONGEST_JOB_S <= sum(org.slept) < jobs.LONGEST_JOB_S + jobs.LONGEST_STEP_S
    assert calls(org)["GET jobs/query"] < 110
    assert "not done after" in notes(org)
    assert org.jobs() == []


def test_a_long_wait_is_told(org: BulkOrg) -> None:
    org.turn(bulk_polls=24)
    assert len(org.read()) == CONTACTS
    assert "Contact: the org took" in notes(org)
    assert max(org.slept) <= jobs.LONGEST_STEP_S
    assert org.slept == sorted(org.slept)


def test_results_that_are_lost_in_the_middle_are_read_on_by_rest_and_none_twice(
    org: BulkOrg,
) -> None:
    org.proxy.only = "/results"
    lost = refuses("NOT_FOUND", "The requested resource does not exist", 404)
    org.proxy.faults = [lambda seen, forward: forward(), lost]
    read = org.read()
    assert sorted(row["LastName"] for row in read) == [f"Number {at}" for at in range(CONTACTS)]
    assert "NOT_FOUND" in notes(org)


@pytest.mark.parametrize("fault", [cuts, drops, loses, says(503), says(200, b"")])
def test_a_page_that_does_not_arrive_is_asked_for_again(org: BulkOrg, fault: Fault) -> None:
    org.proxy.only = "/results"
    org.proxy.faults = [lambda seen, forward: forward(), fault]
    assert org.read() == whole(org)
    assert calls(org)


def test_half_a_page_that_comes_as_the_whole_is_asked_for_again(org: BulkOrg) -> None:
    def half(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        whole_ = forward()
        return Reply(200, whole_.headers, whole_.body[: len(whole_.body) // 2])

    org.proxy.only, org.proxy.faults = "/results", [half]
    assert org.read() == whole(org)


def told(**headers: str) -> Fault:
    """The page with other headers than its own."""

    def fault(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        page = forward()
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        return Reply(page.status, page.headers | named, page.body)

    return fault


def test_a_last_page_too_early_is_an_incomplete_read(org: BulkOrg) -> None:
    org.proxy.only, org.proxy.faults = "/results", [told(sforce_locator="null")]
    with pytest.raises(AnswerBroken, match=f"3 records came of {CONTACTS}"):
        org.read()
    assert org.jobs() == []


def test_a_record_deleted_while_the_job_runs_breaks_no_read(org: BulkOrg) -> None:
    org.proxy.only = "COUNT"
    org.proxy.faults = [rewrites(lambda page: page | {"totalSize": page["totalSize"] + 1})]
    assert len(org.read()) == CONTACTS
    assert calls(org)["GET query"] == 2


def test_records_the_job_processed_and_did_not_give_are_an_incomplete_read(org: BulkOrg) -> None:
    more = rewrites(lambda job: job | {"numberRecordsProcessed": CONTACTS + 2})
    counts = rewrites(lambda page: page | {"totalSize": CONTACTS + 2})

    def each(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        if "COUNT" in seen.path:
            return counts(seen, forward) if org.proxy.count("COUNT") > 1 else forward()
        is_state = seen.method == "GET" and "/results" not in seen.path and "/jobs/" in seen.path
        return more(seen, forward) if is_state else forward()

    org.proxy.only, org.proxy.always = "", each
    with pytest.raises(AnswerBroken, match=f"{CONTACTS} records came of {CONTACTS + 2}"):
        org.read()


def test_a_page_that_comes_twice_gives_no_record_twice(org: BulkOrg) -> None:
    first: list[Reply] = []

    def keeps(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        first.append(forward())
        return first[0]

    def repeats(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        page = forward()
        locator = {"Sforce-Locator": page.headers["Sforce-Locator"]}
        return Reply(200, first[0].headers | locator, first[0].body)

    org.proxy.only, org.proxy.faults = "/results", [keeps, repeats]
    names: list[str] = []

    def read() -> None:
        for batch in org.open().read("Contact", ["LastName"]):
            names.extend(batch.column("LastName").to_pylist())

    with pytest.raises(AnswerBroken, match=f"4 records came of {CONTACTS}"):
        read()
    assert len(set(names)) == len(names) == 4


def test_pages_in_a_circle_are_a_broken_answer(org: BulkOrg) -> None:
    org.proxy.only, org.proxy.always = "/results", told(sforce_locator="Mw")
    with pytest.raises(AnswerBroken, match="circle"):
        org.read()


def test_a_lost_answer_to_a_new_job_makes_another_job_and_nothing_else(org: BulkOrg) -> None:
    org.proxy.only, org.proxy.faults = "/jobs/query", [loses]
    assert len(org.read()) == CONTACTS
    assert calls(org)["POST jobs/query"] == 2
    assert org.opened[-1].notes == []


def test_a_token_is_renewed_in_the_middle_of_the_pages(org: BulkOrg) -> None:
    org.proxy.only = "/results"
    expired = says(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired"}])
    org.proxy.faults = [lambda seen, forward: forward(), expired]
    app = {"client_id": org.world.client_id, "client_secret": org.world.client_secret}
    assert len(org.read(token="", **app)) == CONTACTS
    assert org.opened[-1].notes == []


def test_an_org_out_of_calls_is_not_asked_by_rest_either(org: BulkOrg) -> None:
    over = refuses("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)
    org.proxy.only, org.proxy.always = "/jobs/query", over
    with pytest.raises(TryLater):
        org.read()


def test_an_org_that_is_away_is_unavailable_as_by_rest(org: BulkOrg) -> None:
    org.proxy.only, org.proxy.always = "/jobs/query", says(503)
    with pytest.raises(Unavailable):
        org.read()


def test_ties_and_associations_are_the_same_in_bulk(org: BulkOrg) -> None:
    contacts = org.world.tables.ids("Contact")
    deal = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2027-01-31"}
    one = org.world.put("Opportunity", deal)
    for at, id_ in enumerate(contacts):
        row = {"OpportunityId": one, "ContactId": id_, "IsPrimary": at == 2}
        org.world.put(ROLE, row | ({"Role": "Evaluator"} if at % 2 else {}))
    names = ["Name", *(f"associations.Contact.{each}" for each in ("all", "roles", "primary"))]
    by_rest, in_bulk = org.open("never"), org.open("0")
    for read in (
        lambda connector: table(connector.associations("Opportunity", "Contact")),
        lambda connector: table(connector.read("Opportunity", names)),
    ):
        assert read(in_bulk) == read(by_rest)
    assert in_bulk.meter.by_path["POST jobs/query"] == 3
