"""Objects that say who may see which field, and the one that only the Tooling API knows."""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema.fields import (
    ObjectType,
    field,
    flag,
    record_id,
    reference,
    text,
)

_STAMP = field("SystemModstamp", "datetime", "D")

# Fields and key prefixes: object reference, PermissionSet, FieldPermissions, ObjectPermissions and
# PermissionSetAssignment (read 2026-11). None of them has IsDeleted: what is deleted is gone.
PERMISSION_SET = ObjectType(
    name="PermissionSet",
    label="Permission Set",
    plural="Permission Sets",
    prefix="0PS",
    fields=(
        record_id("Permission Set"),
        text("Name", 80, "CU", label="Permission Set Name", name_field=True),
        text("Label", 80, "CU"),
        text("Description", 255),
        flag("IsOwnedByProfile", "D"),
        text("NamespacePrefix", 15, "N"),
        _STAMP,
    ),
)

FIELD_PERMISSIONS = ObjectType(
    name="FieldPermissions",
    label="Field Permissions",
    plural="Field Permissions",
    prefix="01k",
    fields=(
        record_id("Field Permissions"),
        reference("ParentId", "PermissionSet", "C", children="FieldPerms"),
        text("SobjectType", 40, "C"),
        text("Field", 80, "C"),
        flag("PermissionsEdit"),
        flag("PermissionsRead"),
        _STAMP,
    ),
)

OBJECT_PERMISSIONS = ObjectType(
    name="ObjectPermissions",
    label="Object Permissions",
    plural="Object Permissions",
    prefix="110",
    fields=(
        record_id("Object Permissions"),
        reference("ParentId", "PermissionSet", "C", children="ObjectPerms"),
        text("SobjectType", 40, "C"),
        flag("PermissionsCreate"),
        flag("PermissionsRead"),
        flag("PermissionsEdit"),
        flag("PermissionsDelete"),
        _STAMP,
    ),
)

PERMISSION_SET_ASSIGNMENT = ObjectType(
    name="PermissionSetAssignment",
    label="Permission Set Assignment",
    plural="Permission Set Assignments",
    prefix="0Pa",
    updateable=False,
    fields=(
        record_id("Permission Set Assignment"),
        reference("AssigneeId", "User", "C", children="PermissionSetAssignments"),
        reference("PermissionSetId", "PermissionSet", "C", children="Assignments"),
        _STAMP,
    ),
)

# Tooling API, CustomField (read 2026-11). FullName and Metadata come with one record only.
CUSTOM_FIELD = ObjectType(
    name="CustomField",
    label="Custom Field",
    plural="Custom Fields",
    prefix="00N",
    fields=(
        record_id("Custom Field"),
        text("DeveloperName", 80, "", name_field=True),
        text("TableEnumOrId", 40, ""),
        text("NamespacePrefix", 15, "N"),
    ),
)
