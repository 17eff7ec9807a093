"""A small portal in which every conversation has something to say; always the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.records import archive
from crmsync.sandbox.hubspot.rehearsing import portal_commands
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.tables import Tables

DEAL = {"dealstage": "contractsent", "pipeline": "default"}


def portal(moment: datetime) -> HubspotWorld:
    """Eight people, one merged and one archived, two deals, a call, and labels; pages hold three."""
    clock = Clock()
    clock.freeze(moment - timedelta(minutes=30))
    world = HubspotWorld(Tables("hubspot"), clock)
    world.commands = portal_commands(world)
    world.switches.most_page_rows = 3
    world.put("owners", {"email": "ruiz@sales.example", "lastName": "Ruiz"})
    world.define_property("contacts", "crmsync_key", "string", "text", hasUniqueValue=True)
    labels = [world.define_label("deals", "contacts", one) for one in ("Coach", "Decision maker")]
    people = [world.put("contacts", _person(at)) for at in range(8)]
    firm = world.put("companies", {"name": "Acme", "domain": "acme.example"})
    world.associate("contacts", people[1], "companies", firm, [1])
    deals = [world.put("deals", {**DEAL, "dealname": f"Deal {at}"}) for at in range(2)]
    world.associate("deals", deals[1], "contacts", people[1], [3, labels[1]])
    world.associate("deals", deals[1], "companies", firm, [5])
    told = {"hs_timestamp": "2026-10-30T09:00:00Z", "hs_call_title": "Call"}
    call = world.put("calls", told)
    world.associate("calls", call, "contacts", people[1], [194])
    world.rehearse("merge", {"object": "contacts", "winner": people[0], "losers": [people[2]]})
    archive(world.portal, "contacts", people[3])
    clock.freeze(moment)
    world.put("contacts", {"firstname": "Eva"}, people[4])
    world.tables.commit()
    return world


def _person(at: int) -> dict[str, str]:
    return {
        "firstname": "Ángela 💡" if at else "",
        "lastname": f"Number {at}",
        "email": f"n{at}@people.example",
        "date_of_birth": "1980-02-29",
    }
