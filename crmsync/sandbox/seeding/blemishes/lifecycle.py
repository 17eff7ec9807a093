"""Broken stories of a lifecycle: stages without an owner or a deal, and stages of which the systems disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from crmsync.sandbox.seeding.blemishes.customers import a_company, a_contact, a_deal, a_lead
from crmsync.sandbox.seeding.blemishes.world import Made, World, new_ids
from crmsync.sandbox.seeding.truth import Planted

HUBSPOT, SALESFORCE = ("hubspot",), ("salesforce",)


def mql_without_owner(world: World) -> Iterator[Planted]:
    """A qualified lead of HubSpot that belongs to nobody."""
    contact = a_contact(world, systems=HUBSPOT)
    world.change(contact, "hubspot", lifecyclestage="marketingqualifiedlead", hubspot_owner_id=None)
    yield world.found("E1", contact, "hubspot", "MQL, and nobody's")


def without_stage(world: World) -> Iterator[Planted]:
    """A lead of HubSpot whose stage somebody cleared, and gave them no other."""
    contact = a_contact(world, systems=HUBSPOT)
    world.told(contact, 15, "CRM_UI/userId:1", lifecyclestage=None)
    yield world.found("L04", contact, "hubspot", "at no stage")


def opportunity_without_deal(world: World) -> Iterator[Planted]:
    """An opportunity of which there is no deal."""
    contact = a_contact(world, systems=HUBSPOT)
    world.change(contact, "hubspot", lifecyclestage="opportunity")
    yield world.found("L06", contact, "hubspot", "opportunity without a deal")


def customer_of_no_customer(world: World) -> Iterator[Planted]:
    """A customer by a won deal, at a company that is still a lead in HubSpot and has no deal itself."""
    company, seller = a_company(world, HUBSPOT), a_company(world, HUBSPOT)
    contact = a_contact(world, company, HUBSPOT)
    deal = a_deal(world, seller, contact, HUBSPOT)
    _won(world, deal, contact)
    world.change(seller, "hubspot", lifecyclestage="customer")
    world.change(contact, "hubspot", lifecyclestage="customer")
    yield world.found("D11", deal, "hubspot", "its contact is of another company")
    yield world.found("L07", contact, "hubspot", "a customer of a company that is a lead")


def converted_into_nobody(world: World) -> Iterator[Planted]:
    """A converted lead whose contact was deleted."""
    gone = new_ids("contact", world.serial(), SALESFORCE)["salesforce"]
    lead = a_lead(world, IsConverted=True, ConvertedContactId=gone, ConvertedDate=world.day(20),
                 Status="Closed - Converted")  # fmt: skip
    yield world.found("L08", lead, "salesforce", "converted into a contact that is gone")


def stuck(world: World) -> Iterator[Planted]:
    """A qualified lead for three months that nobody has decided about."""
    contact = a_contact(world, systems=HUBSPOT)
    world.change(contact, "hubspot", lifecyclestage="marketingqualifiedlead",
                 lastmodifieddate=f"{world.day(85)}T09:00:00.000Z")  # fmt: skip
    yield world.found("L10", contact, "hubspot", "MQL for three months")


def bought_but_no_customer(world: World) -> Iterator[Planted]:
    """A lead on a deal that was won."""
    company = a_company(world, HUBSPOT)
    contact = a_contact(world, company, HUBSPOT)
    deal = a_deal(world, company, contact, HUBSPOT)
    _won(world, deal, contact)
    world.change(company, "hubspot", lifecyclestage="customer")
    yield world.found("D23", deal, "hubspot", "won, and no customer on it")
    yield world.found("L11", contact, "hubspot", "on a won deal, and a lead")


def unexplained(world: World) -> Iterator[Planted]:
    """Somebody at a stage that the portal made for itself, and no mapping knows."""
    contact = a_contact(world, systems=HUBSPOT)
    world.change(contact, "hubspot", lifecyclestage="148000177")
    yield world.found("L12", contact, "hubspot", "at a stage that nobody explained")


def customer_without_deal(world: World) -> Iterator[Planted]:
    """A customer who has bought nothing."""
    contact = a_contact(world, systems=HUBSPOT)
    world.change(contact, "hubspot", lifecyclestage="customer")
    yield world.found("L13", contact, "hubspot", "a customer without a deal")


def ahead_of_sales(world: World) -> Iterator[Planted]:
    """An SQL of HubSpot whose lead in Salesforce nobody has converted."""
    lead = a_lead(world)
    email = world.rows["salesforce"]["Lead"][lead.ids["salesforce"]]["Email"]
    contact = a_contact(world, systems=HUBSPOT, email=email)
    linked = {
        "salesforceleadid": lead.ids["salesforce"],
        "hubspot_owner_id": world.owners[0]["hubspot"],
    }
    world.change(contact, "hubspot", lifecyclestage="salesqualifiedlead", **linked)
    yield world.found("X06", contact, "hubspot", "SQL here, an open lead there")


def _won(world: World, deal: Made, contact: Made) -> None:
    """The deal is won in HubSpot, and the contact stands where a lead does."""
    won = {"dealstage": "closedwon", "closedate": f"{world.day(30)}T12:00:00.000Z"}
    world.change(deal, "hubspot", **won)
    world.change(contact, "hubspot", lifecyclestage="lead")


BLEMISHES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "E1": mql_without_owner,
    "L04": without_stage,
    "L06": opportunity_without_deal,
    "L07": customer_of_no_customer,
    "L08": converted_into_nobody,
    "L10": stuck,
    "L11": bought_but_no_customer,
    "L12": unexplained,
    "L13": customer_without_deal,
    "X06": ahead_of_sales,
}
