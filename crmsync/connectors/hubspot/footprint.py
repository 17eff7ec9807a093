"""The key property of an object: how it stands, made once, and archived.

HubSpot fixes at creation whether a property is unique, keeps at most ten unique ones an object, and brings
an archived property back when one of its name is created. Nothing of a record is touched by any of this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmsync.connectors.calls import AnswerLost
from crmsync.connectors.hubspot.accounted import says_gone
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.results import KEY_PROPERTY
from crmsync.connectors.hubspot.schemas import ID_PROPERTY
from crmsync.core.footprint import FootprintItem
from crmsync.errors import Refused

# Ten unique properties an object, set only at creation: developers.hubspot.com, Properties
# (read 2026-11)
UNIQUE_LIMIT = 10
# A new property is read back within 0.7 s: observed on a developer account, 2026-09
_LAG_S = 1.0
_TAKEN = 409


def look(api: Api, system: str, object_: str) -> FootprintItem:
    """How the key property of one object stands. A token sees every property: one not told is missing."""
    known = api.properties(object_)
    found = next((one for one in known if one["name"] == KEY_PROPERTY), None)
    item = FootprintItem(system, object_, KEY_PROPERTY, "property", "missing")
    if found is None or found.get("archived"):
        return _room(item, known)
    return _judged(item, found)


def install(api: Api, system: str, object_: str) -> None:
    """Makes the key property where it is missing. Refused if another is in its place or there is no room."""
    item = look(api, system, object_)
    if item.state == "present":
        return
    if item.reason:
        raise _refusal(item)
    try:
        api.property_create(object_, _body(api, object_))
    except (AnswerLost, Refused) as problem:
        if isinstance(problem, Refused) and problem.status != _TAKEN:
            raise
        item = _seen_late(api, system, object_)
        if item.state == "missing":
            raise
    else:
        item = _seen_late(api, system, object_)
    if item.state == "foreign":
        raise _refusal(item)


def remove(api: Api, system: str, object_: str) -> None:
    """Archives the key property. Refused if it is none of ours, or something in the portal uses it."""
    item = look(api, system, object_)
    if item.state == "missing":
        return
    if item.state == "foreign":
        raise _refusal(item)
    try:
        api.property_archive(object_, KEY_PROPERTY)
    except (AnswerLost, Refused) as problem:
        if isinstance(problem, Refused) and not says_gone(problem):
            raise
        if look(api, system, object_).state != "missing":
            raise


def _seen_late(api: Api, system: str, object_: str) -> FootprintItem:
    """The item once more, after a moment if it is not there yet."""
    item = look(api, system, object_)
    if item.state == "missing":
        api.calls.sleep(_LAG_S)
        item = look(api, system, object_)
    return item


def _room(item: FootprintItem, known: Sequence[Mapping[str, Any]]) -> FootprintItem:
    """Missing, and whether there is room for one more unique property."""
    unique = [
        str(one["name"])
        for one in known
        if one.get("hasUniqueValue") and not one.get("hubspotDefined") and not one.get("archived")
    ]
    if len(unique) < UNIQUE_LIMIT:
        return item
    return _odd(item, "missing", "unique_limit", ", ".join(sorted(unique)))


def _judged(item: FootprintItem, found: Mapping[str, Any]) -> FootprintItem:
    if found["type"] != "string":
        return _odd(item, "foreign", "wrong_type", str(found["type"]))
    if not found.get("hasUniqueValue"):
        return _odd(item, "foreign", "not_unique")
    if (found.get("modificationMetadata") or {}).get("readOnlyValue"):
        return _odd(item, "foreign", "read_only")
    return FootprintItem(item.system, item.object, item.name, item.kind, "present")


def _odd(item: FootprintItem, state: Any, reason: str, detail: str = "") -> FootprintItem:
    return FootprintItem(item.system, item.object, item.name, item.kind, state, reason, detail)


def _body(api: Api, object_: str) -> dict[str, Any]:
    """The property as it is asked for, in the group where the object keeps its own id."""
    own = next(one for one in api.properties(object_) if one["name"] == ID_PROPERTY)
    return {
        "name": KEY_PROPERTY,
        "label": "crmsync key",
        "description": "Which customer a record made by crmsync belongs to. Do not edit."
        " `crmsync footprint remove` takes it away.",
        "groupName": own["groupName"],
        "type": "string",
        "fieldType": "text",
        "hasUniqueValue": True,
        "formField": False,
    }


def _refusal(item: FootprintItem) -> Refused:
    where = f"{item.system} {item.object}"
    if item.reason == "unique_limit":
        message = f"all {UNIQUE_LIMIT} unique properties are taken: {item.detail}"
        remedy = "Archive one that nobody needs, or set `create: never` for this object."
        return Refused(message, where=where, remedy=remedy)
    return Refused(
        f"there is a property {item.name} that is no key field of crmsync",
        where=where,
        remedy="HubSpot cannot make it unique afterwards: save its values, then delete it for good"
        " (Settings > Properties > Archived), or set `create: never` for this object.",
    )
