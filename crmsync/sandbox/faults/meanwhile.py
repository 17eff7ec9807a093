"""What people do between two calls: they merge two contacts, or delete one, chosen by their place among the living."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.faults.book import Fault, Faulty

# The object of people, and what a row of it has that went.
_PEOPLE: Mapping[str, tuple[str, str]] = {
    "salesforce": ("Contact", "IsDeleted"),
    "hubspot": ("contacts", "archivedAt"),
}


def somebody_goes(world: Faulty, fault: Fault) -> None:
    """Does it; places count from 0, those below it from the end. Nothing where nobody stands at one."""
    object_, gone = _PEOPLE[world.system]
    rows = world.tables.rows(object_)
    living = sorted(
        (id_ for id_, row in rows if not row.get(gone)), key=lambda id_: (len(id_), id_)
    )
    places = dict(fault.parameters or {})
    who = {name: living[at] for name, at in places.items() if -len(living) <= at < len(living)}
    if len(set(who.values())) < len(places):
        return
    if "who" in who:
        world.rehearse("archive", {"object": object_, "ids": [who["who"]]})
    else:
        merge = {"object": object_, "winner": who["winner"], "losers": [who["loser"]]}
        world.rehearse("merge", {**merge, **_chosen(world, object_, who["loser"])})


def _chosen(world: Faulty, object_: str, loser: str) -> Mapping[str, Any]:
    """What a person chooses of the loser's values; HubSpot chooses by itself."""
    if world.system != "salesforce":
        return {}
    row = world.tables.get(object_, loser) or {}
    return {"values": {"LastName": row.get("LastName")}}
