"""What the user behind a credential may do: describe tells of objects and fields, two queries of the rest.

Describe shows what this very user may do with an object and each of its fields; UserPermissionAccess is one row of the
permissions of whoever asks. Who grants a right, and whether all records can be seen, stands in the permission sets,
which take View Setup and Configuration. developer.salesforce.com, object reference (read 2026-11)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.connectors.salesforce.footprint import user_of
from crmsync.connectors.salesforce.permissions import Described, granted_as
from crmsync.connectors.salesforce.writing import KEY_FIELD
from crmsync.core.rights import Demand, Held, Right
from crmsync.errors import AccessDenied, Refused

# Permissions that are needed, and those that open everything or what no mapping writes.
# help.salesforce.com, User Permissions (read 2026-11)
PERMISSIONS = (
    "ApiEnabled", "ViewSetup", "ViewRoles", "TransferAnyEntity", "TransferAnyLead",
    "ModifyAllData", "ViewAllData", "CustomizeApplication", "ModifyMetadata", "AuthorApex", "ManageUsers",
    "EditReadonlyFields", "BulkApiHardDelete",
)  # fmt: skip
_OBJECT_FLAGS: Mapping[str, str] = {
    "PermissionsRead": "read",
    "PermissionsCreate": "create",
    "PermissionsEdit": "edit",
    "PermissionsDelete": "delete",
    "PermissionsViewAllRecords": "view_all",
    "PermissionsModifyAllRecords": "modify_all",
}
_IN_DESCRIBE: Mapping[str, str] = {
    "queryable": "read",
    "createable": "create",
    "updateable": "edit",
    "deletable": "delete",
}
Describe = Callable[[str], Mapping[str, Any] | None]
Sources = dict[Right, tuple[str, ...]]


def held(api: Api, demands: Sequence[Demand], describe: Describe) -> Held:
    """The rights of this user over some objects, and over everything; what cannot be looked at is named.

    That our own key can be filled where nothing is created is left out: `footprint install` put it in so.
    """
    objects = [each.object for each in demands]
    told = {name: describe(name) for name in objects}
    rights = {right for name, one in told.items() if one for right in _described(name, one)}
    rights -= {Right(f"{each.object}.{KEY_FIELD}", "edit") for each in demands if not each.key}
    permissions, unchecked = _permissions(api)
    rights |= permissions
    sources, blind = _sources(api, rights)
    unchecked += blind
    if Right("ViewAllData") in rights:
        rights |= {Right(name, "view_all") for name in objects}
    all_seen = {right for right in sources if right.verb in ("view_all", "modify_all")}
    rights |= all_seen | {each for each in sources if each.object and each.object not in told}
    unseen = {Right(name, "view_all") for name in objects} - rights if blind else set()
    if unchecked != blind:
        unseen |= {Right(name) for name in PERMISSIONS if name != "ApiEnabled"} - rights
    return Held(frozenset(rights), frozenset(unseen), tuple(unchecked), sources)


def _described(name: str, told: Mapping[str, Any]) -> Iterator[Right]:
    for flag, verb in _IN_DESCRIBE.items():
        if told.get(flag):
            yield Right(name, verb)
    fields = {one["name"]: one for one in told["fields"]}
    for one in told["fields"]:
        place = granted_as(name, one["name"], fields)
        if place:
            yield Right(f"{name}.{place}", "read")
    yield from (Right(f"{name}.{place}", "edit") for place in _editable(name, fields))


def _editable(name: str, fields: Described) -> set[str]:
    """Fields as they are granted, of which this user may change a part at least."""
    return {
        place
        for native, one in (fields or {}).items()
        if one.get("updateable") and (place := granted_as(name, native, fields))
    }


def _permissions(api: Api) -> tuple[set[Right], list[str]]:
    """Permissions of this user; that the API answers is API Enabled itself."""
    known = {Right("ApiEnabled")}
    try:
        rows = _flags(api, [f"Permissions{name}" for name in PERMISSIONS])
    except (AccessDenied, Refused):
        return known, ["permissions"]
    names = {
        name.removeprefix("Permissions") for row in rows for name, yes in row.items() if yes is True
    }
    return known | {Right(name) for name in names & set(PERMISSIONS)}, []


def _flags(api: Api, names: Sequence[str]) -> list[dict[str, Any]]:
    """The one row, without the fields that this org has not: an edition without a feature lacks its permission."""
    try:
        return api.rows(select(names, "UserPermissionAccess"))
    except Refused as refusal:
        if "INVALID_FIELD" not in refusal.message or len(names) == 1:
            raise
    half = len(names) // 2
    found = []
    for part in (names[:half], names[half:]):
        try:
            found += _flags(api, part)
        except Refused as refusal:
            if "INVALID_FIELD" not in refusal.message:
                raise
    return found


def _sources(api: Api, rights: Collection[Right]) -> tuple[Sources, list[str]]:
    """Who grants rights over objects and permissions, by name; what could not be read."""
    may_look = Right("ViewSetup") in rights
    try:
        user = user_of(api)
        where = f" WHERE AssigneeId = {quoted([user])}"
        given = (
            api.rows(select(["PermissionSetId"], "PermissionSetAssignment", where)) if user else []
        )
        ids = sorted({row["PermissionSetId"] for row in given})
        if not ids:
            return {}, ["sources_none" if may_look else "sources"]
        return _granted(
            api, ids, {right.place for right in rights if right.kind == "permission"}
        ), []
    except (AccessDenied, Refused):
        return {}, ["sources_refused" if may_look else "sources"]


def _granted(api: Api, ids: Sequence[str], permissions: Iterable[str]) -> Sources:
    flags = {f"Permissions{name}": Right(name) for name in sorted(permissions)}
    of_set = ["Id", "Label", *flags]
    rows = api.rows(select(of_set, "PermissionSet", f" WHERE Id IN ({quoted(ids)})"))
    names = {row["Id"]: str(row["Label"]) for row in rows}
    found: dict[Right, set[str]] = {}
    for row in rows:
        for flag, right in flags.items():
            if row.get(flag):
                found.setdefault(right, set()).add(names[row["Id"]])
    asked = ["ParentId", "SobjectType", *_OBJECT_FLAGS]
    for row in api.rows(select(asked, "ObjectPermissions", f" WHERE ParentId IN ({quoted(ids)})")):
        for flag, verb in _OBJECT_FLAGS.items():
            if row.get(flag):
                right = Right(str(row["SobjectType"]), verb)
                found.setdefault(right, set()).add(names[row["ParentId"]])
    return {right: tuple(sorted(who)) for right, who in found.items()}
