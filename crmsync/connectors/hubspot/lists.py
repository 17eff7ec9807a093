"""Lists of contacts and companies, and who is in them.

developers.hubspot.com, Lists (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmsync.connectors.fact_reading import Place
from crmsync.connectors.facts import (
    LIST_COLUMNS,
    LIST_MEMBER_COLUMNS,
    LIST_MEMBERS,
    LISTS,
    Fact,
)
from crmsync.connectors.hubspot.telling import Cells, Portal, told_whole
from crmsync.connectors.hubspot.values import instant
from crmsync.errors import AnswerBroken

_OBJECTS = {"0-1": "contacts", "0-2": "companies"}
_SEARCHED, _MEMBERS = 250, 250
_PATH = "/crm/v3/lists"
_ASKED = {"query": "", "count": _SEARCHED, "additionalProperties": ["hs_list_size"]}
LIST_PLACE = Place(f"{LISTS}.lists", LIST_COLUMNS, "lists")
MEMBER_PLACE = Place(f"{LIST_MEMBERS}.lists", LIST_MEMBER_COLUMNS, "lists")
Row = dict[str, str | None]


def list_facts(portal: Portal, most: int) -> Iterator[Fact]:
    """Every list, then the members of those that have at most so many, 0 for all."""
    lists: list[Row] = []

    def pages() -> Iterator[Sequence[Cells]]:
        for page in _lists(portal):
            rows = [_list(one, most) for one in page if _object(one)]
            lists.extend(rows)
            yield rows

    def members() -> Iterator[Sequence[Cells]]:
        for one in lists:
            if one["members_read"] == "true":
                yield from _members(portal, one)

    found = told_whole(LIST_PLACE, pages)
    yield found
    yield told_whole(MEMBER_PLACE, members) if not found.unread else _unread(found)


def _unread(found: Fact) -> Fact:
    return Fact(MEMBER_PLACE.table, MEMBER_PLACE.columns, iter(()), unread=found.unread)


def _lists(portal: Portal) -> Iterator[list[Mapping[str, Any]]]:
    offset = 0
    while True:
        asked = {**_ASKED, "offset": offset}
        page = portal.api.post("lists/search", f"{_PATH}/search", asked)
        yield page["lists"]
        if not page.get("hasMore"):
            return
        if int(page["offset"]) <= offset:
            raise AnswerBroken("the cursor of the pages stands still", where="lists")
        offset = int(page["offset"])


def _object(one: Mapping[str, Any]) -> str:
    return _OBJECTS.get(str(one.get("objectTypeId")), "")


def _list(one: Mapping[str, Any], most: int) -> Row:
    size = _size(one)
    is_read = not most or size is None or size <= most
    return {
        "id": str(one["listId"]),
        "name": one.get("name") or None,
        "object": _object(one),
        "kind": one.get("processingType") or None,
        "size": None if size is None else str(size),
        "members_read": "true" if is_read else "false",
        "created_at": instant(one.get("createdAt")),
        "updated_at": instant(one.get("updatedAt")),
    }


def _size(one: Mapping[str, Any]) -> int | None:
    """Additional properties are texts; one that is not told is not known."""
    told = str((one.get("additionalProperties") or {}).get("hs_list_size") or "")
    return int(told) if told.isdecimal() else None


def _members(portal: Portal, one: Mapping[str, str | None]) -> Iterator[Sequence[Cells]]:
    path = f"{_PATH}/{one['id']}/memberships"
    for page in portal.api.results("lists/memberships", path, limit=str(_MEMBERS)):
        yield [
            {
                "list_id": one["id"],
                "object": one["object"],
                "record_id": str(each["recordId"]),
                "joined_at": instant(each.get("membershipTimestamp")),
            }
            for each in page
        ]
