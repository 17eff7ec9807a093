"""Lists and their members over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crmsync.sandbox.hubspot import lists
from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid, malformed, unknown_object
from crmsync.sandbox.hubspot.objects import ObjectType, object_type
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import epoch_ms, instant, iso
from crmsync.sandbox.tables import Row

# The public specification (read 2026-11).
PAGE, MAX_PAGE = 100, 250
SEARCHED, MAX_SEARCHED = 20, 500
MOST_CLEARED = 100_000


def create_list(portal: Portal, call: Call) -> Answer:
    """200 with the list; 400 if its name is taken or its kind is none."""
    body = call.fields()
    missing = [name for name in ("name", "objectTypeId", "processingType") if not body.get(name)]
    if missing:
        raise invalid(f"Some required fields were not set: {missing}")
    kind = _kind(str(body["objectTypeId"]))
    if body["processingType"] not in lists.KINDS:
        raise invalid(f"processingType {body['processingType']} is not supported")
    if _named(portal, kind, str(body["name"])):
        # The real wording was not seen.
        raise invalid(f"A list named '{body['name']}' already exists")
    more = {"filterBranch": body["filterBranch"]} if "filterBranch" in body else {}
    row = lists.new_list(portal, kind, str(body["name"]), body["processingType"], more)
    return Answer(200, {"list": row})


def get_list(portal: Portal, call: Call) -> Answer:
    """One list, or 404."""
    return Answer(200, {"list": _shown(portal, call, _row(portal, call.path["id"]))})


def get_list_by_name(portal: Portal, call: Call) -> Answer:
    """One list of an object by its name, or 404."""
    found = _named(portal, _kind(call.path["type"]), call.path["name"])
    if found is None:
        raise _unknown(call.path["name"])
    return Answer(200, {"list": _shown(portal, call, found)})


def get_lists(portal: Portal, call: Call) -> Answer:
    """The lists whose ids are given."""
    wanted = call.many("listIds")
    return Answer(200, {"lists": [one for one in _live(portal) if one["listId"] in wanted]})


def search_lists(portal: Portal, call: Call) -> Answer:
    """A page of the lists that match, by number; `offset` is where the next page starts."""
    body = call.fields()
    start, count = int(body.get("offset") or 0), int(body.get("count") or SEARCHED)
    if not 0 < count <= MAX_SEARCHED:
        raise invalid(f"count must be a number between 1 and {MAX_SEARCHED}, not {count}")
    found = [one for one in _live(portal) if _matches(body, one)]
    page = found[start : start + count]
    asked = [str(name) for name in body.get("additionalProperties") or ()]
    told = [{**one, "additionalProperties": _additional(portal, one, asked)} for one in page]
    end = start + len(page)
    return Answer(
        200, {"offset": end, "hasMore": end < len(found), "lists": told, "total": len(found)}
    )


def _matches(body: dict[str, Any], one: Row) -> bool:
    kinds, ids = body.get("processingTypes"), body.get("listIds")
    return (
        str(body.get("query") or "").lower() in one["name"].lower()
        and (not kinds or one["processingType"] in kinds)
        and (not ids or one["listId"] in map(str, ids))
        and body.get("objectTypeId") in (None, one["objectTypeId"])
    )


def delete_list(portal: Portal, call: Call) -> Answer:
    """204; the list can be restored."""
    row = _row(portal, call.path["id"])
    portal.tables.put(lists.TABLE, row["listId"], {**row, "deletedAt": iso(portal.clock.now())})
    return Answer(204)


def restore_list(portal: Portal, call: Call) -> Answer:
    """204, and a deleted list is back with its members."""
    row = portal.tables.get(lists.TABLE, call.path["id"])
    if row is None:
        raise _unknown(call.path["id"])
    kept = {name: value for name, value in row.items() if name != "deletedAt"}
    portal.tables.put(lists.TABLE, row["listId"], kept)
    return Answer(204)


def list_members(portal: Portal, call: Call) -> Answer:
    """A page of members by record id."""
    return _members(portal, call, sorted(_all(portal, call), key=lambda one: int(one[0])))


def list_joined(portal: Portal, call: Call) -> Answer:
    """A page of members in the order in which they joined."""
    return _members(portal, call, sorted(_all(portal, call), key=lambda one: (one[1], int(one[0]))))


def _all(portal: Portal, call: Call) -> list[tuple[str, str]]:
    """(record id, when it joined) of the live members."""
    row = _row(portal, call.path["id"])
    kind = _kind(row["objectTypeId"])
    kept = portal.tables.rows(lists.members(row["listId"]))
    return [(id_, one["at"]) for id_, one in kept if portal.row(kind.name, id_) is not None]


def _members(portal: Portal, call: Call, found: list[tuple[str, str]]) -> Answer:
    """The cursor is a place in the order: what the real one is made of is not known."""
    limit = call.number("limit", PAGE, 1, MAX_PAGE)
    start = call.number("after", 0, 0, 10**18)
    page = found[start : start + limit]
    results = [{"recordId": id_, "membershipTimestamp": at} for id_, at in page]
    body: Body = {"results": results, "total": len(found)}
    if start + limit < len(found):
        body["paging"] = {"next": {"after": str(start + limit)}}
    return Answer(200, body)


def add_members(portal: Portal, call: Call) -> Answer:
    """200 with who was added; who is there already or does not exist is ignored."""
    row = _writable(portal, call)
    return _changed(portal, row, _ids(call.body()), [])


def remove_members(portal: Portal, call: Call) -> Answer:
    """200 with who was removed."""
    row = _writable(portal, call)
    return _changed(portal, row, [], _ids(call.body()))


def add_and_remove(portal: Portal, call: Call) -> Answer:
    """200 with who was added and who was removed."""
    row, body = _writable(portal, call), call.fields()
    add, remove = (body.get(name) or [] for name in ("recordIdsToAdd", "recordIdsToRemove"))
    return _changed(portal, row, _ids(add), _ids(remove))


def clear_members(portal: Portal, call: Call) -> Answer:
    """204, and nobody is in the list."""
    row = _writable(portal, call)
    ids = portal.tables.ids(lists.members(row["listId"]))
    if len(ids) >= MOST_CLEARED:
        raise invalid(f"A list of {MOST_CLEARED} or more members cannot be cleared")
    lists.leave(portal, row["listId"], ids)
    return Answer(204)


def lists_of_record(portal: Portal, call: Call) -> Answer:
    """The lists a record is in: the keys are those of answers seen in public connectors' tests (read 2026-11)."""
    kind, id_ = _kind(call.path["type"]), call.path["id"]
    results = [
        {
            "listId": row["listId"],
            "listVersion": row["listVersion"],
            "firstAddedTimestamp": _joined(portal, row, id_),
            "lastAddedTimestamp": _joined(portal, row, id_),
        }
        for row in lists.lists_of(portal, kind, id_)
    ]
    return Answer(200, {"results": results, "total": len(results)})


def _joined(portal: Portal, row: Row, id_: str) -> str:
    member = portal.tables.get(lists.members(row["listId"]), id_)
    assert member is not None
    at: str = member["at"]
    return at


def _changed(portal: Portal, row: Row, add: list[str], remove: list[str]) -> Answer:
    """The first key is spelt so: the public specification (read 2026-11)."""
    kind = _kind(row["objectTypeId"])
    there = [one for one in add if portal.row(kind.name, one) is not None]
    added = lists.join(portal, row["listId"], there)
    removed = lists.leave(portal, row["listId"], remove)
    portal.tables.put(lists.TABLE, row["listId"], {**row, "updatedAt": iso(portal.clock.now())})
    return Answer(
        200,
        {
            "recordsIdsAdded": added,
            "recordIdsRemoved": removed,
            "recordIdsMissing": [one for one in add if one not in there],
        },
    )


def _ids(told: Any) -> list[str]:
    if not isinstance(told, list):
        raise malformed("Cannot deserialize value of type `java.util.ArrayList`")
    return [str(one) for one in told]


def _writable(portal: Portal, call: Call) -> Row:
    row = _row(portal, call.path["id"])
    if row["processingType"] not in lists.STATIC:
        # The real wording was not seen.
        raise invalid(f"The members of a {row['processingType']} list cannot be changed")
    return row


def _live(portal: Portal) -> Iterable[Row]:
    return [row for _, row in portal.tables.rows(lists.TABLE) if "deletedAt" not in row]


def _row(portal: Portal, id_: str) -> Row:
    row = portal.tables.get(lists.TABLE, id_)
    if row is None or "deletedAt" in row:
        raise _unknown(id_)
    return row


def _named(portal: Portal, kind: ObjectType, name: str) -> Row | None:
    """Names are unique for an object, whatever their case: the public specification (read 2026-11)."""
    wanted = (kind.type_id, name.lower())
    matching = (
        one for one in _live(portal) if (one["objectTypeId"], one["name"].lower()) == wanted
    )
    return next(iter(matching), None)


def _kind(type_id: str) -> ObjectType:
    known = object_type(type_id)
    if known is None:
        raise unknown_object(type_id)
    return known


def _unknown(asked: str) -> Refusal:
    # The real wording was not seen.
    return Refusal(404, f"List {asked} does not exist", "OBJECT_NOT_FOUND")


def _shown(portal: Portal, call: Call, row: Row) -> Row:
    """The filters come only when asked for: the public specification (read 2026-11)."""
    hidden = () if call.flag("includeFilters") else ("filterBranch",)
    return {name: value for name, value in row.items() if name not in hidden}


def _additional(portal: Portal, row: Row, asked: list[str]) -> dict[str, str]:
    """What was asked for, as text: recorded 2025-01."""
    joined = [one["at"] for _, one in portal.tables.rows(lists.members(row["listId"]))]
    last = instant(max(joined)) if joined else None
    facts = {"hs_list_size": str(len(joined)), "hs_list_reference_count": "0"}
    if last is not None:
        facts["hs_last_record_added_at"] = str(epoch_ms(last))
    return {name: facts[name] for name in asked if name in facts}
