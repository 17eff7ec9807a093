"""Which fields the permission sets of a user show."""

from __future__ import annotations

from crmsync.sandbox.tables import Tables

# A change of one of these changes what is visible.
GRANTING = frozenset({"FieldPermissions", "PermissionSet", "PermissionSetAssignment"})


def granted(tables: Tables, user_id: str) -> dict[tuple[str, str], bool]:
    """(object, field) of everything the user's permission sets show; True if it can be edited too."""
    sets = {
        row["PermissionSetId"]
        for _, row in tables.rows("PermissionSetAssignment")
        if row["AssigneeId"] == user_id
    }
    found: dict[tuple[str, str], bool] = {}
    for _, row in tables.rows("FieldPermissions"):
        if row["ParentId"] in sets and row.get("PermissionsRead"):
            _, _, name = row["Field"].partition(".")
            place = (row["SobjectType"], name)
            found[place] = found.get(place, False) or bool(row.get("PermissionsEdit"))
    return found
