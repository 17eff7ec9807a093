"""What the side door of the simulated portal does that no call of its API does, by name."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.control import Command
from crmsync.sandbox.hubspot.declaring import declare
from crmsync.sandbox.hubspot.oauth import new_code
from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.hubspot.tokens import control_tokens
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.switching import turn_all


def portal_commands(world: HubspotWorld) -> dict[str, Command]:
    """Every command under which something is posted to the side door."""
    return {
        "tokens": lambda _, body: control_tokens(world, body),
        "oauth_code": lambda _, body: new_code(world, str(body["redirect_uri"])),
        "native": lambda _, body: _native(world, body),
        "declare": lambda _, body: declare(world, body),
        "switches": lambda _, body: turn_all(SWITCHES, world.tables, body),
    }


def _native(world: HubspotWorld, body: Any) -> Any:
    if world.native is None:
        raise ValueError("there is no Salesforce beside this portal for the native connector")
    return world.native(body)
