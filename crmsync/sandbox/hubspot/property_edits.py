"""What an administrator does to a property that is there: other words, other options, another name, no property."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.hubspot.definitions import FIELD_TYPES, Definition
from crmsync.sandbox.hubspot.errors import invalid
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso

# What an update may name; whether a value is unique is settled when a property is made:
# developers.hubspot.com, "Properties" (read 2026-11).
CHANGEABLE = (
    "label", "description", "groupName", "type", "fieldType", "options", "displayOrder", "hidden",
    "formField", "calculationFormula",
)  # fmt: skip

# Who made and who changed a definition through the API, as text: recorded 2026-02. The number is ours.
_USER = "42000001"
APP_USER = {"createdUserId": _USER, "updatedUserId": _USER}


def changed_definition(
    portal: Portal, object_name: str, name: str, news: Mapping[str, Any]
) -> Definition:
    """The definition with what is named changed, kept; Refusal 400 for what may not be changed."""
    before = portal.definitions(object_name)[name]
    wanted = {key: news[key] for key in CHANGEABLE if key in news}
    _check(before, wanted)
    if "options" in wanted:
        wanted["options"] = [_option(place, one) for place, one in enumerate(wanted["options"])]
    stamps = {"updatedAt": iso(portal.clock.now()), "updatedUserId": _USER}
    whole = {**before, **wanted, **stamps}
    portal.save_definition(object_name, whole)
    return whole


def _check(before: Definition, wanted: Mapping[str, Any]) -> None:
    metadata = before["modificationMetadata"]
    frozen = set(wanted) - {"options"} if metadata["readOnlyDefinition"] else set()
    if metadata.get("readOnlyOptions") and "options" in wanted:
        frozen.add("options")
    if frozen:
        # The real wording was not seen.
        raise invalid(f"{', '.join(sorted(frozen))} of {before['name']} cannot be changed")
    type_ = wanted.get("type", before["type"])
    field_type = wanted.get("fieldType", before["fieldType"])
    if {"type", "fieldType"} & wanted.keys() and field_type not in FIELD_TYPES.get(type_, ()):
        raise invalid(f"fieldType {field_type} is not valid for type {type_}")
    values = [one.get("value") for one in wanted.get("options", ())]
    if len(set(values)) < len(values):
        raise invalid(f"Options of {before['name']} must have different values")


def _option(place: int, one: Mapping[str, Any]) -> dict[str, Any]:
    if not one.get("label") or "value" not in one:
        raise invalid("An option needs a label and a value")
    return {"displayOrder": place, "hidden": False, **one, "value": str(one["value"])}


def edit_property(portal: Portal, object_name: str, body: Mapping[str, Any]) -> None:
    """Does what somebody did overnight; ValueError for a property there is not.

    `{"name"}` and any of `label`, `hidden`, `"options": {"add": {value: label}, "remove": [value], "label": {value:
    label}}`, `"rename": new name` (a new property with the values of the old, which is archived) and `"archive": true`.
    """
    name = body["name"]
    known = portal.definitions(object_name)
    if name not in known:
        raise ValueError(f"{object_name} has no property {name!r}")
    now = iso(portal.clock.now())
    news = {key: body[key] for key in ("label", "hidden") if key in body}
    if "options" in body:
        news["options"] = _edited_options(known[name], body["options"])
    if news:
        portal.save_definition(object_name, {**known[name], **news, "updatedAt": now})
    if body.get("rename"):
        _rename(portal, object_name, name, str(body["rename"]), now)
    if body.get("archive"):
        portal.archive_definition(object_name, name, now)


def _edited_options(before: Definition, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Records keep the value of an option that is gone."""
    there = {one["value"] for one in before["options"]}
    named = {*told.get("remove", ()), *told.get("label", {})}
    if not named <= there:
        raise ValueError(f"{before['name']} has no option {', '.join(sorted(named - there))}")
    labels = told.get("label", {})
    kept = [
        {**one, "label": labels.get(one["value"], one["label"])}
        for one in before["options"]
        if one["value"] not in told.get("remove", ())
    ]
    fresh = [{"value": value, "label": label} for value, label in told.get("add", {}).items()]
    return [{"hidden": False, **one, "displayOrder": at} for at, one in enumerate([*kept, *fresh])]


def _rename(portal: Portal, object_name: str, old: str, new: str, now: str) -> None:
    """A name never changes: people make another property and copy, so histories begin anew."""
    whole = portal.definitions(object_name)[old]
    if new in portal.definitions(object_name):
        raise ValueError(f"{object_name} has a property {new!r}")
    fresh = {**whole, "name": new, "createdAt": now, "updatedAt": now}
    portal.save_definition(object_name, fresh)
    portal.archive_definition(object_name, old, now)
    for id_, row in portal.tables.rows(object_name):
        value = row["properties"].get(old)
        if value:
            portal.keep(object_name, id_, {**row, "properties": {**row["properties"], new: value}})
