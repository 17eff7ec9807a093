"""What stands between a request body and a row: names, permissions, types, references, uniqueness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import (
    INVALID_CROSS_REFERENCE,
    ApiError,
    Refusal,
    refuse,
)
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.values import accepted
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row


def accept(world: SalesforceWorld, shape: Shape, body: dict[str, Any], *, creating: bool) -> Row:
    """The values of a body by exact field name, each as its field keeps it; Refusal with all errors."""
    named = dict(_named_fields(world, shape, body))
    _refuse_read_only(shape, named, creating=creating)
    values: Row = {}
    trim = bool(world.switch("trim_text"))
    errors: list[ApiError] = []
    for name, value in named.items():
        field = shape.stored(name)
        try:
            values[name] = accepted(field, value, trim=trim)
            _check_reference(world, shape, field, values[name])
        except Refusal as refusal:
            errors.extend(refusal.errors)
    if errors:
        raise Refusal(*errors)
    return values


def _named_fields(
    world: SalesforceWorld, shape: Shape, body: dict[str, Any]
) -> Iterator[tuple[str, Any]]:
    for key, value in body.items():
        lookup = shape.relations.get(key.lower())
        if key == "attributes":
            continue
        if key.lower() in shape.fields:
            yield shape.stored(key).name, value
        elif lookup is not None and isinstance(value, dict):
            yield lookup.name, _by_foreign_key(world, lookup, value)
        else:
            message = f"No such column '{key}' on sobject of type {shape.name}"
            raise refuse("INVALID_FIELD", message)


def _by_foreign_key(world: SalesforceWorld, lookup: Field, given: dict[str, Any]) -> str:
    """The id of the parent that `{"Account": {"Key__c": "x"}}` means."""
    keys = [key for key in given if key != "attributes"]
    parent = world.shape(_parent_type(lookup, given))
    key = parent.field(keys[0]) if parent and len(keys) == 1 else None
    if parent is None or key is None or not key.id_lookup:
        message = f"Foreign key reference {lookup.relationship} needs one external id field"
        raise refuse("INVALID_FIELD", message, lookup.name)
    found = world.rows.find(parent.name, key.name, given[keys[0]])
    if len(found) != 1:
        message = (
            f"Foreign key external ID: {given[keys[0]]} not found for field {key.name} "
            f"in entity {parent.name}"
        )
        raise refuse("INVALID_FIELD", message)
    return found[0]


def _parent_type(lookup: Field, given: dict[str, Any]) -> str:
    """The type a nested record says it is of, where the lookup may lead to several; else the only one."""
    attributes = given.get("attributes")
    said = str(attributes.get("type", "")) if isinstance(attributes, dict) else ""
    known = {name.lower(): name for name in lookup.reference_to}
    return known.get(said.lower(), lookup.reference_to[-1])


def _refuse_read_only(shape: Shape, named: Row, *, creating: bool) -> None:
    def writable(field: Field) -> bool:
        may = field.createable if creating else field.updateable
        return may and field.name.lower() in shape.visible

    refused = [name for name in named if not writable(shape.stored(name))]
    if refused:
        message = (
            f"Unable to create/update fields: {', '.join(refused)}. Please check the security "
            "settings of this field and verify that it is read/write for your profile or "
            "permission set."
        )
        raise refuse("INVALID_FIELD_FOR_INSERT_UPDATE", message, *refused)


def _check_reference(world: SalesforceWorld, shape: Shape, field: Field, id_: Any) -> None:
    if field.type != "reference" or id_ is None:
        return
    parents = [parent for name in field.reference_to if (parent := world.shape(name))]
    parent = next((p for p in parents if id_.startswith(p.object.prefix)), None)
    if parent is None:
        message = f"{field.label}: id value of incorrect type: {id_}"
        raise refuse("MALFORMED_ID", message, field.name)
    row = world.rows.live(parent.name, id_)
    if row is None:
        raise Refusal(INVALID_CROSS_REFERENCE)
    if field.name == "OwnerId" and not row.get("IsActive"):
        noun = shape.object.label.lower()
        message = f"operation performed with inactive user [{id_[:15]}] as owner of {noun}"
        raise refuse("INACTIVE_OWNER_OR_USER", message)


def missing_fields(shape: Shape, values: Row, *, creating: bool) -> list[ApiError]:
    """One error that lists the required fields without a value; on update only those sent as null."""
    missing = [
        field.name
        for field in shape.fields.values()
        if _demanded(field, creating=creating)
        and (creating or field.name in values)
        and values.get(field.name) is None
    ]
    if not missing:
        return []
    message = f"Required fields are missing: [{', '.join(missing)}]"
    return [ApiError("REQUIRED_FIELD_MISSING", message, tuple(missing))]


def _demanded(field: Field, *, creating: bool) -> bool:
    return field.required if creating else field.updateable and not field.nillable


def taken_values(
    world: SalesforceWorld, shape: Shape, values: Row, own_id: str | None
) -> list[ApiError]:
    """An error for each unique value that another live record already holds."""
    errors = []
    for field in shape.fields.values():
        value = values.get(field.name) if field.unique else None
        for id_ in [] if value is None else world.rows.find(shape.name, field.name, value):
            if id_ != own_id:
                message = (
                    f"duplicate value found: {field.name} duplicates value on record "
                    f"with id: {id_[:15]}"
                )
                errors.append(ApiError("DUPLICATE_VALUE", message))
    return errors
