"""Who the API user is: an administrator, or somebody who may only do what permission sets say.

`profile` of the side door chooses; `permission_set` puts a set in and gives it to the API user, from the XML that
the Metadata API deploys. Shape: Metadata API guide, PermissionSet (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from crmsync.sandbox.salesforce.grants import (
    ADMINISTRATOR,
    GOVERNED,
    PROFILE_OF_API,
    is_granted_by_field,
    system_rights,
)
from crmsync.sandbox.salesforce.schema.permissions import SYSTEM_PERMISSIONS
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

LEAST = "Minimum Access - Salesforce"
PROFILES = (ADMINISTRATOR, LEAST)
_SPACE = "{http://soap.sforce.com/2006/04/metadata}"
_OBJECT_WORDS = {
    "allowRead": "PermissionsRead",
    "allowCreate": "PermissionsCreate",
    "allowEdit": "PermissionsEdit",
    "allowDelete": "PermissionsDelete",
    "viewAllRecords": "PermissionsViewAllRecords",
    "modifyAllRecords": "PermissionsModifyAllRecords",
}
# What a right cannot be without, within one set: help, Object Permissions; deployment errors of public threads,
# "Permission Read Contact depends on permission(s): Read Account" (read 2026-11).
_NEEDS = {
    "PermissionsCreate": ("PermissionsRead",),
    "PermissionsEdit": ("PermissionsRead",),
    "PermissionsDelete": ("PermissionsRead", "PermissionsEdit"),
    "PermissionsViewAllRecords": ("PermissionsRead",),
    "PermissionsModifyAllRecords": (
        "PermissionsRead", "PermissionsEdit", "PermissionsDelete", "PermissionsViewAllRecords",
    ),
}  # fmt: skip
_PARENTS = {"Contact": "Account", "Opportunity": "Account"}
_SYSTEM_NEEDS = {"ViewSetup": "ViewRoles"}


def choose_profile(world: SalesforceWorld, body: Mapping[str, Any]) -> dict[str, str]:
    """Makes the API user one of PROFILES; ValueError for any other name."""
    name = body["name"]
    if name not in PROFILES:
        raise ValueError(f"no profile {name!r}; there are {', '.join(PROFILES)}")
    world.tables.put(PROFILE_OF_API, "api", {"name": name})
    profile = _kept(world, "Profile", {"Name": name})
    every = name == ADMINISTRATOR
    flags = {f"Permissions{each}": every for each in SYSTEM_PERMISSIONS}
    own = {"Name": f"X{profile[:15]}", "Label": name, "IsOwnedByProfile": True}
    set_id = _kept(world, "PermissionSet", {**own, "ProfileId": profile, **flags})
    for row in _profile_assignments(world):
        world.rows.drop("PermissionSetAssignment", row)
    _kept(world, "PermissionSetAssignment", _assigned(world, set_id))
    for object_ in GOVERNED if every else ():
        verbs = dict.fromkeys(_OBJECT_WORDS.values(), True)
        _kept(world, "ObjectPermissions", {"ParentId": set_id, "SobjectType": object_, **verbs})
    world.rebuild()
    return {"name": name, "permission_set": set_id}


def import_permission_set(world: SalesforceWorld, body: Mapping[str, Any]) -> dict[str, str]:
    """Puts a permission set in as a deployment would, and gives it to the API user.

    ValueError says what the Metadata API would have refused: a field that is required, a right without the one it
    depends on, an object or field there is not.
    """
    root = ElementTree.fromstring(body["xml"])  # noqa: S314  # the side door of a simulator on loopback
    objects = {each["SobjectType"]: each for each in _objects(root)}
    fields, system = list(_fields(root)), _system(root)
    problems = [
        *_object_problems(objects),
        *_field_problems(world, fields),
        *_system_problems(system),
    ]
    if problems:
        raise ValueError("; ".join(problems))
    flags = {f"Permissions{name}": name in system for name in SYSTEM_PERMISSIONS}
    label = root.findtext(f"{_SPACE}label") or "?"
    name = body.get("name") or label.replace(" ", "_")
    made = _kept(world, "PermissionSet", {"Name": name, "Label": label, **flags})
    for kind in ("ObjectPermissions", "FieldPermissions"):
        for id_ in world.rows.find(kind, "ParentId", made):
            world.rows.drop(kind, id_)
    for row in objects.values():
        _kept(world, "ObjectPermissions", {"ParentId": made, **row})
    for row in fields:
        _kept(world, "FieldPermissions", {"ParentId": made, **row})
    _kept(world, "PermissionSetAssignment", _assigned(world, made))
    world.rebuild()
    return {"permission_set": made}


def show_own_rights(world: SalesforceWorld) -> None:
    """Brings the one row of UserPermissionAccess up to date."""
    held = system_rights(world.tables, world.user_id)
    flags = {f"Permissions{name}": name in held for name in SYSTEM_PERMISSIONS}
    id_ = "000000000000000AAA"
    row: Row = {"Id": id_, **flags}
    if world.rows.get("UserPermissionAccess", id_) != row:
        world.rows.save("UserPermissionAccess", id_, row)


def _objects(root: ElementTree.Element) -> Iterator[Row]:
    for each in root.findall(f"{_SPACE}objectPermissions"):
        verbs = {ours: _yes(each, theirs) for theirs, ours in _OBJECT_WORDS.items()}
        yield {"SobjectType": each.findtext(f"{_SPACE}object"), **verbs}


def _fields(root: ElementTree.Element) -> Iterator[Row]:
    for each in root.findall(f"{_SPACE}fieldPermissions"):
        name = str(each.findtext(f"{_SPACE}field"))
        yield {
            "SobjectType": name.partition(".")[0],
            "Field": name,
            "PermissionsRead": _yes(each, "readable"),
            "PermissionsEdit": _yes(each, "editable"),
        }


def _system(root: ElementTree.Element) -> frozenset[str]:
    each = root.findall(f"{_SPACE}userPermissions")
    return frozenset(str(one.findtext(f"{_SPACE}name")) for one in each if _yes(one, "enabled"))


def _yes(element: ElementTree.Element, word: str) -> bool:
    return element.findtext(f"{_SPACE}{word}") == "true"


def _object_problems(objects: Mapping[str, Row]) -> Iterator[str]:
    for name, row in objects.items():
        if name not in GOVERNED:
            yield f"In field: object - no CustomObject named {name} found"
        for right, needed in _NEEDS.items():
            for other in needed if row[right] else ():
                if not row[other]:
                    yield _depends(right, name, other, name)
        parent = _PARENTS.get(name)
        if parent and row["PermissionsRead"] and not objects.get(parent, {}).get("PermissionsRead"):
            yield _depends("PermissionsRead", name, "PermissionsRead", parent)


def _depends(right: str, object_: str, other: str, parent: str) -> str:
    words = [each.removeprefix("Permissions") for each in (right, other)]
    return f"Permission {words[0]} {object_} depends on permission(s): {words[1]} {parent}"


def _field_problems(world: SalesforceWorld, fields: list[Row]) -> Iterator[str]:
    for row in fields:
        object_, _, name = row["Field"].partition(".")
        shape = world.shape(object_)
        field = shape.fields.get(name.lower()) if shape else None
        part = field is not None and (field.compound or "").endswith("Address")
        if field is None or part:
            yield f"In field: field - no CustomField named {row['Field']} found"
        elif not is_granted_by_field(field):
            yield f"You cannot deploy to a required field: {row['Field']}"


def _system_problems(system: frozenset[str]) -> Iterator[str]:
    for name in sorted(system - set(SYSTEM_PERMISSIONS)):
        yield f"Unknown user permission: {name}"
    for name, other in _SYSTEM_NEEDS.items():
        if name in system and other not in system:
            yield f"Permission {name} depends on permission(s): {other}"


def _profile_assignments(world: SalesforceWorld) -> list[str]:
    own = {id_ for id_, row in world.tables.rows("PermissionSet") if row.get("IsOwnedByProfile")}
    rows = world.tables.rows("PermissionSetAssignment")
    return [id_ for id_, row in rows if row["PermissionSetId"] in own]


def _assigned(world: SalesforceWorld, set_id: str) -> Row:
    return {"PermissionSetId": set_id, "AssigneeId": world.user_id}


_KEYS: Mapping[str, tuple[str, ...]] = {
    "Profile": ("Name",),
    "PermissionSet": ("Name",),
    "PermissionSetAssignment": ("PermissionSetId", "AssigneeId"),
    "ObjectPermissions": ("ParentId", "SobjectType"),
    "FieldPermissions": ("ParentId", "Field"),
}


def _kept(world: SalesforceWorld, name: str, values: Row) -> str:
    """The id of the row with these values; the one that is there is brought up to date."""
    key = {each: values[each] for each in _KEYS[name]}
    same = [id_ for id_, row in world.tables.rows(name) if key.items() <= row.items()]
    id_ = same[0] if same else world.new_id(world.shapes[name.lower()])
    world.rows.save(name, id_, {"Id": id_, **values, "SystemModstamp": world.stamp()})
    return id_
