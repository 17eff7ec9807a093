"""Customers of whom the two systems say different things: what the checks between them find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from crmsync.sandbox.seeding.blemishes.customers import a_company, a_contact, a_deal
from crmsync.sandbox.seeding.blemishes.world import World
from crmsync.sandbox.seeding.ids import salesforce_id
from crmsync.sandbox.seeding.rows import Association
from crmsync.sandbox.seeding.truth import Planted

_CHILD_PARENT = (14,)
_CONTACT_MEETING = (199,)
_MEETINGS = 510_000_000_000
"""Ids of meetings begin here."""


def unlinked(world: World) -> Iterator[Planted]:
    """Somebody who is in both systems, and whom the native connector never linked."""
    contact = a_contact(world)
    world.change(contact, "hubspot", salesforcecontactid=None)
    yield world.found("X01", contact, "hubspot", "in both systems without a link")


def another_amount(world: World) -> Iterator[Planted]:
    """A deal that is worth less in HubSpot."""
    company = a_company(world)
    deal = a_deal(world, company, a_contact(world, company))
    world.change(deal, "hubspot", amount="900.00")
    yield world.found("X07", deal, "hubspot", "900 here, 1200 in Salesforce")


def two_in_both(world: World) -> Iterator[Planted]:
    """One deal that somebody entered in each of the systems, under two names."""
    company = a_company(world)
    contact = a_contact(world, company)
    one, other = (a_deal(world, company, contact, (each,)) for each in ("hubspot", "salesforce"))
    world.change(one, "hubspot", dealname="Licencias anuales")
    world.change(other, "salesforce", Name="Licencias", CloseDate=world.day(-63))
    yield world.found("X16", one, "hubspot", "one deal, entered in both")


def another_parent(world: World) -> Iterator[Planted]:
    """A branch that belongs to one group in Salesforce and to another in HubSpot."""
    one, other, branch = a_company(world), a_company(world), a_company(world)
    world.change(branch, "salesforce", ParentId=one.ids["salesforce"])
    world.tie(branch, other, *_CHILD_PARENT)
    yield world.found("X08", branch, "hubspot", "another parent in Salesforce")


def no_such_option(world: World) -> Iterator[Planted]:
    """Somebody whose source in Salesforce is no option of HubSpot's list."""
    contact = a_contact(world)
    world.change(contact, "salesforce", LeadSource="Feria de muestras")
    yield world.found("X09", contact, "salesforce", "no such option in HubSpot")


def twice_there(world: World) -> Iterator[Planted]:
    """Two branches in Salesforce under the name of one company of HubSpot: nobody can tell which of them is meant."""
    one = a_company(world, ("hubspot",))
    called = world.rows["hubspot"]["companies"][one.ids["hubspot"]]["name"]
    for city in ("Vigo", "Lugo"):
        branch = a_company(world, ("salesforce",))
        a_contact(world, branch, ("salesforce",))
        world.change(branch, "salesforce", Name=called, BillingCity=city)
        yield world.found("X12", branch, "salesforce", "twice here, once in HubSpot")


def two_people(world: World) -> Iterator[Planted]:
    """A link between two colleagues."""
    company = a_company(world)
    contact = a_contact(world, company)
    email = f"ignacio.pena@talleres-ejemplo-{company.number}.example"
    world.change(contact, "salesforce", FirstName="Ignacio", Email=email)
    yield world.found("X14", contact, "hubspot", "two people under one link")
    for _ in ("email", "first_name"):
        yield world.found("X15", contact, "hubspot", "another address and name")


def another_city(world: World) -> Iterator[Planted]:
    """Somebody who lives in two cities."""
    contact = a_contact(world)
    world.change(contact, "hubspot", city="Lugo")
    yield world.found("X15", contact, "hubspot", "Lugo here, Madrid in Salesforce")


def other_hours(world: World) -> Iterator[Planted]:
    """Three meetings that stand an hour later in HubSpot than in Salesforce."""
    contact = a_contact(world)
    for before in (40, 50, 60):
        number, day = world.serial(), world.day(before)
        told = {
            **{"Subject": f"Reunión {number}", "WhoId": contact.ids["salesforce"]},
            **{
                "StartDateTime": f"{day}T10:30:00.000+0000",
                "EndDateTime": f"{day}T11:00:00.000+0000",
            },
            **{
                "CreatedDate": f"{day}T09:00:00.000+0000",
                "LastModifiedDate": f"{day}T12:00:00.000+0000",
            },
        }
        world.put("salesforce", "Event", salesforce_id("Event", number), told)
        meeting = {
            **{"hs_meeting_title": f"Reunión {number}", "hs_meeting_outcome": "COMPLETED"},
            **{"hs_timestamp": f"{day}T11:30:00.000Z", "hs_createdate": f"{day}T09:00:00.000Z"},
            "hs_meeting_start_time": f"{day}T11:30:00.000Z",
            "hs_meeting_end_time": f"{day}T12:00:00.000Z",
        }
        id_ = world.put("hubspot", "meetings", str(_MEETINGS + number), meeting)
        places = ("contacts", contact.ids["hubspot"], "meetings", id_)
        world.ties.append(Association(*places, _CONTACT_MEETING))
        yield Planted("X11", "hubspot", "meetings", id_, "an hour later than in Salesforce")


BLEMISHES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "X01": unlinked,
    "X07": another_amount,
    "X08": another_parent,
    "X09": no_such_option,
    "X11": other_hours,
    "X12": twice_there,
    "X14": two_people,
    "X15": another_city,
    "X16": two_in_both,
}
