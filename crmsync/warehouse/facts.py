"""Facts in the audit face: what people did and what fields held, of side tables that a pull keeps.

    activity         system, object, id, kind, subtype, direction, created_at, happened_at, day, precision, state,
                     outcome, owner_id, created_by, subject, archived
    activity_about   system, activity_object, activity_id, object, id, entity, key: one row a tie
    event            system, object, id, entity, key, kind, field, native, old, new, happened_at, precision, actor_id, source
    campaign         system, id, name, type, status, starts_on, ends_on, active, parent_id, created_at
    campaign_member  system, id, campaign_id, object, record_id, key, status, responded, responded_on, created_at
    calendar         system, object, id, name, timezone, active, is_default, weekday, starts, ends, day, recurs, until,
                     month, month_day
    fact             system, fact, object, state, since, why, rows: what of all this was read

`key` is the customer a record belongs to now: what was said of a lead that was converted, or of a record that was
merged away, belongs to the one in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.survivors import steps_told

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns
    from crmsync.warehouse.snapshots import Manifest, Snapshot

KINDS = ("activity", "campaign", "calendar", "event")
"""Kinds of facts, as an audit's `needs` calls them."""
_TABLES = {
    "_activities": "activity",
    "_activity_people": "activity",
    "_history": "event",
    "_campaigns": "campaign",
    "_campaign_members": "campaign",
    "_calendars": "calendar",
}
_TYPES = {
    "created_at": "TIMESTAMP",
    "happened_at": "TIMESTAMP",
    "day": "DATE",
    "starts_on": "DATE",
    "ends_on": "DATE",
    "responded_on": "DATE",
    "until": "DATE",
    "archived": "BOOLEAN",
    "active": "BOOLEAN",
    "is_default": "BOOLEAN",
    "responded": "BOOLEAN",
    "weekday": "INTEGER",
    "month_day": "INTEGER",
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
_TOLD = (
    *(
        "system",
        "object",
        "source",
        "id",
        "record_id",
        "told",
        "native",
        "old",
        "new",
        "happened_at",
    ),
    *("actor_id", "precision"),
)


def kind_of(table: str) -> str:
    """The kind of facts a side table holds, "" for any other table."""
    return _TABLES.get(table.partition(".")[0], "")


def is_fact(table: str) -> bool:
    """True for a side table of facts: what is missing there says nothing of records."""
    return bool(kind_of(table))


def build_facts(columns: Columns) -> set[str]:
    """Builds the tables above in the face; what it has of them, in the words of an audit's `needs`."""
    _whose(columns)
    _plain(columns, "activity", _ACTIVITY, "_activities")
    _about(columns)
    _events(columns)
    _plain(columns, "campaign", _CAMPAIGN, "_campaigns")
    _members(columns)
    _plain(columns, "calendar", _CALENDAR, "_calendars")
    _coverage(columns)
    columns.db.execute("DROP TABLE face.whose")
    return _have(columns)


def _whose(columns: Columns) -> None:
    """Builds whose: the customer of every record there is, and of those that became one that is there."""
    db = columns.db
    db.execute(
        "CREATE TABLE face.whose (entity VARCHAR, system VARCHAR, object VARCHAR, id VARCHAR, key VARCHAR)"
    )
    if not any(_sources(columns, *_TABLES)):
        return
    for entity in columns.mapping.entities:
        name, keys = literal(entity.entity), quoted("key_" + entity.entity)
        db.execute(f"INSERT INTO face.whose SELECT {name}, system, object, id, key FROM {keys}")
        steps = steps_told(entity, columns.snapshots)
        if not steps:
            continue
        db.execute(
            f"INSERT INTO face.whose WITH RECURSIVE step AS ({' UNION '.join(steps)}), walk AS ("
            f"SELECT s.* FROM step s ANTI JOIN {keys} k USING (system, object, id) "
            "UNION SELECT w.system, w.object, w.id, s.to_object, s.to_id FROM walk w JOIN step s "
            "ON s.system = w.system AND s.object = w.to_object AND s.id = w.to_id) "
            f"SELECT {name}, w.system, w.object, w.id, min(k.key) FROM walk w JOIN {keys} k "
            "ON k.system = w.system AND k.object = w.to_object AND k.id = w.to_id "
            "GROUP BY ALL"
        )  # fmt: skip


def _sources(columns: Columns, *tables: str) -> Iterator[tuple[str, Snapshot]]:
    """System and snapshot of every source that was read into one of some kinds of side tables."""
    for (system, object_), snapshot in sorted(columns.snapshots.items()):
        if object_.partition(".")[0] in tables and not snapshot.manifest.unread:
            yield system, snapshot


def _rows(system: str, snapshot: Snapshot, names: tuple[str, ...]) -> str:
    """The rows of a source in these columns; one it does not have is blank."""
    manifest = snapshot.manifest
    parts = manifest.object.split(".")
    given = {
        "system": literal(system),
        "object": quoted("object") if "object" in manifest.fields else literal(parts[1]),
        "source": literal(parts[-1]),
    }
    cells = [f"{_cell(name, manifest, given)} AS {quoted(name)}" for name in names]
    return f"SELECT {', '.join(cells)} FROM read_parquet({literal(snapshot.pattern)})"


def _cell(name: str, manifest: Manifest, given: dict[str, str]) -> str:
    text = given.get(name) or (quoted(name) if name in manifest.fields else "NULL::VARCHAR")
    return f"try_cast({text} AS {_TYPES[name]})" if name in _TYPES else text


def _empty(names: tuple[str, ...]) -> str:
    cells = [f"NULL::{_TYPES.get(name, 'VARCHAR')} AS {quoted(name)}" for name in names]
    return f"SELECT {', '.join(cells)} WHERE false"


def _union(columns: Columns, names: tuple[str, ...], *tables: str) -> str:
    """The rows of every source of some side tables, empty if there is none."""
    parts = [_rows(s, each, names) for s, each in _sources(columns, *tables) if each.manifest.rows]
    return " UNION ALL ".join([_empty(names), *parts])


def _plain(columns: Columns, name: str, names: tuple[str, ...], table: str) -> None:
    columns.db.execute(f"CREATE TABLE face.{name} AS {_union(columns, names, table)}")


def _about(columns: Columns) -> None:
    """One row for an activity and a record it is tied to, whoever tells of the tie."""
    tied = _union(columns, ("system", "object", "id", "about"), "_activities")
    people = _union(
        columns, ("system", "source", "activity_id", "object", "record_id"), "_activity_people"
    )
    columns.db.execute(
        "CREATE TABLE face.activity_about AS WITH tie AS ("
        "SELECT system, object AS activity_object, id AS activity_id, "
        "nullif(split_part(one, '|', 1), '') AS object, split_part(one, '|', 2) AS id FROM ("
        f"SELECT system, object, id, unnest(string_split(about, ';')) AS one FROM ({tied})) "
        f"UNION SELECT system, source, activity_id, object, record_id FROM ({people})) "
        "SELECT t.*, w.entity, w.key FROM tie t LEFT JOIN face.whose w "
        "ON w.system = t.system AND w.object = t.object AND w.id = t.id"
    )


def _events(columns: Columns) -> None:
    """Changes as they were told, and as they follow from states; one that is told in both ways is one.

    The first state of a record that was read says what held by then, since whenever: an upper bound.
    """
    columns.db.execute(
        f"CREATE TABLE face.event AS WITH told AS ({_union(columns, _TOLD, '_history')}), "
        "mapped(system, object, native, field) AS ("
        f"{_mapped(columns)}), "
        "said AS (SELECT * FROM told WHERE told <> 'state'), "
        "lasted AS (SELECT *, lag(new) OVER held AS before, row_number() OVER held AS place FROM told "
        "WHERE told = 'state' WINDOW held AS (PARTITION BY system, object, record_id, native ORDER BY happened_at, id)), "
        "followed AS (SELECT * EXCLUDE (before, place) REPLACE (before AS old, "
        "CASE place WHEN 1 THEN 'upper_bound' ELSE precision END AS precision) FROM lasted "
        "WHERE place = 1 OR new IS DISTINCT FROM before), "
        "every AS (SELECT * FROM said UNION ALL SELECT f.* FROM followed f ANTI JOIN said s "
        "ON s.system = f.system AND s.object = f.object AND s.record_id = f.record_id "
        "AND s.native = f.native AND s.new IS NOT DISTINCT FROM f.new "
        "AND s.happened_at = f.happened_at) "
        "SELECT e.system, e.object, e.record_id AS id, w.entity, w.key, "
        "CASE e.told WHEN 'record' THEN 'record' ELSE 'field' END AS kind, m.field, e.native, e.old, e.new, "
        "e.happened_at, e.precision, e.actor_id, e.source "
        "FROM every e LEFT JOIN face.whose w "
        "ON w.system = e.system AND w.object = e.object AND w.id = e.record_id "
        "LEFT JOIN mapped m ON m.system = e.system AND m.object = e.object AND m.native = e.native"
    )


def _mapped(columns: Columns) -> str:
    """Which field of ours a native one is: the first of the mapping, where several are read from it."""
    places: dict[tuple[str, str, str], str] = {}
    for entity in columns.mapping.entities:
        for seat in entity.seats:
            for each in entity.fields:
                native = each.name_in(seat.system, seat.object)
                if native is not None:
                    places.setdefault((seat.system, seat.object, native), each.field)
    rows = [
        f"({', '.join(map(literal, (*place, field)))})" for place, field in sorted(places.items())
    ]
    return f"VALUES {', '.join(rows)}" if rows else _empty(("system", "object", "native", "field"))


def _members(columns: Columns) -> None:
    columns.db.execute(
        f"CREATE TABLE face.campaign_member AS SELECT m.*, w.key FROM "
        f"({_union(columns, _MEMBER, '_campaign_members')}) m LEFT JOIN face.whose w "
        "ON w.system = m.system AND w.object = m.object AND w.id = m.record_id"
    )


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
                [system, kind_of(table), table.rpartition(".")[2], state, told.since or None,
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
