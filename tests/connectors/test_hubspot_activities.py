"""Calls, e-mails, meetings, notes and tasks of a portal: what is told of them, and what is never asked for."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import fact_portal
from connectors.fact_portal import (
    CALLS,
    CONNECTED,
    EMAILS,
    MEETINGS,
    NOTES,
    TASKS,
    FactPortal,
    only,
)
from crmsync.testing.proxy import rewrites, says

ana, portal = fact_portal.ana, fact_portal.portal

# -- activities ------------------------------------------------------------------------------


def test_a_call_that_was_made_is_told_whole(portal: FactPortal, ana: str) -> None:
    owner = portal.world.put("owners", {"email": "ruiz@sales.example", "userId": 77})
    acme = portal.world.put("companies", {"name": "Acme"})
    deal = portal.world.put("deals", {"dealname": "Big", "dealstage": "contractsent"})
    call = portal.log(
        "calls",
        {"contacts": ana, "companies": acme, "deals": deal},
        hs_call_title="Hello",
        hs_call_body="what was said is nobody's business",
        hs_call_direction="OUTBOUND",
        hs_call_status="COMPLETED",
        hs_call_disposition=CONNECTED,
        hubspot_owner_id=owner,
        hs_created_by="77",
    )
    assert only(portal.rows(CALLS)) == {
        "id": call,
        "kind": "call",
        "direction": "outbound",
        "created_at": "2026-11-20T09:30:00.000Z",
        "happened_at": "2026-11-19T10:00:00.000Z",
        "precision": "instant",
        "state": "closed",
        "outcome": "Connected",
        "outcome_id": CONNECTED,
        "about": f"contacts|{ana};companies|{acme};deals|{deal}",
        "owner_id": owner,
        "created_by": owner,
        "subject": "Hello",
        "archived": "false",
        "origin": "IMPORT",
    }
    assert not [one.path for one in portal.proxy.seen if "body" in one.path.lower()]


@pytest.mark.parametrize(
    ("status", "state", "happened", "precision"),
    [
        ("COMPLETED", "closed", "2026-11-19T10:00:00.000Z", "instant"),
        ("NO_ANSWER", "closed", "2026-11-19T10:00:00.000Z", "instant"),
        ("", None, "2026-11-19T10:00:00.000Z", "instant"),
        ("QUEUED", "open", None, None),
        ("CANCELED", "cancelled", None, None),
        ("FAILED", "cancelled", None, None),
    ],
)
def test_a_call_that_was_never_made_did_not_happen(
    portal: FactPortal, status: str, state: str | None, happened: str | None, precision: str | None
) -> None:
    portal.log("calls", hs_call_status=status)
    row = only(portal.rows(CALLS))
    assert (row["state"], row["happened_at"], row["precision"]) == (state, happened, precision)
    assert row["outcome"] == (status or None)


@pytest.mark.parametrize(
    ("direction", "status", "told"),
    [
        ("EMAIL", "SENT", ("outbound", "closed")),
        ("EMAIL", "BOUNCED", ("outbound", "closed")),
        ("EMAIL", "SCHEDULED", ("outbound", "open")),
        ("EMAIL", "FAILED", ("outbound", "cancelled")),
        ("INCOMING_EMAIL", "", ("inbound", None)),
        ("FORWARDED_EMAIL", "SENT", (None, "closed")),
    ],
)
def test_an_email_goes_out_comes_in_or_failed(
    portal: FactPortal, direction: str, status: str, told: tuple[str | None, str | None]
) -> None:
    portal.log("emails", hs_email_direction=direction, hs_email_status=status)
    row = only(portal.rows(EMAILS))
    assert (row["direction"], row["state"]) == told
    assert (row["subtype"], row["kind"]) == (direction, "email")


@pytest.mark.parametrize(
    ("outcome", "state", "happened"),
    [
        ("COMPLETED", "closed", True),
        ("NO_SHOW", "closed", True),
        ("SCHEDULED", None, True),
        ("RESCHEDULED", "cancelled", False),
        ("CANCELED", "cancelled", False),
    ],
)
def test_a_meeting_happens_when_it_starts_and_not_if_it_was_called_off(
    portal: FactPortal, outcome: str, state: str | None, happened: bool
) -> None:
    start = "2026-11-18T08:00:00Z"
    portal.log("meetings", hs_meeting_outcome=outcome, hs_meeting_start_time=start)
    row = only(portal.rows(MEETINGS))
    assert (row["state"], row["outcome"]) == (state, outcome)
    assert row["happened_at"] == ("2026-11-18T08:00:00.000Z" if happened else None)


def test_a_task_is_due_on_a_day_where_the_portal_is_and_happens_when_it_is_done(
    portal: FactPortal,
) -> None:
    """Half past eleven in the evening in London is the next day in Madrid."""
    due = {"hs_timestamp": "2026-11-25T23:30:00Z"}
    portal.world.put("tasks", {"hs_task_subject": "to do", "hs_task_type": "CALL", **due})
    done = {"hs_task_status": "COMPLETED", "hs_task_completion_date": "2026-11-19T09:00:00Z"}
    portal.world.put("tasks", {"hs_task_subject": "done", **due, **done})
    to_do, done_ = portal.rows(TASKS)
    assert (to_do["state"], to_do["happened_at"], to_do["day"]) == ("open", None, "2026-11-26")
    assert (to_do["kind"], to_do["subtype"], to_do["precision"]) == ("task", "CALL", None)
    assert (done_["state"], done_["happened_at"]) == ("closed", "2026-11-19T09:00:00.000Z")


def test_a_completed_task_without_its_moment_is_no_instant(portal: FactPortal) -> None:
    portal.log("tasks", hs_task_status="COMPLETED")

    def untold(page: Any) -> Any:
        page["results"][0]["properties"]["hs_task_completion_date"] = None
        return page

    portal.proxy.only, portal.proxy.faults = "/objects/tasks?", [rewrites(untold)]
    row = only(portal.rows(TASKS))
    assert (row["happened_at"], row["precision"], row["day"]) == (None, "unknown", "2026-11-19")


def test_what_is_written_in_an_activity_is_never_asked_for(portal: FactPortal) -> None:
    portal.log("notes", hs_note_body="secret")
    portal.log("emails", hs_email_direction="EMAIL", hs_email_text="secret", hs_email_html="secret")
    told = portal.facts()
    bodies = (
        "note_body",
        "email_text",
        "email_html",
        "preview",
        "headers",
        "task_body",
        "notes%2C",
    )
    paths = [one.path for one in portal.proxy.seen if "/objects/" in one.path]
    assert not [path for path in paths if any(body in path for body in bodies)]
    assert not [row for table in told.values() for row in table.rows if "secret" in row.values()]
    assert only(told[NOTES].rows)["happened_at"] == "2026-11-19T10:00:00.000Z"


def test_an_outcome_nobody_knows_stays_as_it_is(portal: FactPortal) -> None:
    portal.log("calls", hs_call_disposition="11111111-2222-3333-4444-555555555555")
    assert only(portal.rows(CALLS))["outcome"] == "11111111-2222-3333-4444-555555555555"


def test_outcomes_that_may_not_be_listed_cost_their_labels_and_no_more(portal: FactPortal) -> None:
    portal.log("calls", hs_call_disposition=CONNECTED)
    portal.proxy.only = "/calling/v1"
    portal.proxy.always = says(404, {"status": "error", "message": "no"})
    assert only(portal.rows(CALLS))["outcome"] == CONNECTED


def test_a_user_who_is_no_owner_is_still_somebody(portal: FactPortal) -> None:
    portal.log("calls", hs_created_by="9")
    assert only(portal.rows(CALLS))["created_by"] == "user:9"


def test_activities_days_says_how_far_back_and_a_late_one_still_counts(portal: FactPortal) -> None:
    """One of January is left out, but not one that was changed or is dated since."""
    old = {"hs_timestamp": "2026-01-05T08:00:00Z"}
    stamps = dict.fromkeys(("hs_createdate", "hs_lastmodifieddate"), "2026-01-05T08:00:00Z")
    portal.world.put("calls", {"hs_call_title": "old", **old, **stamps})
    portal.world.put(
        "calls", {"hs_call_title": "ahead", "hs_timestamp": "2026-11-18T08:00:00Z", **stamps}
    )
    portal.world.put("calls", {"hs_call_title": "changed", **old})
    assert len(portal.rows(CALLS)) == 3
    told = portal.facts(activities_days="30")[CALLS]
    assert sorted(row["subject"] for row in told.rows) == ["ahead", "changed"]
    assert told.fact.since == "2026-10-21T00:00:00Z"


def test_more_activities_than_one_read_of_ties_holds_come_with_all_of_theirs(
    portal: FactPortal, ana: str
) -> None:
    made = [portal.log("notes", {"contacts": ana}) for _ in range(1001)]
    rows = portal.rows(NOTES)
    assert [row["id"] for row in rows] == made
    assert {row["about"] for row in rows} == {f"contacts|{ana}"}


def test_an_activity_with_more_people_than_a_page_of_ties_names_all(portal: FactPortal) -> None:
    people = [portal.world.put("contacts", {"email": f"p{at}@acme.example"}) for at in range(501)]
    call = portal.log("calls")
    for one in people:
        portal.world.associate("calls", call, "contacts", one, [194])
    about = only(portal.rows(CALLS))["about"].split(";")
    assert sorted(about) == sorted(f"contacts|{one}" for one in people)


def test_a_property_that_is_hidden_takes_its_column_along_and_is_no_blank(
    portal: FactPortal,
) -> None:
    portal.log("calls", hs_call_title="Hello")

    def without(page: Any) -> Any:
        kept = [one for one in page["results"] if one["name"] != "hs_call_direction"]
        return {**page, "results": kept}

    portal.proxy.only, portal.proxy.faults = "/properties/calls", [rewrites(without)]
    told = portal.facts()[CALLS]
    assert "direction" not in told.fact.columns
    assert only(told.rows)["subject"] == "Hello"
