"""Rows of the facts in the audit face: side tables of every system laid together, with the customer of each record.

A source that lacks a column has blanks in it. `face.whose` is there while the tables are built.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.survivors import steps_told

if TYPE_CHECKING:
    from crmsync.core.mapping import Entity
    from crmsync.warehouse.columns import Columns
    from crmsync.warehouse.snapshots import Manifest, Snapshot

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
    "size": "BIGINT",
    "members_read": "BOOLEAN",
    "joined_at": "TIMESTAMP",
    "updated_at": "TIMESTAMP",
    "position": "INTEGER",
    "probability": "DOUBLE",
    "is_closed": "BOOLEAN",
    "is_won": "BOOLEAN",
    "stated_at": "TIMESTAMP",
}
WITH_RECORDS = (
    *("_activities", "_activity_people", "_history", "_campaign_members", "_list_members"),
    "_consents",
)
"""Side tables whose rows are about records."""
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
    *("actor_id", "precision", "origin", "origin_id"),
)


def build_whose(columns: Columns) -> None:
    """Builds whose: the customer of every record there is, and of those that became one that is there."""
    columns.db.execute(
        "CREATE TABLE face.whose (entity VARCHAR, system VARCHAR, object VARCHAR, id VARCHAR, key VARCHAR)"
    )
    if any(_sources(columns, *WITH_RECORDS)) or _converts(columns):
        for entity in columns.mapping.entities:
            _whose_of(columns, entity)


def _converts(columns: Columns) -> bool:
    """True if records were read that may have become others: what was theirs is looked for."""
    return any(each.manifest.converted_flag for each in columns.snapshots.values())


def _whose_of(columns: Columns, entity: Entity) -> None:
    name, keys = literal(entity.entity), quoted("key_" + entity.entity)
    db = columns.db
    db.execute(f"INSERT INTO face.whose SELECT {name}, system, object, id, key FROM {keys}")
    steps = steps_told(entity, columns.snapshots)
    if steps:
        db.execute(
            f"INSERT INTO face.whose WITH RECURSIVE step AS ({' UNION '.join(steps)}), walk AS ("
            f"SELECT s.* FROM step s ANTI JOIN {keys} k USING (system, object, id) "
            "UNION SELECT w.system, w.object, w.id, s.to_object, s.to_id FROM walk w JOIN step s "
            "ON s.system = w.system AND s.object = w.to_object AND s.id = w.to_id) "
            f"SELECT {name}, w.system, w.object, w.id, min(k.key) FROM walk w JOIN {keys} k "
            "ON k.system = w.system AND k.object = w.to_object AND k.id = w.to_id "
            "GROUP BY ALL"
        )


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


def build_plain(columns: Columns, name: str, names: tuple[str, ...], table: str) -> None:
    """A table of the face that is a side table laid together."""
    columns.db.execute(f"CREATE TABLE face.{name} AS {_union(columns, names, table)}")


def build_about(columns: Columns) -> None:
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


def build_events(columns: Columns) -> None:
    """Changes as they were told, and as they follow from states; one that is told in both ways is one.

    The first state of a record that was read says what held by then, since whenever: an upper bound.
    """
    columns.db.execute(
        f"CREATE TABLE face.event AS WITH told AS ({_union(columns, _TOLD, '_history')}), "
        f"mapped(system, object, native, field) AS ({_mapped(columns)}), {_FOLLOWED} "
        "SELECT e.system, e.object, e.record_id AS id, w.entity, w.key, "
        "CASE e.told WHEN 'record' THEN 'record' ELSE 'field' END AS kind, m.field, e.native, e.old, e.new, "
        "e.happened_at, e.precision, e.actor_id, e.source, "
        "e.origin, e.origin_id "
        "FROM every e LEFT JOIN face.whose w "
        "ON w.system = e.system AND w.object = e.object AND w.id = e.record_id "
        "LEFT JOIN mapped m ON m.system = e.system AND m.object = e.object AND m.native = e.native"
    )


def build_field_writes(columns: Columns) -> None:
    """Who wrote which field, how often and when last, as far as a system remembers: a view, for few ask.

    A first state that was read says what held by then, and nobody wrote it that day.
    """
    ((home,),) = columns.db.execute("SELECT current_catalog()").fetchall()
    columns.db.execute("USE face")
    columns.db.execute(
        "CREATE VIEW field_write AS SELECT system, object, native, any_value(field) AS field, actor_id, origin, "
        "count(*) AS writes, count(DISTINCT id) AS records, max(happened_at) AS last_at FROM event "
        "WHERE kind = 'field' AND precision IS DISTINCT FROM 'upper_bound' "
        "GROUP BY system, object, native, actor_id, origin"
    )
    columns.db.execute(f"USE {quoted(home)}")


_FOLLOWED = (
    "said AS (SELECT * FROM told WHERE told <> 'state'), "
    "lasted AS (SELECT *, lag(new) OVER held AS before, row_number() OVER held AS place "
    "FROM told WHERE told = 'state' WINDOW held AS "
    "(PARTITION BY system, object, record_id, native ORDER BY happened_at, id)), "
    "followed AS (SELECT * EXCLUDE (before, place) REPLACE (before AS old, "
    "CASE place WHEN 1 THEN 'upper_bound' ELSE precision END AS precision) FROM lasted "
    "WHERE place = 1 OR new IS DISTINCT FROM before), "
    "every AS (SELECT * FROM said UNION ALL SELECT f.* FROM followed f ANTI JOIN said s "
    "ON s.system = f.system AND s.object = f.object AND s.record_id = f.record_id "
    "AND s.native = f.native AND s.new IS NOT DISTINCT FROM f.new "
    "AND s.happened_at = f.happened_at)"
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


def build_owned(columns: Columns, name: str, names: tuple[str, ...], table: str) -> None:
    """A side table laid together whose rows have an `object` and a `record_id`, with the customer of each."""
    columns.db.execute(
        f"CREATE TABLE face.{name} AS SELECT m.*, w.key FROM "
        f"({_union(columns, names, table)}) m LEFT JOIN face.whose w "
        "ON w.system = m.system AND w.object = m.object AND w.id = m.record_id"
    )
