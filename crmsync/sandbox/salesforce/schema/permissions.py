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

# Names of system permissions as permission sets have them, those that an integration is judged by: Metadata
# API, PermissionSet, userPermissions (read 2026-11). Real orgs have some hundreds of them.
SYSTEM_PERMISSIONS = (
    "ApiEnabled", "AuthorApex", "BulkApiHardDelete", "CustomizeApplication", "EditReadonlyFields", "ManageUsers",
    "ModifyAllData", "ModifyMetadata", "TransferAnyEntity", "TransferAnyLead", "ViewAllData", "ViewRoles", "ViewSetup",
)  # fmt: skip
_SYSTEM_FLAGS = tuple(flag(f"Permissions{name}", label=name) for name in SYSTEM_PERMISSIONS)

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
        reference("ProfileId", "Profile", "N", children="PermissionSets"),
        text("NamespacePrefix", 15, "N"),
        *_SYSTEM_FLAGS,
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
        flag("PermissionsViewAllRecords"),
        flag("PermissionsModifyAllRecords"),
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

PROFILE = ObjectType(
    name="Profile",
    label="Profile",
    plural="Profiles",
    prefix="00e",
    createable=False,
    updateable=False,
    deletable=False,
    fields=(record_id("Profile"), text("Name", 255, "", name_field=True), _STAMP),
)

# What the user who asks may do, all of it put together; one row, and no key prefix of its own that was seen in
# public: object reference, UserPermissionAccess; OrgCheck queries it so (read 2026-11).
USER_PERMISSION_ACCESS = ObjectType(
    name="UserPermissionAccess",
    label="User Permission Access",
    plural="User Permission Access",
    prefix="000",
    createable=False,
    updateable=False,
    deletable=False,
    fields=(
        record_id("User Permission Access"),
        *(flag(f"Permissions{name}", "D", label=name) for name in SYSTEM_PERMISSIONS),
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
