"""Activities, campaigns and calendars of an org: what is told, what is left out and says so, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.fact_org import FactOrg, fact_org, rows_of
from crmsync.connectors.facts import FactConnector
from crmsync.connectors.files.connector import FilesConnector
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.errors import AccessDenied, AnswerBroken, ConfigInvalid
from crmsync.sandbox.salesforce.becoming import convert_lead
from crmsync.testing.proxy import Proxy, drops, rewrites, says

TASKS, EVENTS = "_activities.Task", "_activities.Event"


@pytest.fixture
def org() -> Iterator[FactOrg]:
    with fact_org() as org:
        yield org


@pytest.fixture
def lead(org: FactOrg) -> str:
    return org.world.put("Lead", {"LastName": "Gil", "Company": "Uno"})


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    [row] = rows
    return row


# -- activities ------------------------------------------------------------------------------


def test_a_call_that_was_made_is_told_whole(org: FactOrg, lead: str) -> None:
    account = org.world.put("Account", {"Name": "Acme"})
    task = org.world.put(
        "Task",
        {"WhoId": lead, "WhatId": account, "Status": "Completed", "TaskSubtype": "Call",
         "CallType": "Outbound", "CallDisposition": "left a message", "Subject": "Call Gil",
         "ActivityDate": "2026-11-18", "CompletedDateTime": "2026-11-18T17:58:00.000+0000",
         "CreatedDate": "2026-11-18T17:59:00.000+0000"},
    )  # fmt: skip
    row = only(org.rows(TASKS))
    assert row == {
        "id": task,
        "created_at": "2026-11-18T17:59:00.000Z",
        "about": f"Lead|{lead};Account|{account}",
        "owner_id": org.world.user_id,
        "created_by": org.world.user_id,
        "subject": "Call Gil",
        "archived": "false",
        "kind": "call",
        "subtype": "Call",
        "direction": "outbound",
        "happened_at": "2026-11-18T17:58:00.000Z",
        "day": "2026-11-18",
        "precision": "instant",
        "state": "closed",
        "outcome": "left a message",
    }


@pytest.mark.parametrize(
    ("values", "kind", "direction"),
    [
        ({"TaskSubtype": "Call", "CallType": "Inbound"}, "call", "inbound"),
        ({"TaskSubtype": "Task", "CallType": "Internal"}, "call", "internal"),
        ({"TaskSubtype": "Task", "Type": "Call"}, "call", None),
        ({"TaskSubtype": "Email"}, "email", None),
        ({"TaskSubtype": "ListEmail"}, "email", "outbound"),
        ({"TaskSubtype": "Task", "Type": "Meeting"}, "meeting", None),
        ({"TaskSubtype": "Task"}, "task", None),
    ],
)
def test_a_task_is_what_its_subtype_and_its_call_say(
    org: FactOrg, values: dict[str, str], kind: str, direction: str | None
) -> None:
    org.world.put("Task", {**values, "Status": "Completed"})
    row = only(org.rows(TASKS))
    assert (row["kind"], row["direction"]) == (kind, direction)


def test_a_day_is_never_made_an_instant(org: FactOrg) -> None:
    """A closed task without the time of its completion, as older orgs have them."""
    day = {"ActivityDate": "2026-11-19"}
    task = org.world.put("Task", {"Status": "Completed", **day})
    org.world.tables.put(
        "Task", task, {**(org.world.rows.get("Task", task) or {}), "CompletedDateTime": None}
    )
    row = only(org.rows(TASKS))
    assert (row["happened_at"], row["day"], row["precision"]) == (None, "2026-11-19", "day")


def test_a_task_that_is_still_to_be_done_did_not_happen(org: FactOrg) -> None:
    org.world.put("Task", {"ActivityDate": "2026-11-25"})
    row = only(org.rows(TASKS))
    assert (row["state"], row["happened_at"], row["precision"]) == ("open", None, None)
    assert row["day"] == "2026-11-25"


def test_an_event_happens_when_it_starts_whatever_the_zone_it_was_booked_in(org: FactOrg) -> None:
    org.world.put(
        "Event",
        {"StartDateTime": "2026-03-29T01:30:00+02:00", "EndDateTime": "2026-03-29T02:30:00+02:00"},
    )
    row = only(org.rows(EVENTS))
    assert (row["kind"], row["happened_at"]) == ("meeting", "2026-03-28T23:30:00.000Z")
    assert (row["day"], row["precision"]) == (None, "instant")


def test_an_event_of_a_whole_day_has_only_the_day(org: FactOrg) -> None:
    midnight = "2026-11-12T00:00:00Z"
    org.world.put("Event", {"IsAllDayEvent": True, "StartDateTime": midnight})
    row = only(org.rows(EVENTS))
    assert (row["happened_at"], row["day"], row["precision"]) == (None, "2026-11-12", "day")


def test_archived_activities_are_read_and_deleted_ones_are_not(org: FactOrg) -> None:
    old = {"Status": "Completed", "CreatedDate": "2025-11-01T08:00:00.000+0000",
           "LastModifiedDate": "2025-11-01T08:00:00.000+0000", "ActivityDate": "2025-11-01"}  # fmt: skip
    archived = org.world.put("Task", old)
    org.world.put("Task", {"IsDeleted": True})
    assert (org.world.rows.get("Task", archived) or {})["IsArchived"]
    row = only(org.rows(TASKS))
    assert (row["id"], row["archived"]) == (archived, "true")


def test_activities_days_says_how_far_back_and_a_late_one_still_counts(org: FactOrg) -> None:
    stamps = dict.fromkeys(("CreatedDate", "LastModifiedDate"), "2026-01-05T08:00:00.000+0000")
    org.world.put("Task", {"Subject": "old", "ActivityDate": "2026-01-05", **stamps})
    org.world.put("Task", {"Subject": "booked long ago", "ActivityDate": "2026-11-18", **stamps})
    org.world.put("Task", {"Subject": "new"})
    assert len(org.rows(TASKS)) == 3
    told = org.facts(activities_days="30")[TASKS]
    assert sorted(row["subject"] for row in told.rows) == ["booked long ago", "new"]
    assert told.fact.since == "2026-10-21T00:00:00Z"


def test_activities_of_a_converted_lead_name_the_contact(org: FactOrg, lead: str) -> None:
    org.world.put("Task", {"WhoId": lead})
    contact = convert_lead(org.world, {"lead": lead})["contact"]
    assert only(org.rows(TASKS))["about"] == f"Contact|{contact}"


def test_short_ids_become_whole_ones(org: FactOrg, lead: str) -> None:
    org.world.put("Task", {"WhoId": lead})

    def shorter(page: Any) -> Any:
        for row in page["records"]:
            for name in ("Id", "WhoId", "OwnerId"):
                row[name] = row[name][:15]
        return page

    org.proxy.only, org.proxy.faults = "FROM+Task+", [rewrites(shorter)]
    row = only(org.rows(TASKS))
    assert (row["about"], row["owner_id"]) == (f"Lead|{lead}", org.world.user_id)
    assert not org.proxy.faults


def test_what_an_activity_is_about_is_kept_though_its_object_is_not_known(org: FactOrg) -> None:
    org.world.put("Task", {})

    def custom(page: Any) -> Any:
        page["records"][0]["WhatId"] = "a01000000000001AAA"
        return page

    org.proxy.only, org.proxy.faults = "FROM+Task+", [rewrites(custom)]
    assert only(org.rows(TASKS))["about"] == "|a01000000000001AAA"


@pytest.mark.parametrize(
    ("name", "value"), [("IsChild", True), ("IsRecurrence", True), ("GroupEventType", "3")]
)
def test_the_copies_of_invited_users_and_of_series_are_no_events(
    org: FactOrg, name: str, value: Any
) -> None:
    start = {"StartDateTime": "2026-11-19T10:00:00Z"}
    event = org.world.put("Event", start)
    org.world.put("Event", {**start, name: value})
    assert only(org.rows(EVENTS))["id"] == event


def test_everybody_on_a_shared_activity_is_told_where_there_are_such(
    org: FactOrg, lead: str
) -> None:
    assert "_activity_people.Task" not in org.facts(), "an org that shares none misses nothing"
    task, other = "00TSb0000000001MAA", "003Sb0000000002MAA"
    names = ("Id", "TaskId", "RelationId")
    rows = [dict(zip(names, ("0RTa", task, who), strict=True)) for who in (lead[:15], None)]
    rows[1] |= {"Id": "0RTb", "RelationId": other}
    described = {"fields": [{"name": name, "type": "reference"} for name in names]}
    page = {"totalSize": 2, "done": True, "records": rows}
    org.proxy.only = "TaskWhoRelation"
    org.proxy.faults = [says(200, described), says(200, page)]
    assert org.rows("_activity_people.Task") == [
        {"activity_id": task, "object": "Lead", "record_id": lead},
        {"activity_id": task, "object": "Contact", "record_id": other},
    ]


def test_more_activities_than_a_page_holds_come_whole(org: FactOrg) -> None:
    for at in range(2001):
        org.world.put("Task", {"Subject": str(at)})
    assert len({row["subject"] for row in org.rows(TASKS)}) == 2001
    assert org.proxy.count("queryAll/") == 2
    assert org.proxy.count("/query/01g") == 1


# -- what cannot be read ---------------------------------------------------------------------


def refusing(proxy: Proxy, part: str, status: int, code: str) -> None:
    proxy.only = part
    proxy.always = says(status, [{"errorCode": code, "message": "no"}])


@pytest.mark.parametrize(
    ("part", "status", "code"),
    [
        ("sobjects/Task/describe", 404, "NOT_FOUND"),
        ("FROM+Task+", 400, "INVALID_TYPE"),
        ("FROM+Task+", 403, "INSUFFICIENT_ACCESS"),
    ],
)
def test_what_may_not_be_read_says_why_and_ends_nothing(
    org: FactOrg, part: str, status: int, code: str
) -> None:
    org.world.put("Event", {"StartDateTime": "2026-11-19T10:00:00Z"})
    refusing(org.proxy, part, status, code)
    told = org.facts()
    assert code in told[TASKS].fact.unread
    assert told[TASKS].rows == []
    assert len(told[EVENTS].rows) == 1
    assert not told[EVENTS].fact.unread


def test_a_credential_that_is_not_accepted_is_no_gap_in_the_facts(org: FactOrg) -> None:
    refusing(org.proxy, "sobjects/Campaign/", 401, "INVALID_SESSION_ID")
    with pytest.raises(AccessDenied):
        org.facts()


def test_a_hidden_field_takes_its_columns_along_and_is_no_blank(org: FactOrg) -> None:
    org.world.put("Task", {"TaskSubtype": "Call", "CallDisposition": "reached"})
    org.world.hide_field("Task", "CallDisposition")
    org.world.hide_field("Task", "CallType")
    told = org.facts()[TASKS]
    assert "outcome" not in told.fact.columns
    assert only(told.rows)["kind"] == "call"
    assert "direction" in told.fact.columns, "a mailing still says that it goes out"


def test_activities_without_those_they_are_about_are_not_read(org: FactOrg) -> None:
    org.world.put("Task", {})
    org.world.hide_field("Task", "WhoId")
    told = org.facts()[TASKS]
    assert told.fact.unread == "Task: field-level security hides WhoId"
    assert told.rows == []


def test_a_page_that_leaves_rows_out_is_a_broken_read(org: FactOrg) -> None:
    for at in range(3):
        org.world.put("Task", {"Subject": str(at)})

    def skips(page: Any) -> Any:
        return {**page, "records": page["records"][1:]}

    org.proxy.only, org.proxy.faults = "FROM+Task+", [rewrites(skips)]
    with pytest.raises(AnswerBroken, match="2 records came of 3"):
        org.facts()


@pytest.mark.parametrize("fault", [drops, says(503, b""), says(200, b"{}")])
def test_an_org_that_stops_answering_leaves_a_broken_read_and_no_gap(
    org: FactOrg, fault: Any
) -> None:
    org.proxy.only, org.proxy.always = "FROM+Task+", fault
    tasks = next(org.opens().facts({}))
    assert (tasks.table, tasks.unread) == (TASKS, "")
    with pytest.raises(AnswerBroken):
        rows_of(tasks)


def test_what_the_settings_leave_out_says_so_and_costs_nothing(org: FactOrg) -> None:
    connector = org.opens(activities_days="0", history_days="0", campaigns="false")
    connector.schema("Lead")
    org.proxy.seen.clear()
    told = {fact.table: fact.unread for fact in connector.facts({"Lead": frozenset()})}
    assert told == {
        TASKS: "left out by activities_days: 0",
        EVENTS: "left out by activities_days: 0",
        "_campaigns.Campaign": "left out by campaigns: false",
        "_campaign_members.CampaignMember": "left out by campaigns: false",
        "_calendars.BusinessHours": "",
        "_calendars.Holiday": "",
        "_history.Lead.LeadHistory": "left out by history_days: 0",
    }
    assert not [one.path for one in org.proxy.seen if "Task" in one.path or "Campaign" in one.path]


@pytest.mark.parametrize(
    ("settings", "says_"),
    [
        ({"activities_days": "a year"}, "activities_days 'a year' is no number of days"),
        ({"history_days": "-1"}, "history_days '-1' is no number of days"),
        ({"history_days": "99999999"}, "is no number of days"),
        ({"campaigns": "perhaps"}, "neither true nor false"),
    ],
)
def test_settings_without_sense_are_refused(
    org: FactOrg, settings: dict[str, str], says_: str
) -> None:
    with pytest.raises(ConfigInvalid, match=says_):
        org.opens(**settings)


# -- campaigns and calendars -----------------------------------------------------------------


def test_a_member_is_the_contact_that_its_lead_became(org: FactOrg, lead: str) -> None:
    campaign = org.world.put("Campaign", {"Name": "Fair", "Type": "Trade Show"})
    member = org.world.put(
        "CampaignMember", {"CampaignId": campaign, "LeadId": lead, "Status": "Responded"}
    )
    row = only(org.rows("_campaign_members.CampaignMember"))
    assert (row["object"], row["record_id"]) == ("Lead", lead)
    assert (row["responded"], row["responded_on"]) == ("true", "2026-11-20")
    contact = convert_lead(org.world, {"lead": lead})["contact"]
    row = only(org.rows("_campaign_members.CampaignMember"))
    assert (row["id"], row["object"], row["record_id"]) == (member, "Contact", contact)
    told = only(org.rows("_campaigns.Campaign"))
    assert (told["id"], told["name"], told["type"]) == (campaign, "Fair", "Trade Show")


def test_hours_are_local_times_of_a_zone_and_a_day_off_has_none(org: FactOrg) -> None:
    org.world.put(
        "BusinessHours",
        {"Name": "Madrid", "TimeZoneSidKey": "Europe/Madrid", "IsActive": True,
         "MondayStartTime": "09:00:00.000Z", "MondayEndTime": "18:30:00.000Z",
         "TuesdayStartTime": "00:00:00.000Z", "TuesdayEndTime": "00:00:00.000Z"},
    )  # fmt: skip
    rows = [row for row in org.rows("_calendars.BusinessHours") if row["name"] == "Madrid"]
    assert [(row["weekday"], row["starts"], row["ends"]) for row in rows] == [
        ("1", "09:00", "18:30"),
        ("2", "00:00", "24:00"),
        *((str(day), None, None) for day in range(3, 8)),
    ]
    assert {row["timezone"] for row in rows} == {"Europe/Madrid"}


def test_a_holiday_is_a_day_and_one_that_recurs_says_how(org: FactOrg) -> None:
    org.world.put("Holiday", {"Name": "Once", "ActivityDate": "2026-12-07", "IsAllDay": False,
                              "StartTimeInMinutes": 840, "EndTimeInMinutes": 1110})  # fmt: skip
    org.world.put(
        "Holiday",
        {"Name": "Reyes", "IsRecurrence": True, "RecurrenceStartDate": "2020-01-06",
         "RecurrenceType": "RecursYearly", "RecurrenceMonthOfYear": "January",
         "RecurrenceDayOfMonth": 6},
    )  # fmt: skip
    once, yearly = sorted(org.rows("_calendars.Holiday"), key=lambda row: row["name"])
    assert (once["day"], once["starts"], once["ends"]) == ("2026-12-07", "14:00", "18:30")
    assert (yearly["day"], yearly["starts"], yearly["ends"]) == ("2020-01-06", "00:00", "24:00")
    assert (yearly["recurs"], yearly["month"], yearly["month_day"]) == (
        "RecursYearly",
        "January",
        "6",
    )


def test_telling_facts_is_an_extra_that_not_every_connector_has() -> None:
    assert issubclass(SalesforceConnector, FactConnector)
    assert issubclass(HubspotConnector, FactConnector)
    assert not issubclass(FilesConnector, FactConnector)
