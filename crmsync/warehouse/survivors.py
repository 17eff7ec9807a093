"""Which links follow a merge or a conversion: what the records say became of them, and `core.following`.

| known from | says |
|---|---|
| `merged_field` of a record that is there (HubSpot) | these ids were merged into it |
| the side table of merged records (Salesforce) | this deleted one went into that one |
| `converted_into` of a record whose flag is set (leads) | this one became that contact, or that account |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crmsync.core.following import Move, NeedsMerge, astray, follow, survivors
from crmsync.core.mapping import Entity, Seat
from crmsync.core.records import Ref
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.marks import id_sql
from crmsync.warehouse.snapshots import MERGED, Manifest, Snapshot

if TYPE_CHECKING:
    import duckdb

Snapshots = Mapping[tuple[str, str], Snapshot]
Steps = list[tuple[Ref, Ref]]


@dataclass(frozen=True, slots=True)
class Followed:
    """Links that moved, customers that became one and may not, and those who became what was not read."""

    moves: list[Move] = field(default_factory=list)
    clashes: list[NeedsMerge] = field(default_factory=list)
    unseen: list[tuple[Ref, ...]] = field(default_factory=list)


def follow_merges(db: duckdb.DuckDBPyConnection, entity: Entity, snapshots: Snapshots) -> Followed:
    """Builds link_<entity>: the known links as they are after merges and conversions; what moved, what must not.

    Only a link whose record is gone moves, and only to a record that was read. Native links of
    pointer_<entity> that still name the old record lead to the new one.
    """
    table = quoted("link_" + entity.entity)
    db.execute(f"CREATE TABLE {table} AS SELECT key, system, object, native_id FROM known_links")
    steps, live = _steps(db, entity, snapshots)
    if not steps:
        return Followed()
    _lead_on(db, entity, survivors(steps, live))
    links = _links(db, entity, steps)
    there = live | _there(db, entity, links)
    unsure = _perhaps_there(entity, snapshots, links) - {old for old, _ in steps}
    moves, clashes = follow(links, steps, there | unsure)
    _move(db, table, moves)
    return Followed(moves, clashes, astray(links, steps, live))


def _perhaps_there(entity: Entity, snapshots: Snapshots, refs: Iterable[Ref]) -> set[Ref]:
    """Records of seats that were not read to the end: nobody can say that they are gone."""
    seats = {(seat.system, seat.object) for seat in entity.seats}
    read = {place for place in seats if place in snapshots and snapshots[place].manifest.complete}
    return {ref for ref in refs if (ref.system, ref.object) in seats - read}


def _there(db: duckdb.DuckDBPyConnection, entity: Entity, refs: Iterable[Ref]) -> set[Ref]:
    """Those of some records that were read."""
    _register(db, "touched", refs)
    rows = db.execute(
        f"SELECT c.system, c.object, c.id FROM {quoted('canon_' + entity.entity)} c SEMI JOIN touched t "
        "ON t.system = c.system AND t.object = c.object AND t.native_id = c.id"
    ).fetchall()
    db.unregister("touched")
    return {Ref(*address) for address in rows}


def _register(db: duckdb.DuckDBPyConnection, name: str, refs: Iterable[Ref]) -> None:
    import pyarrow as pa

    wanted = sorted(refs)
    columns = {
        "system": pa.array([ref.system for ref in wanted], pa.string()),
        "object": pa.array([ref.object for ref in wanted], pa.string()),
        "native_id": pa.array([ref.id for ref in wanted], pa.string()),
    }
    db.register(name, pa.table(columns))


def _steps(
    db: duckdb.DuckDBPyConnection, entity: Entity, snapshots: Snapshots
) -> tuple[Steps, set[Ref]]:
    """(old, new) of every step that a link or a native link may have to take, and the live records they reach."""
    parts = steps_told(entity, snapshots)
    if not parts:
        return [], set()
    rows = db.execute(_walk_sql(entity, parts)).fetchall()
    steps = [(Ref(s, o, id_), Ref(s, to_o, to_id)) for s, o, id_, to_o, to_id, _ in rows]
    return steps, {Ref(s, to_o, to_id) for s, _o, _id, to_o, to_id, is_live in rows if is_live}


def steps_told(entity: Entity, snapshots: Snapshots) -> list[str]:
    """Selects of (system, object, id, to_object, to_id): every record that is said to have become another."""
    return [part for seat in entity.seats for part in _told(entity, seat, snapshots)]


def _told(entity: Entity, seat: Seat, snapshots: Snapshots) -> Iterator[str]:
    """Selects of (system, object, id, to_object, to_id), one for each way in which a seat tells of it."""
    snapshot = snapshots.get((seat.system, seat.object))
    if snapshot is not None and snapshot.manifest.rows:
        manifest = snapshot.manifest
        for said in (*_listed(manifest), *_became(entity, seat, manifest)):
            yield f"{_select(seat, said)} FROM read_parquet({literal(snapshot.pattern)}) WHERE {said[3]}"
    merged = snapshots.get((seat.system, MERGED + seat.object))
    if merged is not None and merged.manifest.rows:
        said = ("old_id", seat.object, "new_id", "new_id IS NOT NULL")
        yield f"{_select(seat, said)} FROM read_parquet({literal(merged.pattern)}) WHERE {said[3]}"


Said = tuple[str, str, str, str]
"""(id in SQL, object of the other record, its id in SQL, when it is said)."""


def _select(seat: Seat, said: Said) -> str:
    old, to_object, new, _ = said
    return (
        f"SELECT {literal(seat.system)} AS system, {literal(seat.object)} AS object, {old} AS id, "
        f"{literal(to_object)} AS to_object, {new} AS to_id"
    )


def _listed(manifest: Manifest) -> Iterable[Said]:
    if not manifest.merged_field:
        return []
    field = quoted(manifest.merged_field)
    olds = f"trim(unnest(string_split({field}, ';')))"
    return [(olds, manifest.object, "_id", f"{field} IS NOT NULL")]


def _became(entity: Entity, seat: Seat, manifest: Manifest) -> Iterable[Said]:
    seats = {each.object for each in entity.seats_of(seat.system)}
    for object_, name in manifest.converted_into.items():
        if object_ in seats:
            field = quoted(name)
            when = f"{quoted(manifest.converted_flag)} = 'true' AND {field} IS NOT NULL"
            yield "_id", object_, id_sql(field), when


def _walk_sql(entity: Entity, parts: list[str]) -> str:
    """The steps from records that are linked or pointed to and are not there, on to where they end."""
    name = entity.entity
    there = quoted("canon_" + name)
    return (
        f"WITH RECURSIVE said AS ({' UNION ALL '.join(parts)}), "
        f"step AS (SELECT DISTINCT s.* FROM said s ANTI JOIN {there} c "
        "ON c.system = s.system AND c.object = s.object AND c.id = s.id), "
        f"start AS (SELECT system, object, native_id AS id FROM {quoted('link_' + name)} UNION "
        f"SELECT to_system, to_object, to_id FROM {quoted('pointer_' + name)}), "
        "walk AS (SELECT s.* FROM step s SEMI JOIN start f "
        "ON f.system = s.system AND f.object = s.object AND f.id = s.id "
        "UNION SELECT s.* FROM walk w JOIN step s "
        "ON s.system = w.system AND s.object = w.to_object AND s.id = w.to_id) "
        f"SELECT w.*, c.id IS NOT NULL FROM walk w LEFT JOIN {there} c "
        "ON c.system = w.system AND c.object = w.to_object AND c.id = w.to_id ORDER BY ALL"
    )


def _lead_on(db: duckdb.DuckDBPyConnection, entity: Entity, ends: Mapping[Ref, Ref]) -> None:
    """Native links that name a record which is gone lead to the one in its place."""
    import pyarrow as pa

    rows = [(old.system, old.object, old.id, new.object, new.id) for old, new in ends.items()]
    names = ("system", "object", "id", "to_object", "to_id")
    columns = {n: pa.array([row[i] for row in rows], pa.string()) for i, n in enumerate(names)}
    db.register("ends", pa.table(columns))
    db.execute(
        f"UPDATE {quoted('pointer_' + entity.entity)} AS p SET to_object = e.to_object, to_id = e.to_id "
        "FROM ends e WHERE e.system = p.to_system AND e.object = p.to_object AND e.id = p.to_id"
    )
    db.unregister("ends")


def _links(db: duckdb.DuckDBPyConnection, entity: Entity, pairs: Steps) -> dict[Ref, str]:
    """Every record of every customer that a merge touches, with its key."""
    _register(db, "touched", {ref for pair in pairs for ref in pair})
    rows = db.execute(
        f"SELECT key, system, object, native_id FROM {quoted('link_' + entity.entity)} WHERE key IN ("
        f"SELECT l.key FROM {quoted('link_' + entity.entity)} l JOIN touched t "
        "ON t.system = l.system AND t.object = l.object AND t.native_id = l.native_id)"
    ).fetchall()
    db.unregister("touched")
    return {Ref(*address): key for key, *address in rows}


def _move(db: duckdb.DuckDBPyConnection, table: str, moves: list[Move]) -> None:
    """Takes the merged records out of the links and puts their survivors in, under the key they have now."""
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
