"""What is known of records that went: kept from read to read, until they are there again.

    _gone.<object>    id, at, why, into

A system forgets what it deleted (Salesforce after 15 days); what it once told is kept here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from crmsync.core.absences import Absence, reason_of
from crmsync.core.mapping import Entity
from crmsync.core.records import Ref
from crmsync.warehouse.engine import literal, open_engine, quoted
from crmsync.warehouse.snapshots import GONE, Snapshot

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

GONE_COLUMNS = ("id", "at", "why", "into")

Snapshots = Mapping[tuple[str, str], Snapshot]


def all_absences(
    told: pa.RecordBatch, before: Snapshot | None, merged: Snapshot | None, live: Snapshot
) -> pa.Table:
    """What is known of everything that went and is not there, in order of id.

    `told` is what the system says now, `before` what was known, `merged` (old_id, new_id) of what went into others;
    the records themselves may say which ones were merged into them, and then nobody may know when.
    Of two words about one record the later counts.
    """
    import pyarrow as pa

    if (
        not told.num_rows
        and not _has_rows(before)
        and not (live.manifest.merged_field and _has_rows(live))
    ):
        return pa.table({name: pa.array([], pa.string()) for name in GONE_COLUMNS})
    db = open_engine()
    try:
        db.register("told", pa.Table.from_batches([told]))
        found: pa.Table = db.sql(
            f"WITH became AS ({_rows(merged, ('old_id', 'new_id'))} UNION {_listed(live)}), "
            f"known AS (SELECT * FROM told UNION ALL BY NAME {_rows(before, GONE_COLUMNS)} UNION ALL BY NAME "
            'SELECT old_id AS id, NULL::VARCHAR AS "at", \'merged\' AS why, new_id AS "into" '
            f"FROM ({_listed(live)})), there AS ({_rows(live, ('_id',))}), "
            "last AS (SELECT k.* FROM known k ANTI JOIN there t ON t._id = k.id QUALIFY "
            'row_number() OVER (PARTITION BY id ORDER BY "at" DESC, "into" NULLS LAST) = 1) '
            "SELECT l.id, l.\"at\", CASE WHEN b.new_id IS NULL THEN l.why ELSE 'merged' END AS why, "
            'coalesce(b.new_id, l."into") AS "into" '
            "FROM last l LEFT JOIN became b ON b.old_id = l.id ORDER BY l.id"
        ).to_arrow_table()
        return found
    finally:
        db.close()


def _has_rows(snapshot: Snapshot | None) -> bool:
    return snapshot is not None and snapshot.manifest.rows > 0


def _listed(live: Snapshot) -> str:
    """(old_id, new_id) of records that live ones name as merged into them."""
    name = live.manifest.merged_field
    if not name or not live.manifest.rows:
        return _rows(None, ("old_id", "new_id"))
    olds = f"trim(unnest(string_split({quoted(name)}, ';')))"
    source = f"read_parquet({literal(live.pattern)})"
    return (
        f"SELECT old_id, new_id FROM (SELECT {olds} AS old_id, _id AS new_id FROM {source}) "
        "WHERE old_id <> '' AND old_id <> new_id"
    )


def _rows(snapshot: Snapshot | None, names: Sequence[str]) -> str:
    if snapshot is None or not _has_rows(snapshot):
        return (
            f"SELECT {', '.join(f'NULL::VARCHAR AS {quoted(name)}' for name in names)} WHERE false"
        )
    return f"SELECT {', '.join(map(quoted, names))} FROM read_parquet({literal(snapshot.pattern)})"


def absences_of(
    db: duckdb.DuckDBPyConnection, refs: Iterable[Ref], snapshots: Snapshots
) -> dict[Ref, Absence]:
    """What is known of those of some records that went."""
    import pyarrow as pa

    by_place: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in refs:
        by_place[ref.system, ref.object].append(ref.id)
    found: dict[Ref, Absence] = {}
    for (system, object_), ids in sorted(by_place.items()):
        known = snapshots.get((system, GONE + object_))
        if known is None or not known.manifest.rows:
            continue
        db.register("asked_for", pa.table({"id": pa.array(ids, pa.string())}))
        rows = db.execute(
            "SELECT id, coalesce(\"at\", ''), why, coalesce(\"into\", '') "
            f"FROM read_parquet({literal(known.pattern)}) SEMI JOIN asked_for USING (id)"
        ).fetchall()
        db.unregister("asked_for")
        refs_here = (Ref(system, object_, row[0]) for row in rows)
        found |= {ref: Absence(ref, *row[1:]) for ref, row in zip(refs_here, rows, strict=True)}
    return found


def absent_records(
    db: duckdb.DuckDBPyConnection, entity: Entity, keys: Sequence[str], snapshots: Snapshots
) -> dict[str, list[Absence]]:
    """By key, its linked records that are not there any more, sorted; of some nothing else is known."""
    rows = db.execute(
        f"SELECT key, system, object, native_id FROM {quoted('absent_' + entity.entity)} "
        "WHERE key IN (SELECT unnest(?)) ORDER BY ALL",
        [list(keys)],
    ).fetchall()
    known = absences_of(db, (Ref(*row[1:]) for row in rows), snapshots)
    found: dict[str, list[Absence]] = defaultdict(list)
    for key, *address in rows:
        ref = Ref(*address)
        found[key].append(known.get(ref, Absence(ref)))
    return dict(found)


def reasons_gone(
    db: duckdb.DuckDBPyConnection, entity: Entity, snapshots: Snapshots
) -> dict[tuple[str, str], str]:
    """(key, system): why a linked record is not there, where more is known than that; from absent_<entity>."""
    rows = db.execute(
        f"SELECT key, system, object, native_id FROM {quoted('absent_' + entity.entity)}"
    ).fetchall()
    known = absences_of(db, (Ref(*row[1:]) for row in rows), snapshots)
    places: dict[tuple[str, str], list[Absence]] = defaultdict(list)
    for key, *address in rows:
        if Ref(*address) in known:
            places[key, address[0]].append(known[Ref(*address)])
    return {place: reason_of(place[1], each) for place, each in places.items()}
