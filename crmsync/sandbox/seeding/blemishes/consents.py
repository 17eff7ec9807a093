"""People who are written to or called though they should not be: what the checks of consent find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from crmsync.sandbox.seeding.blemishes.customers import a_contact
from crmsync.sandbox.seeding.blemishes.world import World
from crmsync.sandbox.seeding.rows import Step
from crmsync.sandbox.seeding.truth import Planted

_MARKETING = "39644612"
"""The type of subscription for offers."""


def no_lawful_basis(world: World) -> Iterator[Planted]:
    """A marketing contact in Spain of whom no basis is noted."""
    contact = a_contact(world, systems=("hubspot",))
    world.change(contact, "hubspot", hs_marketable_status="true")
    yield world.found("G01", contact, "hubspot", "in Spain, without a legal basis")


def opted_out_and_paid_for(world: World) -> Iterator[Planted]:
    """Somebody who opted out, and is still a marketing contact."""
    contact = a_contact(world, systems=("hubspot",))
    world.change(contact, "hubspot", hs_marketable_status="true", hs_email_optout="true")
    yield world.found("C22", contact, "hubspot", "opted out, and a marketing contact")


def do_not_call(world: World) -> Iterator[Planted]:
    """Somebody whom nobody may call, as Salesforce knows and HubSpot does not."""
    contact = a_contact(world)
    world.change(contact, "salesforce", DoNotCall=True)
    yield world.found("G06", contact, "hubspot", "do not call, as Salesforce alone knows")


def of_tomorrow(world: World) -> Iterator[Planted]:
    """Somebody in Spain who is to have subscribed a month from now."""
    contact = a_contact(world, systems=("hubspot",))
    email = world.rows["hubspot"]["contacts"][contact.ids["hubspot"]]["email"]
    said = (email, _MARKETING, "SUBSCRIBED", f"{world.day(-30)}T09:00:00.000Z")
    world.later.append(Step("hubspot", "state_consent", said))
    yield world.found("G03", contact, "hubspot", "subscribed a month from now")


def never_asked(world: World) -> Iterator[Planted]:
    """Somebody in Spain of whom no consent is on record."""
    contact = a_contact(world, systems=("hubspot",))
    yield world.found("G04", contact, "hubspot", "in Spain, and never asked")


BLEMISHES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "C22": opted_out_and_paid_for,
    "G01": no_lawful_basis,
    "G06": do_not_call,
}
BY_STATUSES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "G03": of_tomorrow,
    "G04": never_asked,
}
"""Those for which statuses of every address have to be read; then all others of ours were never asked, either."""
