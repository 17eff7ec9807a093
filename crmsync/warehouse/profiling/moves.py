"""Moves between stages: what the history of the stage tells, record by record."""

from __future__ import annotations

from typing import Any

from crmsync.core.lifecycle import OTHER
from crmsync.core.profile import StageMoves

# As audit L05 reads the history: a stage that was cleared in between is left all the same.
_MOVED = """
WITH moved AS (
  SELECT e.system, e.stage, e.kind, lag(e.stage) OVER (
    PARTITION BY e.system, e.object, e.id ORDER BY e.at, e.kind = 'reset') AS before
  FROM stage_event e
  WHERE e.entity = 'contact' AND e.source = 'history' AND e.precision = 'instant'
    AND e.kind IN ('entered', 'propagated', 'recycled', 'reset'))
SELECT m.system, m.before, m.stage, coalesce(low.rank < high.rank, false), count(*) FROM moved m
LEFT JOIN ladder high ON high.stage = m.before LEFT JOIN ladder low ON low.stage = m.stage
WHERE m.kind <> 'reset' AND m.before <> m.stage GROUP BY ALL ORDER BY ALL
"""


def read_moves(db: Any) -> tuple[StageMoves, ...]:
    """One matrix for each system that keeps a history of the stage; none where nobody ever moved."""
    ladder = [row[0] for row in db.execute("SELECT stage FROM ladder ORDER BY rank").fetchall()]
    rows = db.execute(_MOVED).fetchall()
    return tuple(
        _of(system, [row[1:] for row in rows if row[0] == system], ladder)
        for system in sorted({row[0] for row in rows})
    )


def _of(system: str, rows: list[tuple[str, str, bool, int]], ladder: list[str]) -> StageMoves:
    named = {stage for before, after, _, _ in rows for stage in (before, after)}
    stages = tuple(stage for stage in (*ladder, OTHER) if stage in named)
    counts = {(before, after): count for before, after, _, count in rows}
    return StageMoves(
        system,
        stages,
        counts,
        frozenset((before, after) for before, after, back, _ in rows if back),
    )
