"""Facts in the audit face: what people did and what fields held, of side tables that a pull keeps.

    activity         system, object, id, kind, subtype, direction, created_at, happened_at, day, precision, state,
                     outcome, owner_id, created_by, subject, archived
    activity_about   system, activity_object, activity_id, object, id, entity, key: one row a tie
    event            system, object, id, entity, key, kind, field, native, old, new, happened_at, precision, actor_id,
                     source
    campaign         system, id, name, type, status, starts_on, ends_on, active, parent_id, created_at
    campaign_member  system, id, campaign_id, object, record_id, key, status, responded, responded_on, created_at
    calendar         system, object, id, name, timezone, active, is_default, weekday, starts, ends, day, recurs, until,
                     month, month_day
    fact             system, fact, object, state, since, why, rows: what of these tables was read, and from where

`key` is the customer a record belongs to now: what was said of a lead that was converted, or of a record that was
merged away, belongs to the one in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmsync.warehouse.fact_rows import (
    build_about,
    build_events,
    build_members,
    build_plain,
    build_whose,
)

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns
    from crmsync.warehouse.snapshots import Manifest

KINDS = ("activity", "campaign", "calendar", "event")
"""Kinds of facts, as an audit's `needs` calls them."""
# The kind of each side table, and the table of the face that it fills.
_TABLES = {
    "_activities": ("activity", "activity"),
    "_activity_people": ("activity", "activity_about"),
    "_history": ("event", "event"),
    "_campaigns": ("campaign", "campaign"),
    "_campaign_members": ("campaign", "campaign_member"),
    "_calendars": ("calendar", "calendar"),
}
_ACTIVITY = (
    *("system", "object", "id", "kind", "subtype", "direction", "created_at", "happened_at", "day"),
    *("precision", "state", "outcome", "owner_id", "created_by", "subject", "archived"),
)
_CAMPAIGN = (
    *("system", "id", "name", "type", "status", "starts_on", "ends_on", "active", "parent_id"),
    "created_at",
)
_MEMBER = (
    *("system", "id", "campaign_id", "object", "record_id", "status", "responded", "responded_on"),
    "created_at",
)
_CALENDAR = (
    *("system", "object", "id", "name", "timezone", "active", "is_default", "weekday", "starts"),
    *("ends", "day", "recurs", "until", "month", "month_day"),
)


def kind_of(table: str) -> str:
    """The kind of facts a side table holds, "" for any other table."""
    return _TABLES.get(table.partition(".")[0], ("", ""))[0]


def is_fact(table: str) -> bool:
    """True for a side table of facts: what is missing there says nothing of records."""
    return bool(kind_of(table))


def build_facts(columns: Columns) -> set[str]:
    """Builds the tables above in the face; what it has of them, in the words of an audit's `needs`."""
    build_whose(columns)
    build_plain(columns, "activity", _ACTIVITY, "_activities")
    build_about(columns)
    build_events(columns)
    build_plain(columns, "campaign", _CAMPAIGN, "_campaigns")
    build_members(columns, _MEMBER)
    build_plain(columns, "calendar", _CALENDAR, "_calendars")
    _coverage(columns)
    columns.db.execute("DROP TABLE face.whose")
    return _have(columns)


def _coverage(columns: Columns) -> None:
    """One row for every source of facts: whether it was read, since when, and why not."""
    columns.db.execute(
        "CREATE TABLE face.fact (system VARCHAR, fact VARCHAR, object VARCHAR, state VARCHAR, "
        "since TIMESTAMP, why VARCHAR, rows BIGINT)"
    )
    for (system, table), snapshot in sorted(columns.snapshots.items()):
        if is_fact(table):
            told = snapshot.manifest
            state = "not read" if told.unread else "read" if told.complete else "incomplete"
            columns.db.execute(
                "INSERT INTO face.fact VALUES (?, ?, ?, ?, try_cast(? AS TIMESTAMP), ?, ?)",
                [system, _TABLES[table.partition(".")[0]][1], table.rpartition(".")[2], state, told.since or None,
                 told.unread or told.problem or None, told.rows],
            )  # fmt: skip


def _have(columns: Columns) -> set[str]:
    """Kinds of facts of which every source of a system was read to its end, and the columns of activities."""
    found: set[str] = set()
    for system in {system for system, _ in columns.snapshots}:
        words = {kind for kind in KINDS if _is_whole(columns, system, kind)}
        words |= {f"event.{name}" for name in _with_history(columns, system)}
        found |= words | {f"{system}:{word}" for word in words}
        if "activity" in words:
            found |= _seen(columns, system)
    return found


def _tables(columns: Columns, system: str, kind: str) -> list[Manifest]:
    return [
        snapshot.manifest
        for (name, table), snapshot in columns.snapshots.items()
        if name == system and kind_of(table) == kind
    ]


def _is_read(manifests: list[Manifest]) -> bool:
    return bool(manifests) and all(each.complete and not each.unread for each in manifests)


def _is_whole(columns: Columns, system: str, kind: str) -> bool:
    return _is_read(_tables(columns, system, kind))


def _with_history(columns: Columns, system: str) -> Iterator[str]:
    """Entities all of whose objects in a system had their histories read."""
    histories = _tables(columns, system, "event")
    for entity in columns.mapping.entities:
        seats = entity.seats_of(system)
        of_seat = [[m for m in histories if m.object.split(".")[1] == s.object] for s in seats]
        if seats and all(_is_read(each) for each in of_seat):
            yield entity.entity


def _seen(columns: Columns, system: str) -> set[str]:
    """`activity.outcome` and the like: columns that this credential sees in some activities of a system."""
    fields = {name for each in _tables(columns, system, "activity") for name in each.fields}
    return {f"{head}activity.{name}" for name in fields & set(_ACTIVITY) for head in ("", f"{system}:")}  # fmt: skip
