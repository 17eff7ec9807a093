"""Rows of records: how a change is made and remembered.

A row is `{"properties": {name: string}, "source", "since", "history"?, "archivedAt"?}`. A property
holds no blank. `history` lists `[value, instant, source]`, oldest first, from the first change on;
a property never changed since the record was made has its only value from `since` by `source`.
"""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot.objects import object_type
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso
from crmsync.sandbox.tables import Row

Changes = dict[str, str]  # "" clears

# Bookkeeping whose history nobody asks for: only the value of now is kept.
QUIET = frozenset(
    {
        "hs_object_id",
        "createdate",
        "lastmodifieddate",
        "hs_lastmodifieddate",
        "num_associated_contacts",
        "num_associated_deals",
        "hs_num_child_companies",
        "hs_num_open_deals",
    }
)


def tell(portal: Portal, object_name: str, id_: str, told: Changes) -> None:
    """Sets properties that mirror associations, past validation; the modified date stays."""
    kind = object_type(object_name)
    row = portal.tables.get(object_name, id_)
    if row is None or kind is None:
        return
    before: dict[str, str] = row["properties"]
    news = {name: value for name, value in told.items() if before.get(name, "") != value}
    if not news:
        return
    now = iso(portal.clock.now())
    portal.keep(object_name, id_, changed(row, before, news, now, "CRM_PROCESSES"))


def touched(modified: str, row: Row, at: str) -> Row:
    """A row modified at that instant; `modified` is the property that tells it."""
    stamps = {modified: at, "hs_lastmodifieddate": at}
    return {**row, "properties": {**row["properties"], **stamps}}


def changed(row: Row, before: dict[str, str], changes: Changes, at: str, source: str) -> Row:
    """A new row with the changes made and, where a value differs, remembered."""
    after = {**before, **changes}
    for name in [name for name, value in changes.items() if not value]:
        del after[name]
    fresh = {**row, "properties": after}
    if not before:
        return fresh
    history: dict[str, list[list[str]]] = dict(row.get("history", {}))
    for name, value in changes.items():
        if name not in QUIET and before.get(name, "") != value:
            history[name] = [*_past(row, before, name), [value, at, source]]
    if history:
        fresh["history"] = history
    return fresh


def _past(row: Row, before: dict[str, str], name: str) -> list[list[str]]:
    told: list[list[str]] | None = row.get("history", {}).get(name)
    if told is not None:
        return told
    return [[before[name], row["since"], row["source"]]] if name in before else []


def history(row: Row, name: str, most: int = 0) -> list[dict[str, Any]]:
    """Every value a property has had, newest first; `most` of them, 0 for all.

    An empty value is one that was cleared. A source is `TYPE` or `TYPE/id`.
    """
    told = [_version(*one) for one in reversed(_past(row, row["properties"], name))]
    return told[:most] if most else told


def versions(row: Row, name: str) -> list[list[str]]:
    """`[value, instant, source]` of every value a property has had, oldest first."""
    return _past(row, row["properties"], name)


def _version(value: str, at: str, source: str) -> dict[str, Any]:
    """One version; a person is told by `userId:` and a number of their own: public clients (read 2026-11)."""
    kind, _, id_ = source.partition("/")
    told: dict[str, Any] = {"value": value, "timestamp": at, "sourceType": kind}
    if id_:
        told["sourceId"] = id_
    if id_.startswith("userId:"):
        told["updatedByUserId"] = int(id_.removeprefix("userId:"))
    return told
