"""Tasks and events of an org as activities, and the people of those that several share.

| Salesforce | is told as |
|---|---|
| Task, by TaskSubtype, else CallType or Type | call, email, or task |
| Event | meeting; its `Type` stays as the subtype |
| CompletedDateTime of a closed task | `happened_at` |
| ActivityDate of a closed task without that one | the `day`, and no instant |
| StartDateTime of an event | `happened_at`; an all-day event has only its `day` |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmsync.connectors.facts import ACTIVITIES, ACTIVITY_PEOPLE
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.sources import Column, Rows, Source, Texts
from crmsync.connectors.salesforce.values import as_they_are, booleans, instants, references

# Key prefixes that are the same in every org: SFDO-Tooling/CumulusCI recordings (read 2026-11)
OBJECT_OF = {
    "001": "Account",
    "003": "Contact",
    "00Q": "Lead",
    "006": "Opportunity",
    "701": "Campaign",
}
# Task, TaskSubtype: developer.salesforce.com, object reference (read 2026-11)
_KINDS = {"Call": "call", "Email": "email", "ListEmail": "email"}
_TYPES = {"Call": "call", "Email": "email", "Meeting": "meeting"}
_DIRECTIONS = {"Inbound": "inbound", "Outbound": "outbound", "Internal": "internal"}
Values = Sequence[Any]


def object_of(id_: str) -> str:
    """The object that an id belongs to, "" for one that is not among those every org has."""
    return OBJECT_OF.get(id_[:3], "")


def activity_sources(since: str) -> list[Source]:
    """Tasks and events changed or dated since an instant, then the people who share them."""
    return [
        _source("Task", _TASK, since),
        _source("Event", _EVENT, since),
        _people("TaskWhoRelation", "TaskId", "Task"),
        _people("EventWhoRelation", "EventId", "Event"),
    ]


# A series stands beside its occurrences, as a record of its own (IsRecurrence, or GroupEventType 3), and an
# invited user has a child of the event: developer.salesforce.com, Change Data Capture, Recurring Activities
# and Event Invitees (read 2026-11)
_NO_DOUBLES = {
    "IsRecurrence": "IsRecurrence = false",
    "IsChild": "IsChild = false",
    "GroupEventType": "GroupEventType != '3'",
}


def _source(object_: str, columns: tuple[Column, ...], since: str) -> Source:
    def where(visible: frozenset[str]) -> str:
        # Not SystemModstamp, which archiving moves: everything that turned one would come.
        dated = f" OR ActivityDate >= {since[:10]}" if "ActivityDate" in visible else ""
        tests = [f"(LastModifiedDate >= {since}{dated})", "IsDeleted = false"]
        return " AND ".join(
            [*tests, *(test for name, test in _NO_DOUBLES.items() if name in visible)]
        )

    return Source(
        table=f"{ACTIVITIES}.{object_}",
        object=object_,
        columns=columns,
        asks=tuple(dict.fromkeys(name for column in columns for name in column.inputs)),
        needs=("Id", "CreatedDate", "LastModifiedDate", "WhoId", "WhatId"),
        where=where,
        since=since,
        # Closed tasks and past events of more than a year ago: help.salesforce.com, Archived Activities
        archived=True,
    )  # fmt: skip


def _people(object_: str, activity: str, of: str) -> Source:
    """Everybody on shared activities; there is no such object in orgs that do not share them.

    Neither deleted nor archived rows can be asked for: developer.salesforce.com, TaskWhoRelation (read 2026-11).
    """
    columns = (
        Column("activity_id", (activity,), references),
        Column("object", ("RelationId",), _objects),
        Column("record_id", ("RelationId",), references),
    )
    asks = ("Id", activity, "RelationId")
    table = f"{ACTIVITY_PEOPLE}.{of}"
    return Source(table, object_, columns, asks, asks, optional=True, unfold=_with_person)


def _with_person(rows: Rows) -> Rows:
    return [row for row in rows if row["RelationId"]]


def _objects(ids: Values) -> Texts:
    return [object_of(each) or None for each in ids]


def _task_kinds(subtypes: Values, types: Values, calls: Values) -> Texts:
    found = zip(subtypes, types, calls, strict=True)
    return [_task_kind(subtype, type_, call) for subtype, type_, call in found]


def _task_kind(subtype: str | None, type_: str | None, call: str | None) -> str:
    if subtype in _KINDS:
        return _KINDS[subtype]
    return "call" if call else _TYPES.get(type_ or "", "task")


def _directions(calls: Values, subtypes: Values) -> Texts:
    """What a call says; a mailing goes out; of one e-mail a task does not say who wrote it."""
    return [
        "outbound" if subtype == "ListEmail" else _DIRECTIONS.get(call or "")
        for call, subtype in zip(calls, subtypes, strict=True)
    ]


def _done_at(closed: Values, done: Values) -> Texts:
    return [at if is_closed is not False else None
            for is_closed, at in zip(closed, instants(list(done)), strict=True)]  # fmt: skip


def _task_precisions(closed: Values, done: Values, days: Values) -> Texts:
    found = zip(closed, done, days, strict=True)
    return [_task_precision(*each) for each in found]


def _task_precision(closed: bool | None, done: str | None, day: str | None) -> str | None:
    """Blank for what is still to be done; a task that does not say whether it is closed may be that."""
    if not closed:
        return None
    return "instant" if done else "day" if day else "unknown"


def _states(closed: Values) -> Texts:
    return [None if each is None else "closed" if each else "open" for each in closed]


def _ties(who: Values, what: Values) -> Texts:
    return [_tied(pair) for pair in zip(who, what, strict=True)]


def _tied(ids: tuple[str | None, ...]) -> str | None:
    return ";".join(f"{object_of(each)}|{id18(each)}" for each in ids if each) or None


def _meetings(ids: Values) -> Texts:
    return ["meeting"] * len(ids)


def _starts(starts: Values, whole_days: Values) -> Texts:
    return [
        None if is_whole else at
        for at, is_whole in zip(instants(list(starts)), whole_days, strict=True)
    ]


def _event_days(days: Values, whole_days: Values) -> Texts:
    """The day of an all-day event. Of any other it would only repeat the start, cut in one time zone."""
    return [day if is_whole else None for day, is_whole in zip(days, whole_days, strict=True)]


def _event_precisions(starts: Values, whole_days: Values) -> Texts:
    return [
        "day" if is_whole else "instant" if at else "unknown"
        for at, is_whole in zip(starts, whole_days, strict=True)
    ]


_COMMON = (
    Column("id", ("Id",), references),
    Column("created_at", ("CreatedDate",), instants),
    Column("about", ("WhoId", "WhatId"), _ties),
    Column("owner_id", ("OwnerId",), references),
    Column("created_by", ("CreatedById",), references),
    Column("subject", ("Subject",), as_they_are),
    Column("archived", ("IsArchived",), booleans),
)
_TASK = (
    *_COMMON,
    Column("kind", ("TaskSubtype", "Type", "CallType"), _task_kinds),
    Column("subtype", ("TaskSubtype",), as_they_are),
    Column("direction", ("CallType", "TaskSubtype"), _directions),
    Column("happened_at", ("IsClosed", "CompletedDateTime"), _done_at),
    # The due date, or the day a call was logged for: a date only, never moved into a time zone
    # (developer.salesforce.com, Task, ActivityDate; read 2026-11)
    Column("day", ("ActivityDate",), as_they_are),
    Column("precision", ("IsClosed", "CompletedDateTime", "ActivityDate"), _task_precisions),
    Column("state", ("IsClosed",), _states),
    Column("outcome", ("CallDisposition",), as_they_are),
)
_EVENT = (
    *_COMMON,
    Column("kind", ("Id",), _meetings),
    Column("subtype", ("Type",), as_they_are),
    Column("happened_at", ("StartDateTime", "IsAllDayEvent"), _starts),
    Column("day", ("ActivityDate", "IsAllDayEvent"), _event_days),
    Column("precision", ("StartDateTime", "IsAllDayEvent"), _event_precisions),
)
