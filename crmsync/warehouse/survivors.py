"""Which links follow a merge: the records that say what was merged into them, and `core.following`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crmsync.core.following import Move, NeedsMerge, follow
from crmsync.core.mapping import Entity
from crmsync.core.records import Ref
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.snapshots import Snapshot

if TYPE_CHECKING:
    import duckdb

Snapshots = Mapping[tuple[str, str], Snapshot]


def follow_merges(
    db: duckdb.DuckDBPyConnection, entity: Entity, snapshots: Snapshots
) -> tuple[list[Move], list[NeedsMerge]]:
    """Builds link_<entity>: the known links as they are after merges; what moved, and what must not.

    Only a link whose record is gone moves, and only to a record that was read and lists it as merged.
    """
    table = quoted("link_" + entity.entity)
    db.execute(f"CREATE TABLE {table} AS SELECT key, system, object, native_id FROM known_links")
    pairs = _pairs(db, entity, snapshots)
    if not pairs:
        return [], []
    live = {new for _, new in pairs}
    moves, clashes = follow(_links(db, entity, pairs), pairs, live)
    _move(db, table, moves)
    return moves, clashes


def _pairs(
    db: duckdb.DuckDBPyConnection, entity: Entity, snapshots: Snapshots
) -> list[tuple[Ref, Ref]]:
    """(merged, survivor) for every merged record that was linked and is gone."""
    found: list[tuple[Ref, Ref]] = []
    for seat in entity.seats:
        snapshot = snapshots.get((seat.system, seat.object))
        if snapshot is None or not snapshot.manifest.rows or not snapshot.manifest.merged_field:
            continue
        canon = quoted("canon_" + entity.entity)
        here = f"system = {literal(seat.system)} AND object = {literal(seat.object)}"
        field = quoted(snapshot.manifest.merged_field)
        rows = db.execute(
            f"WITH merged AS (SELECT _id AS new, trim(unnest(string_split({field}, ';'))) AS old "
            f"FROM read_parquet({literal(snapshot.pattern)}) WHERE {field} IS NOT NULL) "
            "SELECT DISTINCT old, new FROM merged "
            f"WHERE old IN (SELECT native_id FROM known_links WHERE {here}) "
            f"AND old NOT IN (SELECT id FROM {canon} WHERE {here}) "
            f"AND new IN (SELECT id FROM {canon} WHERE {here}) ORDER BY ALL"
        ).fetchall()
        found += [
            (Ref(seat.system, seat.object, a), Ref(seat.system, seat.object, b)) for a, b in rows
        ]
    return found


def _links(
    db: duckdb.DuckDBPyConnection, entity: Entity, pairs: list[tuple[Ref, Ref]]
) -> dict[Ref, str]:
    """Every record of every customer that a merge touches, with its key."""
    import pyarrow as pa

    refs = sorted({ref for pair in pairs for ref in pair})
    columns = {
        "system": [ref.system for ref in refs],
        "object": [ref.object for ref in refs],
        "native_id": [ref.id for ref in refs],
    }
    db.register("touched", pa.table(columns))
    rows = db.execute(
        f"SELECT key, system, object, native_id FROM {quoted('link_' + entity.entity)} WHERE key IN ("
        f"SELECT l.key FROM {quoted('link_' + entity.entity)} l JOIN touched t "
        "ON t.system = l.system AND t.object = l.object AND t.native_id = l.native_id)"
    ).fetchall()
    db.unregister("touched")
    return {Ref(*address): key for key, *address in rows}


def _move(db: duckdb.DuckDBPyConnection, table: str, moves: list[Move]) -> None:
    """Takes the merged records out of the links and puts their survivors in."""
    for move in moves:
        db.execute(
            f"DELETE FROM {table} WHERE system = ? AND object = ? AND native_id = ?",
            [move.old.system, move.old.object, move.old.id],
        )
    for new, key in sorted({(move.new, move.key) for move in moves}):
        db.execute(
            f"INSERT INTO {table} SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM {table} "
            "WHERE system = ? AND object = ? AND native_id = ?)",
            [key, new.system, new.object, new.id, new.system, new.object, new.id],
        )
