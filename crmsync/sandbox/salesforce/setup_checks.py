"""What may stand in a permission set, what goes with it, and when it cannot be deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crmsync.sandbox.salesforce.errors import ApiError
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

# What goes with a record when it is deleted; all of these are gone at once, with no recycle bin.
GOES_WITH: dict[str, tuple[tuple[str, str], ...]] = {
    "PermissionSet": (("FieldPermissions", "ParentId"), ("ObjectPermissions", "ParentId")),
    "FieldPermissions": (),
    "ObjectPermissions": (),
    "PermissionSetAssignment": (),
}


def setup_problems(world: SalesforceWorld, name: str, row: Row) -> list[ApiError]:
    """What speaks against a new record of one of the setup objects; nothing for any other object."""
    check = _CHECKS.get(name)
    return list(check(world, row)) if check else []


def in_use(world: SalesforceWorld, name: str, id_: str) -> list[ApiError]:
    """What speaks against deleting a setup record: a permission set that somebody has."""
    held = world.rows.find("PermissionSetAssignment", "PermissionSetId", id_)
    if name != "PermissionSet" or not held:
        return []
    # An administrator is told to remove the assignments first: help, Delete Permission Sets (read
    # 2026-11); the code was not seen.
    message = "You can't delete a permission set that's assigned to users."
    return [ApiError("DELETE_FAILED", message)]


def _permission_set(world: SalesforceWorld, row: Row) -> Iterator[ApiError]:
    if world.rows.find("PermissionSet", "Name", row["Name"]):
        message = "The name you entered is already being used by another permission set."
        yield ApiError("DUPLICATE_DEVELOPER_NAME", message, ("Name",))


def _field_permissions(world: SalesforceWorld, row: Row) -> Iterator[ApiError]:
    object_, _, field = str(row["Field"]).partition(".")
    shape = world.shape(object_)
    if shape is None or object_ != row["SobjectType"] or field.lower() not in shape.fields:
        message = f"Field Name: bad value for restricted picklist field: {row['Field']}"
        yield ApiError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, ("Field",))
    # PermissionsEdit requires PermissionsRead: object reference, FieldPermissions (read 2026-11).
    if row.get("PermissionsEdit") and not row.get("PermissionsRead"):
        message = "PermissionsEdit requires PermissionsRead"
        yield ApiError("FIELD_INTEGRITY_EXCEPTION", message)
    yield from _only_one(world, "FieldPermissions", row, ("ParentId", "Field"))


def _assignment(world: SalesforceWorld, row: Row) -> Iterator[ApiError]:
    keys = ("PermissionSetId", "AssigneeId")
    yield from _only_one(world, "PermissionSetAssignment", row, keys)


def _only_one(
    world: SalesforceWorld, name: str, row: Row, keys: tuple[str, str]
) -> Iterator[ApiError]:
    first, second = keys
    same = world.rows.find(name, first, row[first])
    if any((world.rows.get(name, id_) or {}).get(second) == row[second] for id_ in same):
        # The platform does not say which: seen in many public logs (read 2026-11).
        message = "duplicate value found: <unknown> duplicates value on record with id: <unknown>"
        yield ApiError("DUPLICATE_VALUE", message)


_CHECKS: dict[str, Callable[[SalesforceWorld, Row], Iterator[ApiError]]] = {
    "PermissionSet": _permission_set,
    "FieldPermissions": _field_permissions,
    "PermissionSetAssignment": _assignment,
}
