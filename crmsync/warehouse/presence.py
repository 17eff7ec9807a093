"""Which records a read that came to its end did not have."""

from __future__ import annotations

from collections.abc import Collection

from crmsync.core.records import Ref
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal


def gone_of(columns: Columns, refs: Collection[Ref]) -> set[Ref]:
    """Those of some records that are not there any more; of an object that was not read to its end, none."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for ref in refs:
        wanted.setdefault((ref.system, ref.object), set()).add(ref.id)
    gone: set[Ref] = set()
    for place, ids in wanted.items():
        snapshot = columns.snapshots.get(place)
        if snapshot is None or not snapshot.manifest.complete:
            continue
        there = _there(columns, snapshot.pattern, ids) if snapshot.manifest.rows else set()
        gone |= {Ref(*place, id_) for id_ in ids - there}
    return gone


def _there(columns: Columns, pattern: str, ids: Collection[str]) -> set[str]:
    rows = columns.db.execute(
        f"SELECT _id FROM read_parquet({literal(pattern)}) WHERE _id IN (SELECT unnest(?))",  # quoted
        [sorted(ids)],
    )
    return {id_ for (id_,) in rows.fetchall()}
