"""The part of the Tooling API that makes, shows and deletes custom fields.

Shapes as in the Tooling API guide, CustomField, and public code that calls it (read 2026-11).
"""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.salesforce.calls import Call, Reply, json_object
from crmsync.sandbox.salesforce.custom_fields import SUFFIX
from crmsync.sandbox.salesforce.errors import NOT_FOUND, Refusal, refuse
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.soql.run import run_query
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

# Metadata types that this org can make, and what describe calls them.
_TYPES = {
    "Checkbox": "boolean",
    "Date": "date",
    "DateTime": "datetime",
    "Email": "email",
    "Number": "double",
    "Phone": "phone",
    "Picklist": "picklist",
    "Text": "string",
    "TextArea": "textarea",
    "Url": "url",
}
_METADATA_TYPES = {ours: theirs for theirs, ours in _TYPES.items()}
_LONGEST_TEXT = 255


def query(world: SalesforceWorld, call: Call) -> Reply:
    """The first page of a query of the Tooling API's own objects."""
    soql = call.query.get("q")
    if not soql:
        raise refuse("MALFORMED_QUERY", "A query string has to be specified")
    return Reply(200, run_query(world, soql, call.asked(tooling=True)))


def post_field(world: SalesforceWorld, call: Call) -> Reply:
    """201 with the new id. Nobody sees the field until a permission set or a profile shows it."""
    body = json_object(call)
    object_, _, name = str(body.get("FullName") or "").partition(".")
    shape = world.shape(object_)
    if shape is None or not name.endswith(SUFFIX):
        message = "FullName has to be that of an object and a field, as in Contact.Name__c"
        raise refuse("FIELD_INTEGRITY_EXCEPTION", message, "FullName")
    told = _checked(body.get("Metadata"))
    if name.lower() in shape.fields:
        message = f"There is already a field named {name.removesuffix(SUFFIX)} on {shape.name}."
        raise refuse("DUPLICATE_DEVELOPER_NAME", message, "DeveloperName")
    world.define_field(shape.name, name, told.pop("type"), **told)
    world.hide_field(shape.name, name)
    id_ = _id_of(world, shape.name, name)
    made = {"id": id_, "success": True, "errors": [], "warnings": [], "infos": []}
    return Reply(201, made, {"Location": f"{call.prefix}tooling/sobjects/CustomField/{id_}"})


def get_field(world: SalesforceWorld, call: Call) -> Reply:
    """One custom field with its full name and metadata."""
    row = _existing(world, call)
    shape = world.shapes[row["TableEnumOrId"].lower()]
    field = shape.stored(row["DeveloperName"] + SUFFIX)
    url = f"{call.prefix}tooling/sobjects/CustomField/{row['Id']}"
    return Reply(
        200,
        {
            "attributes": {"type": "CustomField", "url": url},
            **row,
            "FullName": f"{shape.name}.{field.name}",
            "Metadata": _metadata(field),
        },
    )


def delete_field(world: SalesforceWorld, call: Call) -> Reply:
    """204; the field goes to the deleted fields, for 15 days."""
    row = _existing(world, call)
    world.drop_field(row["TableEnumOrId"], row["DeveloperName"] + SUFFIX)
    return Reply(204)


def _checked(metadata: Any) -> dict[str, Any]:
    """Attributes of `define_field` from the metadata of a field; Refusal if it makes no sense."""
    told = metadata if isinstance(metadata, dict) else {}
    if told.get("type") not in _TYPES:
        message = f"Must specify a valid type for the field: {told.get('type')}"
        raise refuse("FIELD_INTEGRITY_EXCEPTION", message, "Metadata")
    if not told.get("label"):
        raise refuse("REQUIRED_FIELD_MISSING", "Required fields are missing: [Label]", "Label")
    length = told.get("length")
    if told["type"] == "Text" and not (isinstance(length, int) and 0 < length <= _LONGEST_TEXT):
        message = f"Text length has to be between 1 and {_LONGEST_TEXT}"
        raise refuse("FIELD_INTEGRITY_EXCEPTION", message, "Metadata")
    given: dict[str, Any] = {"type": _TYPES[told["type"]], "label": told["label"]}
    given |= {"length": length} if length else {}
    flags = {"unique": "unique", "externalId": "external_id", "caseSensitive": "case_sensitive"}
    return given | {ours: bool(told.get(theirs)) for theirs, ours in flags.items()}


def _metadata(field: Field) -> dict[str, Any]:
    return {
        "label": field.label,
        "type": _METADATA_TYPES.get(field.type, "Text"),
        "length": field.length or None,
        "required": field.required,
        "unique": field.unique,
        "externalId": field.external_id,
        "caseSensitive": field.case_sensitive if field.unique else None,
        "description": None,
    }


def _id_of(world: SalesforceWorld, object_: str, name: str) -> str:
    stem = name.removesuffix(SUFFIX)
    rows = world.tables.rows("CustomField")
    return next(
        id_ for id_, row in rows if (row["TableEnumOrId"], row["DeveloperName"]) == (object_, stem)
    )


def _existing(world: SalesforceWorld, call: Call) -> Row:
    row = world.rows.get("CustomField", full_id(call.parts[3]) or "")
    if row is None:
        raise Refusal(NOT_FOUND)
    return row
