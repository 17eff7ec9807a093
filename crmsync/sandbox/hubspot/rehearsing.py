"""What the side door of the simulated portal does that no call of its API does, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.control import Command
from crmsync.sandbox.hubspot import lists
from crmsync.sandbox.hubspot.consent import new_type
from crmsync.sandbox.hubspot.declaring import declare
from crmsync.sandbox.hubspot.erasing import restore
from crmsync.sandbox.hubspot.errors import Refusal
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.oauth import new_code
from crmsync.sandbox.hubspot.objects import OBJECTS, ObjectType, object_type
from crmsync.sandbox.hubspot.property_edits import edit_property
from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.hubspot.tokens import control_tokens
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.switching import turn_all


def portal_commands(world: HubspotWorld) -> dict[str, Command]:
    """Every command under which something is posted to the side door."""
    return {
        "merge": lambda _, body: _merge(world, body),
        "property": lambda _, body: edit_property(world.portal, _kind(body).name, body),
        "list": lambda _, body: _list(world, body),
        "subscription": lambda _, body: {"id": new_type(world.portal, str(body["name"]))},
        "restore": lambda _, body: _restore(world, body),
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


def _merge(world: HubspotWorld, body: Mapping[str, Any]) -> dict[str, str]:
    """The record that is left; the others are merged into the first one after another."""
    kind, left = _kind(body), str(body["winner"])
    for loser in body["losers"]:
        left = _merged(world, kind, left, str(loser))
    return {"id": left}


def _restore(world: HubspotWorld, body: Mapping[str, Any]) -> None:
    for id_ in body["ids"]:
        restore(world.portal, _kind(body), str(id_))


def _list(world: HubspotWorld, body: Mapping[str, Any]) -> dict[str, str]:
    """The id of a new list of any kind with its members, past what its kind would allow."""
    kind, processing = _kind(body), str(body.get("processing", "DYNAMIC"))
    if processing not in lists.KINDS:
        raise ValueError(f"a list is {', '.join(lists.KINDS)}, not {processing!r}")
    row = lists.new_list(world.portal, kind, str(body["name"]), processing, {})
    lists.join(world.portal, row["listId"], map(str, body.get("members", ())))
    return {"id": row["listId"]}


def _kind(body: Mapping[str, Any]) -> ObjectType:
    known = object_type(str(body["object"]))
    if known is None:
        raise ValueError(f"HubSpot has no object {body['object']!r}; it has {', '.join(OBJECTS)}")
    return known


def _merged(world: HubspotWorld, kind: ObjectType, left: str, loser: str) -> str:
    """What the portal refuses is a ValueError, as the side door knows it."""
    try:
        return merge(world.portal, kind, left, loser)
    except Refusal as refusal:
        raise ValueError(str(refusal)) from None
