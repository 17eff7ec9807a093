"""Property definitions: listed, read and created, and their groups."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.definitions import FIELD_TYPES, Definition, definition
from crmsync.sandbox.hubspot.envelopes import envelope, inputs
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso

# At most 10 unique properties an object: developers.hubspot.com, "Properties" (read 2026-11).
MAX_UNIQUE = 10


def list_properties(portal: Portal, call: Call) -> Answer:
    """Every definition of an object, not paged; none when archived ones are asked for."""
    known = portal.definitions(call.kind().name).values()
    archived = call.flag("archived")
    results = [_shown(portal, call, one) for one in known if one["archived"] is archived]
    return Answer(200, {"results": results})


def get_property(portal: Portal, call: Call) -> Answer:
    """One definition, or 404."""
    return Answer(200, _shown(portal, call, _one(portal, call, call.path["name"])))


def create_property(portal: Portal, call: Call) -> Answer:
    """201 with the definition; 409 if the name is taken, 400 if it makes no sense."""
    kind, body = call.kind(), call.fields()
    missing = [
        name for name in ("name", "label", "type", "fieldType", "groupName") if not body.get(name)
    ]
    if missing:
        raise invalid(f"Some required fields were not set: {missing}")
    _check_new(portal, kind.name, body)
    now = iso(portal.clock.now())
    more = {
        name: value for name, value in body.items() if name not in ("name", "type", "fieldType")
    }
    whole = definition(
        body["name"],
        body["type"],
        body["fieldType"],
        **{"createdAt": now, "updatedAt": now, **more},
    )
    portal.save_definition(kind.name, whole)
    return Answer(201, whole)


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


def list_groups(portal: Portal, call: Call) -> Answer:
    """The property groups of an object."""
    return Answer(200, {"results": portal.groups(call.kind().name)})


def _one(portal: Portal, call: Call, name: str) -> Definition:
    known = portal.definitions(call.kind().name).get(name)
    if known is None:
        raise Refusal(
            404,
            f"Property {name} does not exist",
            "OBJECT_NOT_FOUND",
            subCategory="Properties.PROPERTY_NOT_FOUND",
            context={"name": [name]},
        )
    return known


def _shown(portal: Portal, call: Call, one: Definition) -> Definition:
    """The definition with the writability that the switches make of it."""
    read_only = portal.read_only(call.kind().name, one["name"])
    if one["modificationMetadata"]["readOnlyValue"] is read_only:
        return one
    metadata = {**one["modificationMetadata"], "readOnlyValue": read_only}
    return {**one, "modificationMetadata": metadata}
