"""What people did with the invented customers of Salesforce: tasks, events, campaigns, field history.

Chance of its own, so that customers and defects are the same with it as without. Nothing is planted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from crmsync.sandbox.seeding.drafts import Deal, Draft, Owner, Person
from crmsync.sandbox.seeding.ids import salesforce_id
from crmsync.sandbox.seeding.rows import NativeRow, clock_time, filled

SYSTEM = "salesforce"
_TOUCHES = (0, 1, 2, 3, 5)
_HOW_MANY = (30, 28, 20, 14, 8)
_OUTCOMES = ("Reached", "Left voicemail", "No answer", "Busy", "Wrong number")
_FAIRS = (
    ("Feria de Madrid", "Trade Show"),
    ("Webinar de otoño", "Webinar"),
    ("Newsletter", "Email"),
    ("Jornada de clientes", "Conference"),
)
_STAGES = ("Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review")
_STATUSES = ("Open - Not Contacted", "Working - Contacted")
_SECOND_HISTORY = (
    10**7
)  # ids of all histories begin alike, so each object counts from a number of its own


def fact_rows(
    draft: Draft, rows: dict[str, tuple[NativeRow, ...]], seed: int
) -> dict[str, tuple[NativeRow, ...]]:
    """Object name -> rows, in the order in which they can be loaded, after the records in `rows`."""
    rng = Random(f"facts {seed}")  # noqa: S311  (invented data, no secret)
    people = [person for person in draft.people if person.ids.get(SYSTEM)]
    deals = [deal for deal in draft.deals if SYSTEM in deal.systems]
    users = {row.id for row in rows["User"]}
    campaigns, members = _campaigns(rng, draft.as_of, people)
    return {
        "Task": tuple(_numbered("Task", _tasks(rng, draft.as_of, people, users))),
        "Event": tuple(_numbered("Event", _events(rng, draft.as_of, deals, users))),
        "Campaign": tuple(campaigns),
        "CampaignMember": tuple(members),
        "LeadHistory": tuple(_numbered("LeadHistory", _moves_of_leads(rows["Lead"]))),
        "OpportunityFieldHistory": tuple(
            _numbered(
                "OpportunityFieldHistory",
                _moves_of_deals(rows["Opportunity"]),
                first=_SECOND_HISTORY,
            )
        ),
    }


def _numbered(
    name: str, values: Iterator[dict[str, Any]], *, first: int = 1
) -> Iterator[NativeRow]:
    for serial, each in enumerate(values, first):
        yield NativeRow(salesforce_id(name, serial), filled(each))


def _at(day: date, serial: int) -> str:
    return f"{day}T{clock_time(serial)}+0000"


def _day(rng: Random, first: date, as_of: date) -> date:
    """A day from `first` on and before `as_of`."""
    return first + timedelta(days=rng.randrange(max((as_of - first).days, 1)))


def _owner(owner: Owner, users: set[str]) -> str | None:
    """The owner's user, None for somebody who has none there: then it is the API's own."""
    id_ = salesforce_id("User", owner.number)
    return id_ if id_ in users else None


def _tasks(
    rng: Random, as_of: date, people: list[Person], users: set[str]
) -> Iterator[dict[str, Any]]:
    """Calls and e-mails with people, the most of them done."""
    for person in people:
        for _ in range(rng.choices(_TOUCHES, _HOW_MANY)[0]):
            day, serial = _day(rng, person.created, as_of), rng.randrange(10**6)
            yield {**_touch(rng, day, serial), **_about(person, users)}


def _about(person: Person, users: set[str]) -> dict[str, Any]:
    user = _owner(person.owner, users)
    return {"WhoId": person.ids[SYSTEM][0], "OwnerId": user, "CreatedById": user}


def _touch(rng: Random, day: date, serial: int) -> dict[str, Any]:
    at = _at(day, serial)
    stamps = {"CreatedDate": at, "LastModifiedDate": at, "ActivityDate": day.isoformat()}
    if rng.random() < 0.12:
        return {**stamps, "Subject": "Follow up", "TaskSubtype": "Task", "Status": "Not Started"}
    done = {**stamps, "Status": "Completed", "CompletedDateTime": at}
    if rng.random() < 0.4:
        return {**done, "Subject": "Email: offer", "TaskSubtype": "Email"}
    return {
        **done,
        "Subject": "Call",
        "TaskSubtype": "Call",
        "CallType": "Inbound" if rng.random() < 0.2 else "Outbound",
        "CallDisposition": rng.choice(_OUTCOMES),
        "CallDurationInSeconds": rng.randrange(20, 1500),
    }


def _events(
    rng: Random, as_of: date, deals: list[Deal], users: set[str]
) -> Iterator[dict[str, Any]]:
    """Meetings about deals with the first of their people."""
    for deal in deals:
        if deal.roles and rng.random() < 0.6:
            day, serial = _day(rng, deal.created, as_of), rng.randrange(10**6)
            person, _ = deal.roles[0]
            stamp = _at(deal.created, serial)
            yield {
                "Subject": "Meeting",
                "WhatId": deal.ids[SYSTEM],
                "StartDateTime": f"{day}T10:00:00.000+0000",
                "EndDateTime": f"{day}T11:00:00.000+0000",
                "CreatedDate": stamp,
                "LastModifiedDate": stamp,
                **_about(person, users),
            }


def _campaigns(
    rng: Random, as_of: date, people: list[Person]
) -> tuple[list[NativeRow], list[NativeRow]]:
    """Campaigns of the last year, and who was invited to them."""
    campaigns: list[NativeRow] = []
    members: list[NativeRow] = []
    for number, (name, kind) in enumerate(_FAIRS, 1):
        day = as_of - timedelta(days=60 * number)
        values = {
            "Name": name, "Type": kind, "Status": "Completed", "StartDate": day.isoformat(),
            "EndDate": day.isoformat(), "CreatedDate": _at(day - timedelta(days=30), number),
        }  # fmt: skip
        campaigns.append(NativeRow(salesforce_id("Campaign", number), values))
        for person in people:
            if person.created < day and rng.random() < 0.12:
                id_ = salesforce_id("CampaignMember", len(members) + 1)
                member = _member(rng, campaigns[-1].id, person, day)
                members.append(NativeRow(id_, member))
    return campaigns, members


def _member(rng: Random, campaign: str, person: Person, day: date) -> dict[str, Any]:
    id_ = person.ids[SYSTEM][0]
    return {
        "CampaignId": campaign,
        "ContactId" if id_.startswith("003") else "LeadId": id_,
        "Status": "Responded" if rng.random() < 0.3 else "Sent",
        "CreatedDate": _at(day - timedelta(days=10), person.number),
    }


def _moves_of_leads(leads: tuple[NativeRow, ...]) -> Iterator[dict[str, Any]]:
    """From the first status on to the one a lead has."""
    for row in leads:
        yield from _moves(row, "LeadId", "Status", _STATUSES)


def _moves_of_deals(deals: tuple[NativeRow, ...]) -> Iterator[dict[str, Any]]:
    """From the first stage on to the one an opportunity has."""
    for row in deals:
        yield from _moves(row, "OpportunityId", "StageName", _STAGES)


def _moves(
    row: NativeRow, parent: str, field: str, ladder: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """A step a rung between creation and last change; the last one came with that change."""
    now = row.values[field]
    rungs = [*ladder[: ladder.index(now)], now] if now in ladder else [*ladder, now]
    first, last = (date.fromisoformat(row.values[n][:10]) for n in ("CreatedDate", "LastModifiedDate"))  # fmt: skip
    for place, (old, new) in enumerate(pairwise(rungs), 1):
        part = (last - first) * place / (len(rungs) - 1)
        time = row.values["LastModifiedDate"][10:]
        yield {
            parent: row.id,
            "Field": field,
            "OldValue": old,
            "NewValue": new,
            "CreatedDate": f"{first + part}{time}",
            "CreatedById": row.values["OwnerId"],
        }
