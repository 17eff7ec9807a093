"""Where a record is, by its system and id: which object of the last read has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from crmsync.core.marks import id_mark
from crmsync.core.records import Ref
from crmsync.warehouse.engine import literal, open_engine
from crmsync.warehouse.snapshots import Snapshot

Places = Mapping[tuple[str, str], Snapshot]


def unread_of(snapshots: Places, refs: Iterable[Ref]) -> list[Ref]:
    """The records that the last read of their object did not have; of an object that was never read nobody knows."""
    asked: dict[tuple[str, str], set[Ref]] = {}
    for ref in refs:
        if (ref.system, ref.object) in snapshots:
            asked.setdefault((ref.system, ref.object), set()).add(ref)
    missing: list[Ref] = []
    for place, wanted in asked.items():
        found = {ref.id for ref in records_with(snapshots, [place], [ref.id for ref in wanted])}
        missing += [ref for ref in wanted if not found & {ref.id, id_mark(ref.id)}]
    return sorted(missing)


def ids_of(snapshots: Places, place: tuple[str, str]) -> list[str]:
    """Every id that the last read of an object had."""
    snapshot = snapshots.get(place)
    if snapshot is None or not snapshot.manifest.rows:
        return []
    db = open_engine()
    try:
        query = f"SELECT DISTINCT _id FROM read_parquet({literal(snapshot.pattern)}) ORDER BY _id"
        return [id_ for (id_,) in db.execute(query).fetchall()]
    finally:
        db.close()


def records_with(
    snapshots: Places, objects: Iterable[tuple[str, str]], ids: Collection[str]
) -> list[Ref]:
    """Every record of some (system, object) with one of these ids; an id of 15 characters has 18 there."""
    named = ", ".join(literal(name) for each in ids for name in sorted({each, id_mark(each)}))
    found: list[Ref] = []
    db = open_engine()
    try:
        for system, object_ in objects:
            snapshot = snapshots.get((system, object_))
            if snapshot is not None and snapshot.manifest.rows and named:
                rows = db.execute(
                    f"SELECT DISTINCT _id FROM read_parquet({literal(snapshot.pattern)}) "
                    f"WHERE _id IN ({named}) ORDER BY _id"
                ).fetchall()
                found += [Ref(system, object_, id_) for (id_,) in rows]
    finally:
        db.close()
    return found
