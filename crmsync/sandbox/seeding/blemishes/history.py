"""Stages that were entered in an order that tells a broken story, and fields that two writers keep changing back.

All of it is read off the histories of properties, so that a record is told its values one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crmsync.sandbox.seeding.blemishes.customers import a_contact
from crmsync.sandbox.seeding.blemishes.world import Made, World
from crmsync.sandbox.seeding.truth import Planted

_HUBSPOT = ("hubspot",)
_DATES = ("hs_v2_date_entered_", "hs_date_entered_")


def _since(world: World, stage: str, days_before: int) -> Made:
    """A contact of HubSpot who came to a stage that day."""
    contact = a_contact(world, systems=_HUBSPOT)
    stamp = f"{world.day(days_before)}T09:00:00.000Z"
    world.change(contact, "hubspot", lifecyclestage=stage, lastmodifieddate=stamp)
    return contact


def skipped(world: World) -> Iterator[Planted]:
    """A lead who was an SQL the next time that anybody looked."""
    contact = _since(world, "lead", 60)
    world.told(contact, 20, lifecyclestage="salesqualifiedlead")
    yield world.found("L01", contact, "hubspot", "from lead to SQL, and never an MQL")


def out_of_order(world: World) -> Iterator[Planted]:
    """Somebody who became a lead two weeks after they were qualified, as a date says that somebody imported."""
    contact = _since(world, "subscriber", 60)
    late = dict.fromkeys((f"{name}lead" for name in _DATES), f"{world.day(6)}T09:00:00.000Z")
    world.told(contact, 20, lifecyclestage="marketingqualifiedlead")
    world.told(contact, 5, **late)
    yield world.found("L02", contact, "hubspot", "a lead after they were an MQL")


def since_nobody_knows_when(world: World) -> Iterator[Planted]:
    """A lead of three years ago, of before stages were dated and longer ago than histories are read."""
    contact = _since(world, "lead", 1100)
    undated = (*(f"{name}lead" for name in _DATES), "hs_v2_date_entered_current_stage")
    cleared: dict[str, Any] = dict.fromkeys(undated)
    world.told(contact, 20, **cleared)
    yield world.found("L03", contact, "hubspot", "a lead, and nobody knows since when")


def sent_back(world: World) -> Iterator[Planted]:
    """An SQL who is a lead again, and sales says nothing of it."""
    contact = _since(world, "salesqualifiedlead", 60)
    world.told(contact, 20, "CRM_UI/userId:1", lifecyclestage="lead")
    yield world.found("L05", contact, "hubspot", "from SQL back to lead without a word")


def of_the_company(world: World) -> Iterator[Planted]:
    """A subscriber who became a lead because their company did."""
    contact = _since(world, "subscriber", 60)
    world.told(contact, 20, "COMPANIES", lifecyclestage="lead")
    yield world.found("L14", contact, "hubspot", "a lead, as their company is")


def two_writers(world: World) -> Iterator[Planted]:
    """A city that an integration and a person take back from each other, twice within three weeks."""
    contact = _since(world, "lead", 60)
    writers = ("INTEGRATION/2911", "CRM_UI/userId:1")
    for place, city in enumerate(("Lugo", "Madrid") * 2):
        world.told(contact, 20 - 3 * place, writers[place % 2], city=city)
    yield world.found("X05", contact, "hubspot", "Lugo, Madrid, Lugo, Madrid")


BLEMISHES: Mapping[str, Callable[[World], Iterator[Planted]]] = {
    "L01": skipped,
    "L02": out_of_order,
    "L03": since_nobody_knows_when,
    "L05": sent_back,
    "L14": of_the_company,
    "X05": two_writers,
}
