"""Counts where people stand out of a finished face."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

from crmsync.core.stage_counts import CrossTable, LifecycleFigures, StageCount
from crmsync.warehouse.engine import open_read_only

MOST = 12
"""As many columns a table has; what is rarer is one column together."""
REST = "..."


def read_figures(file: Path) -> LifecycleFigures | None:
    """The figures of people; None where nothing is known of how far anybody is."""
    db = open_read_only(file)
    try:
        stages = _stages(db)
        if not stages:
            return None
        ((disagreeing,),) = db.execute(
            "SELECT count(*) FROM standing WHERE entity = 'contact' AND NOT agrees"
        ).fetchall()
        return LifecycleFigures(stages, disagreeing, tuple(_tables(db)))
    finally:
        db.close()


def _stages(db: Any) -> tuple[StageCount, ...]:
    """One row a stage of the ladder that anybody stands at, then `other`, then none."""
    together = dict(
        db.execute(
            "SELECT current, count(*) FROM standing WHERE entity = 'contact' GROUP BY 1"
        ).fetchall()
    )
    told: dict[str | None, dict[str, int]] = {}
    for system, stage, count in db.execute(
        "SELECT s.system, s.current, count(*) FROM standing_in s WHERE s.entity = 'contact' GROUP BY ALL ORDER BY 1"
    ).fetchall():
        told.setdefault(stage, {})[system] = count
    there = {*together, *told}
    return tuple(
        StageCount(stage, together.get(stage, 0), told.get(stage, {}))
        for stage in (*_ladder(db), "other", None)
        if stage in there
    )


def _ladder(db: Any) -> list[str]:
    return [row[0] for row in db.execute("SELECT stage FROM ladder ORDER BY rank").fetchall()]


def _tables(db: Any) -> list[CrossTable]:
    """A table for each system with a stage of its own against each other one, of the people whom both know."""
    kinds = db.execute(
        "SELECT system, bool_or(how = 'property') FROM standing_in WHERE entity = 'contact' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    with_stage = {system for system, has in kinds if has}
    names = [system for system, _ in kinds]
    pairs = [
        (one, other)
        for one, other in permutations(names, 2)
        if one in with_stage and (other not in with_stage or one < other)
    ]
    return [table for pair in pairs if (table := _table(db, *pair)).total]


def _table(db: Any, one: str, other: str) -> CrossTable:
    rows = db.execute(
        "SELECT coalesce(a.current, a.stage_text, ''), coalesce(CASE b.how WHEN 'status' THEN b.status_text "
        "WHEN 'record' THEN b.status_text END, b.current, ''), count(*) FROM standing_in a "
        "JOIN standing_in b ON b.entity = a.entity AND b.key = a.key "
        "WHERE a.entity = 'contact' AND a.system = ? AND b.system = ? GROUP BY ALL",
        [one, other],
    ).fetchall()
    sums: dict[str, int] = {}
    for _row, column, count in rows:
        sums[column] = sums.get(column, 0) + count
    often = sorted(sums, key=lambda each: (-sums[each], each))[:MOST]
    counts: dict[tuple[str, str], int] = {}
    for row, column, count in rows:
        place = (row, column if column in often else REST)
        counts[place] = counts.get(place, 0) + count
    order = {stage: place for place, stage in enumerate((*_ladder(db), "other"))}

    def in_order(word: str) -> tuple[bool, int, str]:
        # Statuses before stages: a lead comes before what becomes of it. Nothing stands last.
        return word == "", order.get(word, -1), word

    names = sorted({row for row, _ in counts}, key=in_order)
    columns = sorted({column for _, column in counts}, key=in_order)
    return CrossTable(one, other, tuple(names), tuple(columns), counts)
