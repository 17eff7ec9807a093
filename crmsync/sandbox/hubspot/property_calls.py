"""Property definitions: listed, read, created, changed and archived, one by one and in batches."""

from __future__ import annotations

import re
from typing import Any

from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.definitions import FIELD_TYPES, Definition, definition
from crmsync.sandbox.hubspot.envelopes import envelope, inputs
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.property_edits import APP_USER, changed_definition
from crmsync.sandbox.hubspot.wire import iso

# At most 10 unique properties an object: developers.hubspot.com, "Properties" (read 2026-11).
MAX_UNIQUE = 10
SENSITIVITIES = ("non_sensitive", "sensitive", "highly_sensitive")


def list_properties(portal: Portal, call: Call) -> Answer:
    """Every definition of an object, or every archived one, of one sensitivity; not paged."""
    name, sensitivity = call.kind().name, _sensitivity(call)
    archived = call.flag("archived")
    known = (portal.archived_definitions if archived else portal.definitions)(name).values()
    told = [one for one in known if one.get("dataSensitivity", SENSITIVITIES[0]) == sensitivity]
    return Answer(200, {"results": told if archived else [_shown(portal, call, o) for o in told]})


def _sensitivity(call: Call) -> str:
    """Which properties a list is about: those that are not sensitive unless asked otherwise (the specification)."""
    asked = call.one("dataSensitivity") or SENSITIVITIES[0]
    if asked not in SENSITIVITIES:
        raise invalid(f"dataSensitivity {asked} is not one of {', '.join(SENSITIVITIES)}")
    return asked


def get_property(portal: Portal, call: Call) -> Answer:
    """One definition, or 404; an archived one only when that is asked for."""
    name = call.path["name"]
    if not call.flag("archived"):
        return Answer(200, _shown(portal, call, _one(portal, call, name)))
    found = portal.archived_definitions(call.kind().name).get(name)
    if found is None:
        raise _unknown(name)
    return Answer(200, found)


def create_property(portal: Portal, call: Call) -> Answer:
    """201 with the definition; 409 if the name is taken, 400 if it makes no sense."""
    return Answer(201, _created(portal, call.kind(), call.fields()))


def create_properties(portal: Portal, call: Call) -> Answer:
    """201 with the definitions; 207 with those whose name is taken as errors: recorded 2026-02."""
    results: list[Definition] = []
    errors: list[Body] = []
    for one in inputs(call, 100):
        try:
            results.append(_created(portal, call.kind(), one))
        except Refusal as refusal:
            errors.append(refusal.item())
    return envelope(portal, 201, results, errors)


def _created(portal: Portal, kind: ObjectType, body: dict[str, Any]) -> Definition:
    missing = [
        name for name in ("name", "label", "type", "fieldType", "groupName") if not body.get(name)
    ]
    if missing:
        raise invalid(f"Some required fields were not set: {missing}")
    _check_new(portal, kind.name, body)
    now = iso(portal.clock.now())
    # The name of an archived property brings that one back, with the definition posted and its own
    # createdAt: observed on a developer account, 2026-09. Whether values come back was not seen.
    earlier = portal.archived_definitions(kind.name).get(body["name"], {})
    more = {
        name: value for name, value in body.items() if name not in ("name", "type", "fieldType")
    }
    whole = definition(
        body["name"],
        body["type"],
        body["fieldType"],
        **{"createdAt": earlier.get("createdAt", now), "updatedAt": now, **APP_USER, **more},
    )
    portal.save_definition(kind.name, whole)
    return whole


def change_property(portal: Portal, call: Call) -> Answer:
    """200 with the definition as it is now; 400 for what may not be changed."""
    name, object_name = call.path["name"], call.kind().name
    _one(portal, call, name)
    group = call.fields().get("groupName")
    if group and not any(one["name"] == group for one in portal.groups(object_name)):
        raise invalid(f"property group {group} does not exist")
    return Answer(200, changed_definition(portal, object_name, name, call.fields()))


def _check_new(portal: Portal, object_name: str, body: dict[str, Any]) -> None:
    name = body["name"]
    if name in portal.definitions(object_name):
        raise Refusal(
            409,
            f"A property named '{name}' already exists.",
            "OBJECT_ALREADY_EXISTS",
            subCategory="Properties.PROPERTY_WITH_NAME_EXISTS",
            context={"name": [name]},
        )
    if body["fieldType"] not in FIELD_TYPES.get(body["type"], ()):
        raise invalid(f"fieldType {body['fieldType']} is not valid for type {body['type']}")
    if not any(one["name"] == body["groupName"] for one in portal.groups(object_name)):
        raise invalid(f"property group {body['groupName']} does not exist")
    unique = [one for one in portal.unique_names(object_name) if one != "email"]
    if body.get("hasUniqueValue") and len(unique) >= MAX_UNIQUE:
        raise invalid(f"At most {MAX_UNIQUE} unique properties are supported")


def archive_property(portal: Portal, call: Call) -> Answer:
    """204, and the property is in the recycling bin; 400 for HubSpot's own, or one that is in use.

    404 for a name nobody has: what the platform says to that is not documented.
    """
    _archive(portal, call, call.path["name"])
    return Answer(204)


def archive_properties(portal: Portal, call: Call) -> Answer:
    """204, and all of them are in the recycling bin; the first refusal ends it."""
    for one in inputs(call, 100):
        _archive(portal, call, str(one.get("name")))
    return Answer(204)


def _archive(portal: Portal, call: Call, name: str) -> None:
    object_name = call.kind().name
    found = _one(portal, call, name)
    if not found["modificationMetadata"]["archivable"]:
        raise invalid(f"Property {name} is not archivable")
    users = [one for one in portal.definitions(object_name).values() if _uses(one, name)]
    if users:
        # Observed for a property that a formula uses, 2026-09.
        raise invalid(
            f"{name} is currently used in {len(users)} places and cannot be deleted",
            subCategory="PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
        )
    portal.archive_definition(object_name, name, iso(portal.clock.now()))


def _uses(one: Definition, name: str) -> bool:
    return name in re.findall(r"\w+", one.get("calculationFormula") or "")


def read_properties(portal: Portal, call: Call) -> Answer:
    """The definitions of the names given; 207 for names nobody defined."""
    results: list[Definition] = []
    errors: list[Body] = []
    for one in inputs(call, 100):
        try:
            found = _one(portal, call, str(one.get("name")))
            results.append(_shown(portal, call, found))
        except Refusal as refusal:
            errors.append(refusal.item())
    return envelope(portal, 200, results, errors)


def _one(portal: Portal, call: Call, name: str) -> Definition:
    known = portal.definitions(call.kind().name).get(name)
    if known is None:
        raise _unknown(name)
    return known


def _unknown(name: str) -> Refusal:
    return Refusal(
        404,
        f"Property {name} does not exist",
        "OBJECT_NOT_FOUND",
        subCategory="Properties.PROPERTY_NOT_FOUND",
        context={"name": [name]},
    )


def _shown(portal: Portal, call: Call, one: Definition) -> Definition:
    """The definition with the writability that the switches make of it."""
    read_only = portal.read_only(call.kind().name, one["name"])
    if one["modificationMetadata"]["readOnlyValue"] is read_only:
        return one
    metadata = {**one["modificationMetadata"], "readOnlyValue": read_only}
    return {**one, "modificationMetadata": metadata}
