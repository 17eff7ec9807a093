"""What an administrator of the portal sets up, declared as data: rules, workflows, properties, lists, subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crmsync.sandbox.hubspot import lists
from crmsync.sandbox.hubspot.consent import new_type
from crmsync.sandbox.hubspot.objects import OBJECTS, ObjectType, object_type
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.property_edits import edit_property
from crmsync.sandbox.hubspot.rules import KINDS, declare_rule
from crmsync.sandbox.hubspot.workflows import declare_workflow
from crmsync.sandbox.hubspot.world import HubspotWorld


def declare(world: HubspotWorld, body: Mapping[str, Any]) -> dict[str, str]:
    """The id of what was set up; ValueError for a kind, an object, a property or a rule there is not."""
    kind = body["kind"]
    if kind not in _DECLARE:
        raise ValueError(f"no kind {kind!r}; there are {', '.join(_DECLARE)}")
    return {"id": _DECLARE[kind](world.portal, body)}


def kind_of(body: Mapping[str, Any]) -> ObjectType:
    """The object that is meant; ValueError if there is none of that name."""
    known = object_type(str(body["object"]))
    if known is None:
        raise ValueError(f"HubSpot has no object {body['object']!r}; it has {', '.join(OBJECTS)}")
    return known


def _property(portal: Portal, body: Mapping[str, Any]) -> str:
    kind = kind_of(body)
    edit_property(portal, kind.name, body)
    return f"{kind.name}.{body.get('rename') or body['name']}"


def _list(portal: Portal, body: Mapping[str, Any]) -> str:
    """A list of any kind with its members, past what its kind would allow."""
    kind, processing = kind_of(body), str(body.get("processing", "DYNAMIC"))
    if processing not in lists.KINDS:
        raise ValueError(f"a list is {', '.join(lists.KINDS)}, not {processing!r}")
    row = lists.new_list(portal, kind, str(body["name"]), processing, {})
    lists.join(portal, row["listId"], map(str, body.get("members", ())))
    id_: str = row["listId"]
    return id_


def _subscription(portal: Portal, body: Mapping[str, Any]) -> str:
    return new_type(portal, str(body["name"]))


_DECLARE: Mapping[str, Callable[[Portal, Mapping[str, Any]], str]] = {
    **dict.fromkeys(KINDS, declare_rule),
    **dict.fromkeys(("workflow", "flow"), declare_workflow),
    "property": _property,
    "list": _list,
    "subscription": _subscription,
}
