"""What an org's own rules make of a write: refused by validation, found to be a duplicate, given another owner.

Order as in the order of execution: validation, then duplicates, then the save, then assignment (Apex guide,
Triggers and Order of Execution, read 2026-11).
"""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.declaring import Body, holds, setups
from crmsync.sandbox.salesforce.derived import derive
from crmsync.sandbox.salesforce.errors import ApiError
from crmsync.sandbox.salesforce.options import WriteOptions
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row


def rule_problems(
    world: SalesforceWorld, shape: Shape, before: Row, changes: Row, options: WriteOptions
) -> list[ApiError]:
    """What the rules have against a record as it would be; the duplicates only if it is valid."""
    row = {**before, **changes}
    derive(shape.name, before, row)
    invalid = [*_dependents(shape, before, row), *_validations(world, shape, before, row)]
    return invalid or _duplicates(world, shape, before, row, options)


def assigned_owner(
    world: SalesforceWorld, shape: Shape, before: Row, changes: Row, options: WriteOptions
) -> Row:
    """The owner that an assignment rule gives a record, as changes; {} for none."""
    if not options.auto_assign:
        return {}
    row = {**before, **changes}
    for _, setup in setups(world, "AssignmentRule", shape.name):
        for entry in setup["entries"]:
            if holds(entry["when"], before, row):
                return {"OwnerId": entry["owner"]}
    return {}


def _validations(world: SalesforceWorld, shape: Shape, before: Row, row: Row) -> list[ApiError]:
    # The administrator's own words, with one field or none: jsforce http-api tests (read 2026-11).
    return [
        ApiError(
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            rule["ErrorMessage"],
            (setup["field"],) if setup["field"] else (),
        )
        for rule, setup in setups(world, "ValidationRule", shape.name)
        if holds(setup["when"], before, row)
    ]


def _dependents(shape: Shape, before: Row, row: Row) -> list[ApiError]:
    errors = []
    for field in shape.fields.values():
        value = row.get(field.name)
        if field.controller is None or value is None:
            continue
        if value == before.get(field.name) and row.get(field.controller) == before.get(
            field.controller
        ):
            continue
        allowed = dict(field.valid_for).get(str(row.get(field.controller)), ())
        if value not in allowed:
            message = f"{field.label}: bad value for restricted picklist field: {value}"
            errors.append(
                ApiError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, (field.name,))
            )
    return errors


def _duplicates(
    world: SalesforceWorld, shape: Shape, before: Row, row: Row, options: WriteOptions
) -> list[ApiError]:
    """The first duplicate rule that finds something; allowSave overrides the ones that only alert."""
    for rule, setup in setups(world, "DuplicateRule", shape.name):
        if before and all(before.get(name) == row.get(name) for name in setup["match"]):
            continue
        if setup["action"] == "alert" and options.allow_save:
            continue
        found = _alike(world, setup, row)
        if found:
            return [_detected(world, shape, rule, setup, found, options)]
    return []


def _alike(world: SalesforceWorld, setup: Body, row: Row) -> list[Row]:
    values = {name: row.get(name) for name in setup["match"]}
    if any(value in (None, "") for value in values.values()):
        return []
    first, *rest = values
    ids = world.rows.find(setup["against"], first, values[first])
    others = [world.rows.get(setup["against"], id_) or {} for id_ in ids if id_ != row.get("Id")]
    return [
        other
        for other in others
        if all(_folded(other.get(name)) == _folded(values[name]) for name in rest)
    ]


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _detected(
    world: SalesforceWorld,
    shape: Shape,
    rule: Row,
    setup: Body,
    found: list[Row],
    options: WriteOptions,
) -> ApiError:
    # A production response of v50, whose key is misspelt: RudderStack server tests (read 2026-11).
    against = world.shapes[setup["against"].lower()]
    matches = {
        "entityType": against.name,
        "errors": [],
        "matchEngine": "ExactMatchEngine",
        "matchRecords": [_match(against, row, options) for row in found],
        "rule": setup["matching_rule"],
        "size": len(found),
        "success": True,
    }
    result = {
        "allowSave": setup["action"] == "alert",
        "duplicateRule": rule["DeveloperName"],
        "duplicateRuleEntityType": shape.name,
        "errorMessage": setup["message"],
        "matchResults": [matches],
    }
    key = str(world.switch("duplicate_result_key"))
    return ApiError("DUPLICATES_DETECTED", setup["message"], extra=((key, result),))


def _match(shape: Shape, row: Row, options: WriteOptions) -> Row:
    names = [each.name for each in shape.visible.values() if each.type != "address"]
    shown = {name: row.get(name) for name in names} if options.record_details else {}
    attributes = {"type": shape.name, "url": f"{options.root}{shape.name}/{row['Id']}"}
    return {
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": 100,
        "record": {"attributes": attributes, "Id": row["Id"], **shown},
    }
