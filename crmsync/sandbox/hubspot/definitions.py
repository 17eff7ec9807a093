"""Property definitions in the portal's shape, and the short form our default sets have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Definition = dict[str, Any]

# A definition that nobody created says the epoch: recorded from a portal, 2026-03.
EPOCH = "1970-01-01T00:00:00Z"

# Which fieldTypes a type may have: developers.hubspot.com, "Properties" (read 2026-11).
FIELD_TYPES: dict[str, tuple[str, ...]] = {
    "bool": ("booleancheckbox", "calculation_equation"),
    "enumeration": ("booleancheckbox", "checkbox", "radio", "select", "calculation_equation"),
    "date": ("date",),
    "datetime": ("date",),
    "string": ("text", "textarea", "html", "phonenumber", "file", "calculation_equation"),
    "number": ("number", "calculation_equation"),
}

# HubSpot's own properties whose options an administrator may change: recorded of the lead status 2026-03, of the
# lifecycle stage by the changelog of 2022; the others are from general knowledge, not verified.
OPEN_OPTIONS = frozenset(("lifecyclestage", "hs_lead_status", "industry", "type", "dealtype"))


def options(*values: str, labels: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Options in the order given; a label is made from the value where none is given."""
    named = list(labels) or [value.replace("_", " ").capitalize() for value in values]
    return [
        {"label": label, "value": value, "displayOrder": place, "hidden": False}
        for place, (value, label) in enumerate(zip(values, named, strict=True))
    ]


YES_NO = options("true", "false", labels=("Yes", "No"))


def definition(
    name: str, type: str, field_type: str, *, read_only: bool = False, **more: Any
) -> Definition:
    """A whole definition; `more` holds the platform's own attributes and wins over the defaults."""
    native = bool(more.get("hubspotDefined"))
    whole: Definition = {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "type": type,
        "fieldType": field_type,
        "description": "",
        "groupName": "",
        "options": YES_NO if type == "bool" else [],
        "displayOrder": -1,
        "calculated": False,
        "externalOptions": False,
        "hasUniqueValue": False,
        "hidden": False,
        "hubspotDefined": native,
        "formField": not read_only,
        "archived": False,
        "dataSensitivity": "non_sensitive",
        "createdAt": EPOCH,
        "updatedAt": EPOCH,
        "modificationMetadata": {
            "archivable": not native,
            "readOnlyDefinition": native,
            "readOnlyValue": read_only,
        },
    }
    return {**whole, **more}


def native(group: str, lines: str, choices: dict[str, list[dict[str, Any]]]) -> list[Definition]:
    """HubSpot's own properties from lines of `name | type | fieldType | flags | label`.

    Flags: `ro` the value is read only, `calc` it is calculated, `ext` its options live elsewhere.
    """
    return [
        _from_line(group, [part.strip() for part in line.split("|")], choices)
        for line in lines.strip().splitlines()
    ]


def _from_line(group: str, parts: list[str], choices: dict[str, Any]) -> Definition:
    name, type_, field_type, flags, label = parts
    more: dict[str, Any] = {"label": label, "groupName": group, "hubspotDefined": True}
    if name in choices:
        more["options"] = choices[name]
    if "calc" in flags:
        more["calculated"] = True
    if "ext" in flags:
        more["externalOptions"] = True
    whole = definition(name, type_, field_type, read_only="ro" in flags, **more)
    if type_ == "enumeration":
        whole["modificationMetadata"]["readOnlyOptions"] = name not in OPEN_OPTIONS
    return whole


def sync_key(group: str) -> Definition:
    """The custom property a sync tool stamps its own key into; unique, as upserts need it."""
    return definition(
        "crmsync_key",
        "string",
        "text",
        label="crmsync key",
        groupName=group,
        hasUniqueValue=True,
    )


def asked_for(group: str, name: str, type: str, field_type: str, **more: Any) -> Definition:
    """A custom property that no portal is born with and the reference mapping names, already made."""
    return definition(name, type, field_type, groupName=group, **more)
