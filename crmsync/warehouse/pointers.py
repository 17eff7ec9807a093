"""Native links: what a record itself says it is in another system, and whether that can be true.

    pointer_<entity>  system, object, id, field, to_system, to_object, to_id: the link of a record that counts
    native_<entity>   the same with key, to_key and state, once everybody has a key

| state | means |
|---|---|
| linked | both records are one customer |
| broken | the other system was read to its end, and the record is not there |
| double | another record of the same system points to the same one |
| crossed | the two belong to other customers, or a rule that names one customer only leads elsewhere |
| lone | nothing against it and nothing for it yet: the other record takes no part, or was not read |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crmsync.core.mapping import NATIVE_LINK, Entity, NativeLink
from crmsync.core.matching import Ambiguity
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.marks import address_sql, id_sql, stripped_sql
from crmsync.warehouse.snapshots import Snapshot

if TYPE_CHECKING:
    import duckdb

Snapshots = Mapping[tuple[str, str], Snapshot]
TANGLED = ("double", "crossed")
_COLUMNS = ("system", "object", "id", "field", "to_system", "to_object", "to_id")


def read_pointers(db: duckdb.DuckDBPyConnection, entity: Entity, snapshots: Snapshots) -> None:
    """Builds pointer_<entity> over canon_<entity>: of several links into one system the first counts.

    So a HubSpot contact that was once a lead points to its Contact, and the lead is history.
    """
    parts = [
        part
        for rank, each in enumerate(entity.native_links)
        for part in _parts(entity, rank, each, snapshots)
    ]
    empty = ", ".join(f"NULL::VARCHAR AS {name}" for name in _COLUMNS)
    union = " UNION ALL ".join([f"SELECT {empty}, 0 AS rank WHERE false", *parts])
    db.execute(
        f"CREATE TABLE {quoted('pointer_' + entity.entity)} AS SELECT p.* EXCLUDE (rank) FROM ({union}) p "
        f"JOIN {quoted('canon_' + entity.entity)} c "
        "ON c.system = p.system AND c.object = p.object AND c.id = p.id "
        "QUALIFY row_number() OVER (PARTITION BY p.system, p.object, p.id, p.to_system ORDER BY rank) = 1"
    )


def shown_links(entity: Entity, snapshots: Snapshots) -> list[NativeLink]:
    """The native links that the last read really had."""
    return [each for each in entity.native_links if any(_objects(entity, each, snapshots))]


def _objects(entity: Entity, each: NativeLink, snapshots: Snapshots) -> Iterable[Snapshot]:
    for seat in entity.seats_of(each.system):
        snapshot = snapshots.get((seat.system, seat.object))
        if snapshot is not None and each.field in snapshot.manifest.fields:
            yield snapshot


def _parts(entity: Entity, rank: int, each: NativeLink, snapshots: Snapshots) -> Iterable[str]:
    for snapshot in _objects(entity, each, snapshots):
        if snapshot.manifest.rows:
            to_id = id_sql(quoted(each.field))
            texts = (
                each.system,
                snapshot.manifest.object,
                each.field,
                each.to.system,
                each.to.object,
            )
            system, object_, field, to_system, to_object = (literal(text) for text in texts)
            yield (
                f"SELECT {system} AS system, {object_} AS object, _id AS id, {field} AS field, "
                f"{to_system} AS to_system, {to_object} AS to_object, {to_id} AS to_id, {rank} AS rank "
                f"FROM read_parquet({literal(snapshot.pattern)}) WHERE {stripped_sql(quoted(each.field))} <> ''"
            )


def judge_pointers(
    db: duckdb.DuckDBPyConnection,
    entity: Entity,
    snapshots: Snapshots,
    ambiguities: Iterable[Ambiguity],
) -> None:
    """Builds native_<entity>: every native link with the customers at both ends, and its state."""
    name = entity.entity
    keys, pointers = quoted("key_" + name), quoted("pointer_" + name)
    ((any_,),) = db.execute(f"SELECT count(*) FROM {pointers}").fetchall()
    if not any_:
        db.execute(
            f"CREATE TABLE {quoted('native_' + name)} AS SELECT system, object, id, id AS key, field, to_system, "
            f"to_object, to_id, id AS to_key, id AS state FROM {pointers}"
        )
        db.execute(f"DROP TABLE {pointers}")
        return
    _register_asked(db, ambiguities)
    db.execute(
        f"CREATE TABLE {quoted('native_' + name)} AS WITH seated AS (SELECT DISTINCT key, system FROM {keys}), "
        f"there AS ({_there(entity, snapshots)}), "
        "ends AS (SELECT p.*, k.key, t.key AS to_key, t.id AS found, "
        "count(*) OVER (PARTITION BY p.system, p.to_system, p.to_object, p.to_id) > 1 AS shared "
        f"FROM {pointers} p "
        f"JOIN {keys} k ON k.system = p.system AND k.object = p.object AND k.id = p.id "
        f"LEFT JOIN {keys} t ON t.system = p.to_system AND t.object = p.to_object "
        f"AND {id_sql('t.id')} = p.to_id) "
        "SELECT e.system, e.object, e.id, e.key, e.field, e.to_system, e.to_object, "
        "coalesce(e.found, e.to_id) AS to_id, e.to_key, CASE "
        f"WHEN e.found IS NULL AND {_complete(entity, snapshots)} AND h.id IS NULL THEN 'broken' "
        "WHEN e.found IS NULL THEN 'lone' WHEN e.shared THEN 'double' WHEN e.key = e.to_key THEN 'linked' "
        "WHEN o.key IS NOT NULL OR u.key IS NOT NULL OR a.id IS NOT NULL THEN 'crossed' "
        "ELSE 'lone' END AS state FROM ends e "
        "LEFT JOIN there h ON h.system = e.to_system AND h.object = e.to_object AND h.id = e.to_id "
        "LEFT JOIN seated o ON o.key = e.key AND o.system = e.to_system "
        "LEFT JOIN seated u ON u.key = e.to_key AND u.system = e.system "
        "LEFT JOIN asked a ON a.system = e.system AND a.object = e.object AND a.id = e.id "
        f"AND a.mark = {address_sql('e.to_object', 'e.to_id')}"
    )
    db.unregister("asked")
    db.execute(f"DROP TABLE {pointers}")


def _register_asked(db: duckdb.DuckDBPyConnection, ambiguities: Iterable[Ambiguity]) -> None:
    import pyarrow as pa

    rows = [
        (each.mark, ref.system, ref.object, ref.id)
        for each in ambiguities
        if each.how == NATIVE_LINK
        for ref in each.refs
    ]
    names = ("mark", "system", "object", "id")
    columns = {n: pa.array([row[i] for row in rows], pa.string()) for i, n in enumerate(names)}
    db.register("asked", pa.table(columns))


def _there(entity: Entity, snapshots: Snapshots) -> str:
    """Every record of the objects that native links lead to, also those that take no part."""
    parts = [
        "SELECT NULL::VARCHAR AS system, NULL::VARCHAR AS object, NULL::VARCHAR AS id WHERE false"
    ]
    for system, object_ in _led_to(entity):
        snapshot = snapshots.get((system, object_))
        if snapshot is not None and snapshot.manifest.rows:
            pointed = f"SELECT to_id FROM {quoted('pointer_' + entity.entity)}"
            parts.append(
                f"SELECT {literal(system)}, {literal(object_)}, {id_sql('_id')} "
                f"FROM read_parquet({literal(snapshot.pattern)}) WHERE {id_sql('_id')} IN ({pointed})"
            )
    return " UNION ALL ".join(parts)


def _complete(entity: Entity, snapshots: Snapshots) -> str:
    """True in SQL for links into an object that was read to its end."""
    held = [
        f"(e.to_system = {literal(system)} AND e.to_object = {literal(object_)})"
        for system, object_ in _led_to(entity)
        if (system, object_) in snapshots and snapshots[system, object_].manifest.complete
    ]
    return f"({' OR '.join(held) or 'false'})"


def _led_to(entity: Entity) -> list[tuple[str, str]]:
    return list(dict.fromkeys((each.to.system, each.to.object) for each in entity.native_links))


def tangles(
    db: duckdb.DuckDBPyConnection, entity: Entity, ambiguities: Iterable[Ambiguity]
) -> list[tuple[str, tuple[str, ...]]]:
    """(state, records) of every record that double or crossed native links lead to, in order.

    With both ends come the other records of their customers, and those that a rule leads to instead.
    """
    native, keys = quoted("native_" + entity.entity), quoted("key_" + entity.entity)
    rows = db.execute(
        f"WITH bad AS (SELECT *, to_system || '/' || {address_sql('to_object', id_sql('to_id'))} AS target "
        f"FROM {native} WHERE state IN ('double', 'crossed')) "
        "SELECT b.target, min(b.state), list(DISTINCT r.system || '/' || r.object || '/' || r.id) "
        f"FROM bad b JOIN {keys} r ON r.key IN (b.key, b.to_key) GROUP BY b.target ORDER BY b.target"
    ).fetchall()
    found = {target: (state, set(refs)) for target, state, refs in rows}
    for each in ambiguities:
        refs = {str(ref) for ref in each.refs} if each.how == NATIVE_LINK else set()
        for target in refs & found.keys():
            if target.endswith(f"/{each.mark}"):
                found[target][1].update(refs)
    return [(state, tuple(sorted(refs))) for state, refs in found.values()]


def lost_records(db: duckdb.DuckDBPyConnection, entity: Entity) -> set[tuple[str, str]]:
    """(key, system) of customers who had a record there, which is gone: their native link is broken."""
    rows = db.execute(
        f"SELECT DISTINCT key, to_system FROM {quoted('native_' + entity.entity)} WHERE state = 'broken'"
    ).fetchall()
    return {(key, system) for key, system in rows}
