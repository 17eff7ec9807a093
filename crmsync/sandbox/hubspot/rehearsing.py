"""What the side door of the simulated portal does that no call of its API does, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.control import Command
from crmsync.sandbox.hubspot.declaring import declare, kind_of
from crmsync.sandbox.hubspot.erasing import erase, restore
from crmsync.sandbox.hubspot.errors import Refusal
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.oauth import new_code
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.preset import turn_portal
from crmsync.sandbox.hubspot.records import archive
from crmsync.sandbox.hubspot.tokens import control_tokens
from crmsync.sandbox.hubspot.world import HubspotWorld


def portal_commands(world: HubspotWorld) -> dict[str, Command]:
    """Every command under which something is posted to the side door."""
    return {
        "merge": lambda _, body: _merge(world, body),
        "archive": lambda _, body: _archive(world, body),
        "undelete": lambda _, body: _undelete(world, body),
        "erase": lambda _, body: _erase(world, str(body["who"])),
        "tokens": lambda _, body: control_tokens(world, body),
        "oauth_code": lambda _, body: new_code(world, str(body["redirect_uri"])),
        "native": lambda _, body: _native(world, body),
        "declare": lambda _, body: declare(world, body),
        "switches": lambda _, body: turn_portal(world.tables, body),
    }


def _native(world: HubspotWorld, body: Any) -> Any:
    if world.native is None:
        raise ValueError("there is no Salesforce beside this portal for the native connector")
    return world.native(body)


def _merge(world: HubspotWorld, body: Mapping[str, Any]) -> dict[str, str]:
    """The record that is left; the others are merged into the first one after another."""
    kind, left = kind_of(body), str(body["winner"])
    for loser in body["losers"]:
        left = _merged(world, kind, left, str(loser))
    return {"id": left}


def _archive(world: HubspotWorld, body: Mapping[str, Any]) -> None:
    for id_ in body["ids"]:
        archive(world.portal, kind_of(body).name, str(id_))


def _undelete(world: HubspotWorld, body: Mapping[str, Any]) -> None:
    for id_ in body["ids"]:
        restore(world.portal, kind_of(body), str(id_))


def _erase(world: HubspotWorld, who: str) -> None:
    """Deletes a person for good, named by e-mail or id."""
    try:
        erase(world.portal, who, "email" if "@" in who else "")
    except Refusal:
        raise ValueError(f"no contact {who}") from None


def _merged(world: HubspotWorld, kind: ObjectType, left: str, loser: str) -> str:
    """What the portal refuses is a ValueError, as the side door knows it."""
    try:
        return merge(world.portal, kind, left, loser)
    except Refusal as refusal:
        raise ValueError(str(refusal)) from None
