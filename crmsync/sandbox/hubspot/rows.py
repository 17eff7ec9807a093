"""Rows of records: how a change is made and remembered.

A row is `{"properties": {name: string}, "source", "since", "history"?, "archivedAt"?}`. A property
holds no blank. `history` lists `[value, instant, source]`, oldest first, from the first change on;
a property never changed since the record was made has its only value from `since` by `source`.
"""

from __future__ import annotations

from crmsync.sandbox.hubspot.objects import object_type
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso
from crmsync.sandbox.tables import Row

Changes = dict[str, str]  # "" clears

# Bookkeeping whose history nobody asks for: only the value of now is kept.
_QUIET = frozenset(
    {
        "hs_object_id",
        "createdate",
        "lastmodifieddate",
        "hs_lastmodifieddate",
        "num_associated_contacts",
        "num_associated_deals",
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
        if name not in _QUIET and before.get(name, "") != value:
            history[name] = [*_past(row, before, name), [value, at, source]]
    if history:
        fresh["history"] = history
    return fresh


def _past(row: Row, before: dict[str, str], name: str) -> list[list[str]]:
    told: list[list[str]] | None = row.get("history", {}).get(name)
    if told is not None:
        return told
    return [[before[name], row["since"], row["source"]]] if name in before else []


def history(row: Row, name: str) -> list[dict[str, str]]:
    """Every value a property has had, newest first."""
    return [
        {"value": value, "timestamp": at, "sourceType": source}
        for value, at, source in reversed(_past(row, row["properties"], name))
    ]
