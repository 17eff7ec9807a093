"""Create, update, upsert and delete of one record, as the API user may do them.

Nothing is written when a record is refused; the outcome then carries every error found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from crmsync.sandbox.salesforce.automating import automate
from crmsync.sandbox.salesforce.campaigning import member_problems
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.checks import accept, missing_fields, taken_values
from crmsync.sandbox.salesforce.errors import (
    CONVERTED_LEAD,
    ENTITY_IS_DELETED,
    NOT_FOUND,
    ApiError,
    Refusal,
    refuse,
)
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.options import WriteOptions
from crmsync.sandbox.salesforce.recycling import log_deletion
from crmsync.sandbox.salesforce.rights_checks import transfer_problems
from crmsync.sandbox.salesforce.role_checks import role_problems
from crmsync.sandbox.salesforce.rules import assigned_owner, rule_problems
from crmsync.sandbox.salesforce.setup_checks import GOES_WITH, in_use, setup_problems
from crmsync.sandbox.salesforce.world import SalesforceWorld, defaults
from crmsync.sandbox.tables import Row


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record. `created` is told by upserts only; `matches` when several fit."""

    id: str | None
    errors: tuple[ApiError, ...] = ()
    created: bool | None = None
    matches: tuple[str, ...] = ()


_PLAIN = WriteOptions()


def create(
    world: SalesforceWorld, shape: Shape, body: dict[str, Any], options: WriteOptions = _PLAIN
) -> Outcome:
    """Inserts a record."""
    try:
        if not shape.object.createable:
            raise refuse(
                "INVALID_TYPE_FOR_OPERATION", f"entity type cannot be inserted: {shape.name}"
            )
        values = accept(world, shape, body, creating=True)
        row = {**values, **defaults(shape, values, {})}
        _check(missing_fields(shape, row, creating=True), taken_values(world, shape, row, None))
        _check(setup_problems(world, shape.name, row))
        _check(member_problems(world, shape.name, row, None))
        _check(role_problems(world, shape.name, row))
        _check(rule_problems(world, shape, {}, row, options))
        row |= assigned_owner(world, shape, {}, row, options)
    except Refusal as refusal:
        return Outcome(None, refusal.errors)
    id_ = world.new_id(shape)
    world.write(shape, id_, row, stamp=world.stamp())
    _add_primary_role(world, shape, id_, row)
    automate(world, shape, id_, {})
    return Outcome(id_)


def update(
    world: SalesforceWorld,
    shape: Shape,
    id_: str,
    body: dict[str, Any],
    options: WriteOptions = _PLAIN,
) -> Outcome:
    """Changes the named fields of a record; stamps it even if no value differs."""
    try:
        before = existing(world, shape, id_)
        if before.get("IsConverted"):
            raise Refusal(CONVERTED_LEAD)
        if not shape.object.updateable:
            raise refuse(
                "INVALID_TYPE_FOR_OPERATION", f"entity type cannot be updated: {shape.name}"
            )
        changes = accept(world, shape, body, creating=False)
        _check(
            missing_fields(shape, changes, creating=False),
            taken_values(world, shape, changes, before["Id"]),
        )
        _check(transfer_problems(world, shape, before, changes))
        _check(rule_problems(world, shape, before, changes, options))
        changes |= assigned_owner(world, shape, before, changes, options)
    except Refusal as refusal:
        return Outcome(None, refusal.errors)
    world.write(shape, before["Id"], changes, stamp=world.stamp())
    automate(world, shape, before["Id"], before)
    return Outcome(before["Id"])


def upsert(
    world: SalesforceWorld,
    shape: Shape,
    key: str,
    value: Any,
    body: dict[str, Any],
    *,
    update_only: bool = False,
    options: WriteOptions = _PLAIN,
) -> Outcome:
    """Updates the record whose upsert key has that value, or inserts one.

    `key` is the exact name of an idLookup field; by `Id`, a blank value inserts.
    """
    found = matching_ids(world, shape, key, value)
    if len(found) > 1:
        return Outcome(None, (_several(key, found),), matches=tuple(found))
    if found:
        outcome = update(world, shape, found[0], body, options)
        return Outcome(outcome.id, outcome.errors, created=None if outcome.errors else False)
    if update_only or (key == "Id" and value is not None):
        return Outcome(None, (NOT_FOUND,))
    outcome = create(world, shape, body if key == "Id" else {**body, key: value}, options)
    return Outcome(outcome.id, outcome.errors, created=None if outcome.errors else True)


def delete(world: SalesforceWorld, shape: Shape, id_: str) -> Outcome:
    """Puts a record, and those that go with it, in the recycle bin."""
    try:
        row = existing(world, shape, id_)
        if not shape.object.deletable:
            message = "insufficient access rights on object id"
            raise refuse("INSUFFICIENT_ACCESS_OR_READONLY", message, status=403)
        _check(in_use(world, shape.name, row["Id"]))
    except Refusal as refusal:
        return Outcome(None, refusal.errors)
    if shape.name == "OpportunityContactRole":
        # A role deleted by itself is in no queryAll: OpportunityContactRole in the object
        # reference, IsDeleted (read 2026-11).
        world.rows.drop(shape.name, row["Id"])
        log_deletion(world, shape.name, row["Id"], world.stamp())
    elif shape.name in GOES_WITH:
        for child, lookup in GOES_WITH[shape.name]:
            for child_id in world.rows.find(child, lookup, row["Id"]):
                world.rows.drop(child, child_id)
        world.drop(shape, row["Id"])
    else:
        _bin(world, shape, row["Id"])
    return Outcome(row["Id"])


def existing(world: SalesforceWorld, shape: Shape, id_: Any) -> Row:
    """The live row of an id; Refusal when the id is malformed, unknown or that of a deleted row."""
    normal = full_id(id_)
    if normal is None:
        raise refuse("MALFORMED_ID", f"malformed id {id_}", "Id")
    row = world.rows.get(shape.name, normal)
    if row is None:
        raise Refusal(NOT_FOUND)
    if row.get("IsDeleted"):
        status = int(world.switch("deleted_record_status"))
        raise Refusal(replace(ENTITY_IS_DELETED, status=status))
    return row


def matching_ids(world: SalesforceWorld, shape: Shape, key: str, value: Any) -> list[str]:
    """Ids of the live records with a value in an upsert key, in order; none for a blank value."""
    if value is None or value == "":
        return []
    if key == "Id":
        id_ = full_id(value)
        return [id_] if id_ and world.rows.live(shape.name, id_) else []
    return world.rows.find(shape.name, key, value.strip() if isinstance(value, str) else value)


def _several(key: str, ids: list[str]) -> ApiError:
    message = f"{key}: more than one record found for external id field: [{', '.join(ids)}]"
    return ApiError("DUPLICATE_EXTERNAL_ID", message, (key,))


def _check(*groups: list[ApiError]) -> None:
    errors = [error for group in groups for error in group]
    if errors:
        raise Refusal(*errors)


def _bin(world: SalesforceWorld, shape: Shape, id_: str) -> None:
    world.write(shape, id_, {"IsDeleted": True}, stamp=world.stamp())
    for child, lookup in shape.children.values():
        if lookup.cascades:
            for child_id in world.rows.find(child, lookup.name, id_):
                _bin(world, world.shapes[child.lower()], child_id)


def _add_primary_role(world: SalesforceWorld, shape: Shape, id_: str, row: Row) -> None:
    """ContactId on a new opportunity makes that contact's primary role."""
    # Observed for the field itself; the role it makes is documented, not recorded (read 2026-11).
    wanted = world.switch("contact_makes_role")
    if wanted and shape.name == "Opportunity" and row.get("ContactId"):
        role = {"OpportunityId": id_, "ContactId": row["ContactId"], "IsPrimary": True}
        create(world, world.shapes["opportunitycontactrole"], role)
