"""What the side door of the simulated portal does that no call of its API does, by name."""

from __future__ import annotations

from crmsync.sandbox.control import Command
from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.switching import turn_all


def portal_commands(world: HubspotWorld) -> dict[str, Command]:
    """Every command under which something is posted to the side door."""
    return {
        "switches": lambda _, body: turn_all(SWITCHES, world.tables, body),
    }
