"""Ties are read after the records they begin at: whoever goes in between looks like one without ties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crmsync.connectors.base import Connector
from crmsync.errors import AnswerBroken
from crmsync.warehouse.snapshots import Snapshot, rows_of

if TYPE_CHECKING:
    import pyarrow as pa

_COLUMNS = ("from_id", "to_id")
_AT_ONCE = 1_000
"""Records looked at together: a connector asks in calls of its own size."""


def demand_ends(
    connector: Connector,
    ends: Sequence[Snapshot | None],
    before: Snapshot | None,
    ties: Iterator[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    """The ties, if every record that had some in the read before and has none now is there still.

    `ends` are the records ties begin at, and those they lead to, if these were read. AnswerBroken, after all ties,
    if one went since it was read: its ties are another's by then, or nobody's, and without them a plan would take
    away what they say. Only those few are asked for, by id: search may not have heard.
    """
    waiting = [_ids(before, column) for column in _COLUMNS]
    for batch in ties:
        for left, column in zip(waiting, _COLUMNS, strict=True):
            left.difference_update(batch.column(column).to_pylist())
        yield batch
    for left, live in zip(waiting, ends, strict=True):
        if live is not None and left:
            _demand_there(connector, live, left)


def _demand_there(connector: Connector, live: Snapshot, left: set[str]) -> None:
    lost = sorted(left & _ids(live, "_id"))
    there = _there(connector, live.manifest.object, lost)
    if went := [one for one in lost if one not in there]:
        what = f"{len(went)} records were merged or deleted while their ties were read"
        raise AnswerBroken(what, where=live.manifest.object)


def _ids(snapshot: Snapshot | None, column: str) -> set[str]:
    if snapshot is None or not snapshot.manifest.rows:
        return set()
    return {one for batch in rows_of(snapshot, [column]) for one in batch.column(0).to_pylist()}


def _there(connector: Connector, object_: str, ids: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), _AT_ONCE):
        found |= connector.get(object_, ids[start : start + _AT_ONCE], []).keys()
    return found
