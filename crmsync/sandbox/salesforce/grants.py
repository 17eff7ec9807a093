"""What the permission sets of a user let them do: fields, objects, system permissions.

An administrator, which the API user is unless `profile` says otherwise, may do everything but see what was hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crmsync.sandbox.salesforce.schema import STANDARD_OBJECTS, Field
from crmsync.sandbox.salesforce.schema.permissions import SYSTEM_PERMISSIONS
from crmsync.sandbox.tables import Row, Tables

# A change of one of these changes what is visible, or what may be done.
GRANTING = frozenset(
    {"FieldPermissions", "ObjectPermissions", "PermissionSet", "PermissionSetAssignment"}
)
PROFILE_OF_API = "~profile"
ADMINISTRATOR = "System Administrator"
# Objects that have permissions of their own, and those whose rights are those of another object: object
# reference, OpportunityContactRole, CampaignMember and the histories (read 2026-11).
GOVERNED = ("Account", "Campaign", "Contact", "Lead", "Opportunity")
_FOLLOWS = {
    "AccountHistory": "Account",
    "CampaignMember": "Campaign",
    "ContactHistory": "Contact",
    "LeadHistory": "Lead",
    "OpportunityContactRole": "Opportunity",
    "OpportunityFieldHistory": "Opportunity",
    "OpportunityHistory": "Opportunity",
}
# What only View Setup and Configuration shows: object reference, PermissionSet and the others (read 2026-11).
_SETUP = (
    "AssignmentRule", "DuplicateRule", "FieldPermissions", "FlowDefinitionView", "MatchingRule",
    "ObjectPermissions", "PackageLicense", "PermissionSet", "PermissionSetAssignment", "Profile",
)  # fmt: skip
# No permission set of a public repository names them (read 2026-11).
_OF_SYSTEM = frozenset({"IsUnreadByOwner", "IsConverted"})
_VERBS = ("Read", "Create", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords")
# Whoever may edit an opportunity adds and takes away its contact roles: help, Contact Roles (read 2026-11).
_OF_PARENT = {"read": ("read",), "edit": ("create", "edit", "delete")}


def is_administrator(tables: Tables) -> bool:
    """True unless the API user was given a profile with less rights."""
    row = tables.get(PROFILE_OF_API, "api")
    return row is None or row["name"] == ADMINISTRATOR


def sets_of(tables: Tables, user_id: str) -> dict[str, Row]:
    """The permission sets a user has, that of the profile among them."""
    held = {
        row["PermissionSetId"]
        for _, row in tables.rows("PermissionSetAssignment")
        if row["AssigneeId"] == user_id
    }
    return {id_: row for id_, row in tables.rows("PermissionSet") if id_ in held}


def granted(tables: Tables, user_id: str) -> dict[tuple[str, str], bool]:
    """(object, field) of everything the user's permission sets show; True if it can be edited too.

    An address is granted as a whole, by the name of its compound field: permission sets of public
    repositories say Account.BillingAddress and never BillingCity (read 2026-11).
    """
    sets = sets_of(tables, user_id)
    found: dict[tuple[str, str], bool] = {}
    for _, row in tables.rows("FieldPermissions"):
        if row["ParentId"] in sets and row.get("PermissionsRead"):
            for place in _parts(row["SobjectType"], row["Field"].partition(".")[2]):
                found[place] = found.get(place, False) or bool(row.get("PermissionsEdit"))
    return found


def _parts(object_: str, name: str) -> Iterator[tuple[str, str]]:
    yield object_, name
    for each in STANDARD_OBJECTS:
        if each.name == object_:
            yield from ((object_, field.name) for field in each.fields if field.compound == name)


def withheld(custom: Mapping[str, Iterable[Field]]) -> set[tuple[str, str]]:
    """Every field that somebody without a permission set does not see."""
    objects = {each.name: each.fields for each in STANDARD_OBJECTS if each.name in GOVERNED}
    return {
        (name, field.name)
        for name, fields in objects.items()
        for field in (*fields, *custom.get(name, ()))
        if is_granted_by_field(field)
    }


def is_granted_by_field(field: Field) -> bool:
    """Whether field-level security knows a field; names, required and system fields come with the object."""
    if field.compound == "Name" or field.name_field:
        return False
    if field.type == "boolean":
        optional = (field.updateable or field.locked) and field.name not in _OF_SYSTEM
    else:
        optional = field.nillable and (field.createable or field.locked)
    return field.custom or field.type == "address" or optional


def object_rights(tables: Tables, user_id: str) -> dict[str, frozenset[str]]:
    """What a user may do to each object that has permissions; {} for an administrator: everything."""
    if is_administrator(tables):
        return {}
    sets = sets_of(tables, user_id)
    found: dict[str, set[str]] = {name: set() for name in GOVERNED}
    for _, row in tables.rows("ObjectPermissions"):
        if row["ParentId"] in sets and row["SobjectType"] in found:
            verbs = (verb for verb in _VERBS if row.get(f"Permissions{verb}"))
            found[row["SobjectType"]] |= {verb.lower() for verb in verbs}
    for child, parent in _FOLLOWS.items():
        found[child] = {
            verb for held, verbs in _OF_PARENT.items() if held in found[parent] for verb in verbs
        }
    seen = {"read"} if "ViewSetup" in system_rights(tables, user_id) else set()
    found |= dict.fromkeys(_SETUP, seen)
    return {name: frozenset(verbs) for name, verbs in found.items()}


def system_rights(tables: Tables, user_id: str) -> frozenset[str]:
    """The system permissions of a user; all of them for an administrator."""
    if is_administrator(tables):
        return frozenset(SYSTEM_PERMISSIONS)
    rows = sets_of(tables, user_id).values()
    return frozenset(
        name for name in SYSTEM_PERMISSIONS if any(row.get(f"Permissions{name}") for row in rows)
    )
