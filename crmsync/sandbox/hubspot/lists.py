"""Lists of records and who is in them: rows of `lists`, and one table of members a list.

A member's row says when it joined. Which records a dynamic list has is set from outside: filters are kept and never
looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso
from crmsync.sandbox.tables import Row

TABLE = "lists"
# Memberships can be written for these: developers.hubspot.com, lists guide (read 2026-11).
STATIC = ("MANUAL", "SNAPSHOT")
KINDS = (*STATIC, "DYNAMIC")


def members(list_id: str) -> str:
    """The table of a list's members."""
    return f"members {list_id}"


def new_list(portal: Portal, kind: ObjectType, name: str, processing: str, more: Row) -> Row:
    """The row of a new list."""
    now, number = iso(portal.clock.now()), portal.next_number(TABLE)
    row: dict[str, Any] = {
        "listId": str(number),
        "listVersion": 1,
        "createdAt": now,
        "updatedAt": now,
        "filtersUpdatedAt": now,
        "processingStatus": "COMPLETE",
        "createdById": "1",
        "updatedById": "1",
        "processingType": processing,
        "objectTypeId": kind.type_id,
        "name": name,
        **more,
    }
    portal.tables.put(TABLE, row["listId"], row)
    return row


def join(portal: Portal, list_id: str, ids: Iterable[str]) -> list[str]:
    """Those of the ids that were not in the list before and are now."""
    now, table = iso(portal.clock.now()), members(list_id)
    fresh = [one for one in dict.fromkeys(ids) if portal.tables.get(table, one) is None]
    for one in fresh:
        portal.tables.put(table, one, {"at": now})
    return fresh


def leave(portal: Portal, list_id: str, ids: Iterable[str]) -> list[str]:
    """Those of the ids that were in the list and are not any more."""
    table = members(list_id)
    there = [one for one in dict.fromkeys(ids) if portal.tables.get(table, one) is not None]
    for one in there:
        portal.tables.drop(table, one)
    return there


def lists_of(portal: Portal, kind: ObjectType, id_: str) -> list[Row]:
    """The lists a record is in, deleted ones aside."""
    return [
        row
        for list_id, row in portal.tables.rows(TABLE)
        if row["objectTypeId"] == kind.type_id
        and "deletedAt" not in row
        and portal.tables.get(members(list_id), id_) is not None
    ]


def leave_all(portal: Portal, kind: ObjectType, ids: Iterable[str]) -> dict[str, list[str]]:
    """Takes records out of every list; gives back by id the lists each was in."""
    left = {one: [row["listId"] for row in lists_of(portal, kind, one)] for one in ids}
    for one, listed in left.items():
        for list_id in listed:
            leave(portal, list_id, [one])
    return left


def join_all(portal: Portal, kind: ObjectType, id_: str, listed: Iterable[str]) -> None:
    """Puts a record into each of some lists."""
    for list_id in listed:
        join(portal, list_id, [id_])
