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
        broken: list[str] = []
        for one in lists:
            if one["members_read"] == "true":
                yield from _members(portal, one, broken)
        if broken:
            raise AnswerBroken("; ".join(broken), where="lists")

    found = told_whole(LIST_PLACE, pages)
    yield found
    yield told_whole(MEMBER_PLACE, members) if not found.unread else _unread(found)


def _unread(found: Fact) -> Fact:
    return Fact(MEMBER_PLACE.table, MEMBER_PLACE.columns, iter(()), unread=found.unread)


def _lists(portal: Portal) -> Iterator[list[Mapping[str, Any]]]:
    """Pages of all lists; AnswerBroken if they are not as many as the last page counts."""
    offset, seen = 0, set[str]()
    while True:
        asked = {**_ASKED, "offset": offset}
        page = portal.api.post("lists/search", f"{_PATH}/search", asked)
        seen.update(str(one["listId"]) for one in page["lists"])
        yield page["lists"]
        if not page.get("hasMore"):
            break
        if int(page["offset"]) <= offset:
            raise AnswerBroken("the cursor of the pages stands still", where="lists")
        offset = int(page["offset"])
    total = _number(page.get("total"))
    if total is None or len(seen) < total:
        raise AnswerBroken(f"{len(seen)} lists came of {_or_unknown(total)}", where="lists")


def _number(told: Any) -> int | None:
    """A number as HubSpot tells it, by itself or as text; None if it tells none."""
    text = "" if isinstance(told, bool) else str(told)
    return int(text) if text.isdecimal() else None


def _or_unknown(total: int | None) -> str:
    return "an unknown number" if total is None else str(total)


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
    return _number((one.get("additionalProperties") or {}).get("hs_list_size"))


def _members(
    portal: Portal, one: Mapping[str, str | None], broken: list[str]
) -> Iterator[Sequence[Cells]]:
    """The members of a list; why they are not all, if so, comes into `broken`.

    Each page counts them anew, for people join and leave meanwhile; where none does, the size of the list counts.
    """
    path = f"{_PATH}/{one['id']}/memberships"
    seen: set[str] = set()
    totals: list[int | None] = []
    for page in portal.api.told("lists/memberships", path, limit=str(_MEMBERS)):
        totals.append(_number(page.get("total")))
        rows = {str(each["recordId"]): each for each in page["results"]}
        fresh = {id_: each for id_, each in rows.items() if id_ not in seen}
        seen.update(fresh)
        yield [
            {
                "list_id": one["id"],
                "object": one["object"],
                "record_id": id_,
                "joined_at": instant(each.get("membershipTimestamp")),
            }
            for id_, each in fresh.items()
        ]
    told = [each for each in totals if each is not None]
    least = min(told) if told else _number(one["size"])
    if least is None or len(seen) < least:
        broken.append(f"list {one['id']}: {len(seen)} members came of {_or_unknown(least)}")
