"""Reads the lifecycle stories of a few customers out of a finished face."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crmsync.core.records import Ref
from crmsync.core.standing import Standing
from crmsync.core.story import LifecycleStory, StageEvent, SystemStanding, When
from crmsync.warehouse.engine import open_read_only

READ = frozenset(("standing", "standing_in", "stage_event"))
"""The tables of a face that stories are read from."""
_STANDING = "key, current, peak, rank, peak_rank, disposition, customer_status, decided_by, agrees"
_IN = (
    "key, s.system, s.current, s.peak, s.disposition, s.stage_text, s.how, s.precision, s.at, s.day, "
    "s.evidence_system, s.evidence_object, s.evidence_id"
)
_EVENT = (
    "key, s.system, s.stage, s.kind, s.source, s.precision, s.at, s.day, s.evidence_system, s.evidence_object, "
    "s.evidence_id"
)


def read_stories(file: Path, keys: Sequence[str]) -> dict[str, LifecycleStory]:
    """The stories of some customers by key; those of whom nothing can be said have none."""
    db = open_read_only(file)
    try:
        standings = _rows(db, "standing", _STANDING, keys)
        told = _rows(db, "standing_in", _IN, keys, "s.system")
        events = _rows(
            db,
            "stage_event",
            _EVENT,
            keys,
            "coalesce(s.at, s.day::TIMESTAMP) NULLS LAST, s.system, s.kind, s.stage",
        )
    finally:
        db.close()
    return {
        row[0]: LifecycleStory(
            row[0],
            Standing(*row[1:]),
            tuple(_standing_in(each) for each in told if each[0] == row[0]),
            tuple(_event(each) for each in events if each[0] == row[0]),
        )
        for row in standings
    }


def _rows(
    db: Any, table: str, cells: str, keys: Sequence[str], order: str = "s.key"
) -> list[tuple[Any, ...]]:
    query = f"SELECT {cells} FROM {table} s WHERE s.key IN (SELECT unnest(?)) ORDER BY {order}"
    rows: list[tuple[Any, ...]] = db.execute(query, [list(keys)]).fetchall()
    return rows


def _when(precision: str | None, at: datetime | None, day: date | None) -> When:
    known: Any = precision or "unknown"
    return When(known, at.replace(tzinfo=UTC) if at else None, day)


def _standing_in(row: tuple[Any, ...]) -> SystemStanding:
    _key, system, current, peak, disposition, text, how, precision, at, day, *ref = row
    return SystemStanding(
        system, current, peak, disposition, text, how, _when(precision, at, day), Ref(*ref)
    )


def _event(row: tuple[Any, ...]) -> StageEvent:
    _key, system, stage, kind, source, precision, at, day, *ref = row
    return StageEvent(system, stage, kind, source, _when(precision, at, day), Ref(*ref))
