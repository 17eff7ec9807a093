"""Deals without a company, and people who are there twice: what the first audits find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from crmsync.sandbox.seeding.blemishes.customers import a_company, a_contact, a_deal
from crmsync.sandbox.seeding.blemishes.world import World
from crmsync.sandbox.seeding.truth import Planted


def same_email(world: World) -> Iterator[Planted]:
    """Two contacts of Salesforce at one company, with one address between them."""
    company = a_company(world)
    one = a_contact(world, company, ("salesforce",))
    other = a_contact(world, company, ("salesforce",))
    email = world.rows["salesforce"]["Contact"][one.ids["salesforce"]]["Email"]
    world.change(other, "salesforce", Email=email.upper())
    for each in (one, other):
        yield world.found("C05", each, "salesforce", f"two contacts share {email}")


def deal_without_company(world: World) -> Iterator[Planted]:
    """An open deal in Salesforce that belongs to no account."""
    company = a_company(world)
    deal = a_deal(world, company, a_contact(world, company), ("salesforce",))
    world.change(deal, "salesforce", AccountId=None)
    yield world.found("D10", deal, "salesforce", "an open deal of no company")


BLEMISHES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "C05": same_email,
    "D10": deal_without_company,
}
