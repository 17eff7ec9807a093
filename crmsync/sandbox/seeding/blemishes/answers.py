"""Leads that were answered late or never, deals nobody plans for, and calls whose date or outcome says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crmsync.sandbox.seeding.blemishes.customers import a_company, a_contact, a_deal
from crmsync.sandbox.seeding.blemishes.world import Made, World, new_ids
from crmsync.sandbox.seeding.ids import salesforce_id
from crmsync.sandbox.seeding.truth import Planted

_SALESFORCE = ("salesforce",)


def answered_late(world: World) -> Iterator[Planted]:
    """Somebody became an MQL and was called the day after, in an org that works round the clock."""
    contact = a_contact(world)
    world.change(contact, "hubspot", lifecyclestage="marketingqualifiedlead")
    _call(world, contact, 19)
    yield world.found("S01", contact, "hubspot", "called a day after the hand-off")


def never_answered(world: World) -> Iterator[Planted]:
    """A lead of the web site, three months old, that nobody has called."""
    number = world.serial()
    lead = Made("lead", number, new_ids("lead", number, _SALESFORCE))
    changed = f"{world.day(20)}T09:00:00.000+0000"
    values = {
        **{"Email": f"marta.vidal@persona-{number}.example", "FirstName": "Marta"},
        **{"LastName": "Vidal Roca", "Company": f"Persona {number}", "Country": "Spain"},
        **{"Status": "Open - Not Contacted", "IsConverted": False, "LeadSource": "Web"},
        **{"CreatedDate": f"{world.day(90)}T09:00:00.000+0000", "LastModifiedDate": changed},
        **{"SystemModstamp": changed, "OwnerId": world.owners[0]["salesforce"]},
    }
    world.put("salesforce", "Lead", lead.ids["salesforce"], values)
    yield world.found("S02", lead, "salesforce", "a lead of the web site that nobody called")


def without_a_plan(world: World) -> Iterator[Planted]:
    """An open deal without a next step."""
    company = a_company(world, _SALESFORCE)
    contact = a_contact(world, company, _SALESFORCE)
    deal = a_deal(world, company, contact, _SALESFORCE)
    world.change(deal, "salesforce", NextStep=None)
    yield world.found("S03", deal, "salesforce", "no next step, no open task")


def dated_before_birth(world: World) -> Iterator[Planted]:
    """A call of half a year ago with somebody who was entered three months ago."""
    contact = a_contact(world, a_company(world, _SALESFORCE), _SALESFORCE)
    # Entered in a minute of their own: many at once would be an import
    minute = f"{contact.number // 60 % 24:02d}:{contact.number % 60:02d}"
    world.change(contact, "salesforce", CreatedDate=f"{world.day(90)}T{minute}:00.000+0000")
    task = _call(world, contact, 200, made=f"{world.day(60)}T{minute}:00.000+0000")
    yield Planted("S05", "salesforce", "Task", task, "dated before the contact was there")


def outcome_of_ones_own(world: World) -> Iterator[Planted]:
    """A call whose outcome nobody can count."""
    contact = a_contact(world, a_company(world, _SALESFORCE), _SALESFORCE)
    task = _call(world, contact, 30, CallDisposition=f"Ver notas {contact.number}")
    yield Planted("S06", "salesforce", "Task", task, "an outcome of the org's own")


def _call(world: World, contact: Made, days: int, made: str = "", **more: Any) -> str:
    """A call of ours with somebody so many days ago, put down then unless said otherwise; its id."""
    at = f"{world.day(days)}T11:00:00.000+0000"
    put_down = made or at
    id_ = salesforce_id("Task", world.serial())
    owner = world.rows["salesforce"]["Contact"][contact.ids["salesforce"]]["OwnerId"]
    values = {
        **{"Subject": "Call", "TaskSubtype": "Call", "CallType": "Outbound", "Status": "Completed"},
        **{"CallDisposition": "No answer", "CompletedDateTime": at, "ActivityDate": at[:10]},
        **{"CreatedDate": put_down, "LastModifiedDate": put_down, "CreatedById": owner},
        **{"WhoId": contact.ids["salesforce"], "OwnerId": owner},
    }
    return world.put("salesforce", "Task", id_, values | more)


BLEMISHES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "S01": answered_late,
    "S02": never_answered,
    "S03": without_a_plan,
    "S05": dated_before_birth,
    "S06": outcome_of_ones_own,
}
