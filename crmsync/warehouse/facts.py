"""Facts in the audit face: what people did and what fields held, of side tables that a pull keeps.

    activity         system, object, id, kind, subtype, direction, created_at, happened_at, day, precision, state,
                     outcome, owner_id, created_by, subject, archived, origin, outcome_id
    activity_about   system, activity_object, activity_id, object, id, entity, key: one row a tie
    activity_mirror  system, object, id, of_system, of_object, of_id: copies, which are not in the two above
    event            system, object, id, entity, key, kind, field, native, old, new, happened_at, precision, actor_id,
                     source, origin, origin_id
    field_write      system, object, native, field, actor_id, origin, writes, records, last_at: who wrote a field
    campaign         system, id, name, type, status, starts_on, ends_on, active, parent_id, created_at
    campaign_member  system, id, campaign_id, object, record_id, key, status, responded, responded_on, created_at
    calendar         system, object, id, name, timezone, active, is_default, weekday, starts, ends, day, recurs, until,
                     month, month_day
    list             system, id, name, object, kind, size, members_read, created_at, updated_at
    list_member      system, list_id, object, record_id, key, joined_at
    pipeline         system, object, pipeline, pipeline_label, stage, label, position, probability, is_closed, is_won,
                     archived
    subscription     system, id, name, purpose, channel, active
    consent          system, object, record_id, key, subscription_id, status, basis, stated_at, origin
    marketing        system, object, id, entity, key, and the words of core/companions.py
    stage_time       system, object, id, entity, key, stage, entered_at, exited_at: the last time each
    fact             system, fact, object, state, since, why, rows: what of these tables was read, and from where

`key` is the customer a record belongs to now: what was said of a lead that was converted, or of a record that was
merged away, belongs to the one in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmsync.warehouse.companions import build_companions
from crmsync.warehouse.fact_rows import (
    build_about,
    build_events,
    build_field_writes,
    build_owned,
    build_plain,
    build_whose,
)
from crmsync.warehouse.mirrors import build_mirrors

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns
    from crmsync.warehouse.snapshots import Manifest

KINDS = (
    *("activity", "campaign", "calendar", "event", "list", "pipeline", "subscription", "consent"),
)
"""Kinds of facts, as an audit's `needs` calls them."""
# The kind of each side table, and the table of the face that it fills.
_TABLES = {
    "_activities": ("activity", "activity"),
    "_activity_people": ("activity", "activity_about"),
    "_history": ("event", "event"),
    "_campaigns": ("campaign", "campaign"),
    "_campaign_members": ("campaign", "campaign_member"),
    "_calendars": ("calendar", "calendar"),
    "_lists": ("list", "list"),
    "_list_members": ("list", "list_member"),
    "_pipelines": ("pipeline", "pipeline"),
    "_subscriptions": ("subscription", "subscription"),
    "_consents": ("consent", "consent"),
}
_ACTIVITY = (
    *("system", "object", "id", "kind", "subtype", "direction", "created_at", "happened_at", "day"),
    *("precision", "state", "outcome", "owner_id", "created_by", "subject", "archived"),
    *("origin", "outcome_id"),
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
_LIST = (
    *("system", "id", "name", "object", "kind", "size", "members_read", "created_at", "updated_at"),
)
_LIST_MEMBER = ("system", "list_id", "object", "record_id", "joined_at")
_PIPELINE = (
    *("system", "object", "pipeline", "pipeline_label", "stage", "label", "position"),
    *("probability", "is_closed", "is_won", "archived"),
)
_SUBSCRIPTION = ("system", "id", "name", "purpose", "channel", "active")
_CONSENT = (
    *("system", "object", "record_id", "subscription_id", "status", "basis", "stated_at", "origin"),
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
    build_field_writes(columns)
    build_plain(columns, "campaign", _CAMPAIGN, "_campaigns")
    build_owned(columns, "campaign_member", _MEMBER, "_campaign_members")
    build_plain(columns, "calendar", _CALENDAR, "_calendars")
    build_plain(columns, "list", _LIST, "_lists")
    build_owned(columns, "list_member", _LIST_MEMBER, "_list_members")
    build_plain(columns, "pipeline", _PIPELINE, "_pipelines")
    build_plain(columns, "subscription", _SUBSCRIPTION, "_subscriptions")
    build_owned(columns, "consent", _CONSENT, "_consents")
    _coverage(columns)
    have = _have(columns)
    build_mirrors(columns, frozenset(each for each in have if each.endswith(":activity")))
    have |= build_companions(columns)
    return have


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
    """Kinds of facts of which every source was read to its end, and the columns of activities.

    `salesforce:activity` is of one system; `activity` of all that tell any: what one of them did not tell may be
    just what somebody is accused of.
    """
    found: set[str] = set()
    gaps: set[str] = set()
    for system in {system for system, _ in columns.snapshots}:
        words = {kind for kind in KINDS if _tables(columns, system, kind)}
        whole = {kind for kind in words if _is_read(_tables(columns, system, kind))}
        histories = dict(_with_history(columns, system))
        whole |= {word for word, is_whole in histories.items() if is_whole}
        gaps |= {*words, *histories} - whole
        found |= whole | {f"{system}:{word}" for word in whole}
        if "activity" in whole:
            found |= _seen(columns, system)
    return {
        word
        for word in found
        if word not in gaps and word.partition(".")[0] not in gaps - {"event"}
    }


def _tables(columns: Columns, system: str, kind: str) -> list[Manifest]:
    return [
        snapshot.manifest
        for (name, table), snapshot in columns.snapshots.items()
        if name == system and kind_of(table) == kind
    ]


def _is_read(manifests: list[Manifest]) -> bool:
    return bool(manifests) and all(each.complete and not each.unread for each in manifests)


def _with_history(columns: Columns, system: str) -> Iterator[tuple[str, bool]]:
    """`event.<entity>` for entities whose histories a system tells, and whether all of them were read."""
    histories = _tables(columns, system, "event")
    for entity in columns.mapping.entities:
        seats = entity.seats_of(system)
        of_seat = [[m for m in histories if m.object.split(".")[1] == s.object] for s in seats]
        if any(of_seat):
            yield f"event.{entity.entity}", all(_is_read(each) for each in of_seat)


def _seen(columns: Columns, system: str) -> set[str]:
    """`activity.outcome` and the like: columns that this credential sees in some activities of a system."""
    fields = {name for each in _tables(columns, system, "activity") for name in each.fields}
    return {f"{head}activity.{name}" for name in fields & set(_ACTIVITY) for head in ("", f"{system}:")}  # fmt: skip
