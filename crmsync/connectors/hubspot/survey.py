"""Workflows of a portal, as far as this token may read them: two lists of calls, 100 workflows each.

Read are what they enrol on and the properties that they set; what their other actions do (code, webhooks, rotating
owners) stands nowhere in them. developers.hubspot.com, workflows v4 and its reference of actions and enrolment; flows
quoted in public repositories (read 2026-11). The API is a beta: what has another shape than was seen is listed, and
said to be unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmsync.connectors.batches import chunks
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.shapes import understood
from crmsync.core.surroundings import Automation, Survey
from crmsync.errors import AccessDenied, SystemFailed

KIND = "portal_workflow"
FLOWS_A_CALL = 100
_TYPE_IDS: Mapping[str, str] = {"0-1": "contacts", "0-2": "companies", "0-3": "deals"}
# "Set property value"; an association in its fields names the record that it is set on: the same reference. Types of
# ties from an object to another: developers.hubspot.com, association type ids (read 2026-11)
_SET_PROPERTY = "0-5"
_TIED: Mapping[int, str] = {
    **dict.fromkeys((1, 279, 5, 341, 13, 14, 450, 931), "companies"),
    **dict.fromkeys((2, 280, 3, 449, 930), "contacts"),
    **dict.fromkeys((4, 6, 342, 451), "deals"),
}
# "Property value changed" tells which in a filter on hs_name: payloads quoted in public repositories (read 2026-11)
_CHANGED = "4-655002"
_NAME_OF_CHANGED = "hs_name"


def survey(api: Api, objects: Sequence[str]) -> Survey:
    """What runs on these objects when a record is saved, workflows that are off included."""
    try:
        with understood(KIND):
            return Survey(tuple(_workflows(api, objects)))
    except (AccessDenied, SystemFailed):
        return Survey(unchecked=(KIND,))


def _workflows(api: Api, objects: Sequence[str]) -> Iterator[Automation]:
    heads = {
        str(one["id"]): one
        for one in api.flows()
        if _TYPE_IDS.get(str(one.get("objectTypeId"))) in objects
    }
    active = [id_ for id_, one in heads.items() if one.get("isEnabled")]
    whole = {
        str(one.get("id")): one for part in chunks(active, FLOWS_A_CALL) for one in _read(api, part)
    }
    for id_, head in heads.items():
        yield _automation(head, whole.get(id_))


def _read(api: Api, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """What they do; nothing where that is refused, so that they are listed all the same."""
    try:
        return api.flows_read(ids)
    except (AccessDenied, SystemFailed):
        return []


def _automation(head: Mapping[str, Any], whole: Mapping[str, Any] | None) -> Automation:
    object_ = _TYPE_IDS[str(head["objectTypeId"])]
    reads, starts_on = _enrolment((whole or {}).get("enrollmentCriteria") or {})
    writes, copied = _actions(object_, (whole or {}).get("actions") or ())
    return Automation(
        str(head["id"]),
        KIND,
        str(head.get("name") or head["id"]),
        object_,
        ("create", "update"),
        "after",
        bool(head.get("isEnabled")),
        writes=tuple(sorted(writes)),
        reads=tuple(sorted(reads | copied)),
        starts_on=tuple(sorted(starts_on)),
        read=whole is not None,
        modified_at=str(head.get("updatedAt") or ""),
    )


def _enrolment(criteria: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """Properties that enrolment looks at, and those whose change alone can start it; none of these for every change."""
    events = criteria.get("eventFilterBranches") or ()
    listed = [criteria.get("listFilterBranch") or {}, *_again(criteria)]
    looked_at = {name for branch in listed for name, _ in _filters(branch)}
    changed: set[str] = set()
    other = False
    for branch in events:
        names = _names_of_changed(branch)
        changed |= names
        other = other or not names
    looked_at |= changed
    if events:
        return looked_at, set() if other else changed
    return looked_at, looked_at if _only_properties(listed) else set()


def _again(criteria: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*(criteria.get("reEnrollmentTriggersFilterBranches") or ())]


def _filters(branch: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Property filters of a branch and of those within it."""
    for one in branch.get("filters") or ():
        if one.get("filterType") == "PROPERTY" and one.get("property"):
            yield str(one["property"]), one
    for inner in branch.get("filterBranches") or ():
        yield from _filters(inner)


def _only_properties(branches: Sequence[Mapping[str, Any]]) -> bool:
    """True if nothing but properties of the record itself decides: no list, no event, no tied record."""
    return all(
        branch.get("filterBranchType", "AND") in ("AND", "OR")
        and all(one.get("filterType") == "PROPERTY" for one in branch.get("filters") or ())
        and _only_properties(branch.get("filterBranches") or ())
        for branch in branches
    )


def _names_of_changed(branch: Mapping[str, Any]) -> set[str]:
    """Properties of which an event says that they changed; none for another event."""
    if branch.get("eventTypeId") != _CHANGED:
        return set()
    found: set[str] = set()
    for name, one in _filters(branch):
        if name == _NAME_OF_CHANGED:
            told = one.get("operation") or {}
            found |= {str(each) for each in told.get("values") or [told.get("value")] if each}
    return found


def _actions(object_: str, actions: Sequence[Mapping[str, Any]]) -> tuple[set[str], set[str]]:
    """`Object.property` that is set, and properties of the record that are copied; a record nobody can name is not."""
    writes: set[str] = set()
    copied: set[str] = set()
    for one in actions:
        fields = one.get("fields") or {}
        name = fields.get("property_name") if one.get("actionTypeId") == _SET_PROPERTY else None
        target = _target(object_, fields)
        if name and target:
            writes.add(f"{target}.{name}")
        value = fields.get("value")
        if isinstance(value, dict) and value.get("type") == "OBJECT_PROPERTY":
            copied.add(str(value.get("propertyName")))
    return writes, copied - {"None"}


def _target(object_: str, fields: Mapping[str, Any]) -> str:
    tie = fields.get("association")
    if not isinstance(tie, dict):
        return object_
    return _TIED.get(int(tie.get("associationTypeId") or 0), "")
