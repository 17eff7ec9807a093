"""The key field of an object: how it stands, made with the rights to fill it, and taken away.

A new custom field is shown to nobody, administrators included: field-level security hides it, and describe
leaves it out. So a field is made in two parts, the field through the Tooling API and a permission set
assigned to those who fill it; either may be half done, and the next install finishes it.
developer.salesforce.com, Tooling API CustomField, and object reference FieldPermissions (read 2026-11)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crmsync.connectors.calls import AnswerLost
from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.connectors.salesforce.ids import id18, is_id
from crmsync.connectors.salesforce.results import said_gone
from crmsync.connectors.salesforce.writing import KEY_FIELD
from crmsync.core.footprint import KEY_LENGTH, FootprintItem
from crmsync.errors import AccessDenied, Refused

PERMISSION_SET = "crmsync_key"
_DEVELOPER_NAME = KEY_FIELD.removesuffix("__c")
_FIELDS = "tooling/sobjects/CustomField"
# What the platform says to a second one of a kind: status codes of the SOAP API guide (read 2026-11)
_TAKEN = ("DUPLICATE_DEVELOPER_NAME", "DUPLICATE_VALUE")
_METADATA: Mapping[str, Any] = {
    "label": "crmsync key",
    "description": "Which customer a record made by crmsync belongs to. Do not edit."
    " `crmsync footprint remove` takes it away.",
    "type": "Text",
    "length": 64,
    "unique": True,
    "caseSensitive": False,
    "externalId": True,
    "required": False,
}


def look(api: Api, system: str, objects: Sequence[str]) -> list[FootprintItem]:
    """How the key field of each object stands for the user behind the credential."""
    user = user_of(api)
    return [_look(api, system, object_, user) for object_ in objects]


def install(api: Api, system: str, object_: str, users: Sequence[str]) -> None:
    """Makes what is missing of field, permission set and assignments. Refused if another field is there."""
    user = user_of(api)
    item = _look(api, system, object_, user)
    if item.state == "foreign":
        raise _refusal(item)
    if item.state in ("missing", "unseen"):
        _make_field(api, object_)
    _grant(api, object_, [each for each in dict.fromkeys((*users, user)) if each])
    if _look(api, system, object_, user).state != "present":
        raise Refused(
            f"{KEY_FIELD} was made, and this user still cannot fill it",
            where=f"{system} {object_}",
            remedy=f"Assign the permission set {PERMISSION_SET} to the integration user.",
        )


def remove(api: Api, system: str, object_: str) -> None:
    """Deletes the field, and the permission set once it holds nothing more. Refused if it is none of ours."""
    item = _look(api, system, object_, "")
    if item.state == "foreign":
        raise _refusal(item)
    for row in api.tooling_rows(_of_field(object_)):
        _delete(api, f"{_FIELDS}/{row['Id']}", _FIELDS)
    _drop_empty_set(api)


# Look


def _look(api: Api, system: str, object_: str, user: str) -> FootprintItem:
    item = FootprintItem(system, object_, KEY_FIELD, "custom_field", "missing", user=user)
    told = api.get(f"sobjects/{object_}/describe", "sobjects/describe")
    shown = next((one for one in told["fields"] if one["name"] == KEY_FIELD), None)
    if shown is None:
        return _behind(api, item)
    found = _judged(item, shown, "string")
    can_fill = shown.get("createable") and shown.get("updateable")
    if found.state == "hidden" and can_fill:
        return replace(found, state="present", reason="")
    return found if found.state == "foreign" else replace(found, reason="read_only")


def _behind(api: Api, item: FootprintItem) -> FootprintItem:
    """What describe does not show: missing, or hidden by field-level security, or not to be told."""
    try:
        rows = api.tooling_rows(_of_field(item.object))
        if not rows:
            return item
        told = api.get(f"{_FIELDS}/{rows[0]['Id']}", _FIELDS)
    except (AccessDenied, Refused):
        return replace(item, state="unseen", reason="cannot_look")
    return _judged(item, told["Metadata"], "Text")


def _judged(item: FootprintItem, told: Mapping[str, Any], text: str) -> FootprintItem:
    """Hidden if it is a key field, by describe or by metadata: they share these names; else foreign."""
    problem = _problem(told, text)
    if problem is not None:
        return replace(item, state="foreign", reason=problem[0], detail=problem[1])
    return replace(item, state="hidden", reason="not_granted")


def _problem(told: Mapping[str, Any], text: str) -> tuple[str, str] | None:
    if told["type"] != text:
        return "wrong_type", str(told["type"])
    if not told.get("unique"):
        return "not_unique", ""
    if not told.get("externalId"):
        return "no_external_id", ""
    if (told.get("length") or 0) < KEY_LENGTH:
        return "too_short", str(told.get("length"))
    return None


def user_of(api: Api) -> str:
    """The id of the user behind the token, from the resources of the version; empty if not told."""
    told = api.get("", "resources")
    last = str(told.get("identity") or "").rpartition("/")[2]
    return id18(last) if is_id(last) else ""


def _of_field(object_: str) -> str:
    where = (
        f" WHERE TableEnumOrId = {quoted([object_])} AND DeveloperName = {quoted([_DEVELOPER_NAME])}"
        " AND NamespacePrefix = null"
    )
    return select(["Id"], "CustomField", where)


# Make


def _make_field(api: Api, object_: str) -> None:
    body = {"FullName": f"{object_}.{KEY_FIELD}", "Metadata": dict(_METADATA)}
    _ensure(api.tooling_rows, api, _of_field(object_), _FIELDS, body)


def _grant(api: Api, object_: str, users: Sequence[str]) -> None:
    """A permission set that lets its users fill the field, and those users in it."""
    named = select(["Id"], "PermissionSet", f" WHERE Name = {quoted([PERMISSION_SET])}")
    label = {"Name": PERMISSION_SET, "Label": "crmsync key"}
    made = _ensure(api.rows, api, named, "sobjects/PermissionSet", label)["Id"]
    _grant_field(api, made, object_)
    for user in users:
        where = f" WHERE PermissionSetId = {quoted([made])} AND AssigneeId = {quoted([user])}"
        assigned = select(["Id"], "PermissionSetAssignment", where)
        body = {"PermissionSetId": made, "AssigneeId": user}
        _ensure(api.rows, api, assigned, "sobjects/PermissionSetAssignment", body)


def _grant_field(api: Api, permission_set: str, object_: str) -> None:
    name, rights = f"{object_}.{KEY_FIELD}", {"PermissionsRead": True, "PermissionsEdit": True}
    where = f" WHERE ParentId = {quoted([permission_set])} AND Field = {quoted([name])}"
    soql = select(["Id", *rights], "FieldPermissions", where)
    body = {"ParentId": permission_set, "SobjectType": object_, "Field": name, **rights}
    row = _ensure(api.rows, api, soql, "sobjects/FieldPermissions", body)
    if not all(row.get(right, True) for right in rights):
        path = f"sobjects/FieldPermissions/{row['Id']}"
        api.change("PATCH", path, "sobjects/FieldPermissions", rights)


def _ensure(
    rows: Callable[[str], list[dict[str, Any]]], api: Api, soql: str, path: str, body: Any
) -> Mapping[str, Any]:
    """The one record that a query finds, made if there is none; a lost answer is looked up."""
    found = rows(soql)
    if found:
        return found[0]
    try:
        return {"Id": str(api.change("POST", path, path, body)["id"])}
    except (AnswerLost, Refused) as problem:
        if isinstance(problem, Refused) and not any(code in problem.message for code in _TAKEN):
            raise
        found = rows(soql)
        if not found:
            raise
        return found[0]


# Take away


def _drop_empty_set(api: Api) -> None:
    """Deletes our permission set with its assignments, unless somebody put something else into it."""
    named = select(["Id"], "PermissionSet", f" WHERE Name = {quoted([PERMISSION_SET])}")
    for row in api.rows(named):
        parent = f" WHERE ParentId = {quoted([row['Id']])}"
        kinds = ("FieldPermissions", "ObjectPermissions")
        if any(api.rows(select(["Id"], kind, parent)) for kind in kinds):
            return
        of_set = f" WHERE PermissionSetId = {quoted([row['Id']])}"
        for one in api.rows(select(["Id"], "PermissionSetAssignment", of_set)):
            kind = "sobjects/PermissionSetAssignment"
            _delete(api, f"{kind}/{one['Id']}", kind)
        _delete(api, f"sobjects/PermissionSet/{row['Id']}", "sobjects/PermissionSet")


def _delete(api: Api, path: str, label: str) -> None:
    """Deletes one thing; a lost answer is asked for again, for what is gone cannot go twice."""
    for _attempt in range(2):
        try:
            api.change("DELETE", path, label)
            return
        except AnswerLost:
            if _attempt:
                raise
        except Refused as refusal:
            if not said_gone(refusal):
                raise
            return


def _refusal(item: FootprintItem) -> Refused:
    return Refused(
        f"there is a field {item.name} that is no key field of crmsync",
        where=f"{item.system} {item.object}",
        remedy="Make it a unique External ID of text in Setup > Object Manager, or delete it there"
        " and erase it from the deleted fields, or set `create: never` for this object.",
    )
