"""How long ago records were changed or dealt with: the later of the last change and the last activity with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

from crmsync.core.profile import AGES, AgeCounts
from crmsync.warehouse.engine import literal, quoted

# What is planned for later was not done yet: it counts from when it was written down.
_AGES = """
WITH done AS (
  SELECT t.system, t.key, max(CASE WHEN coalesce(a.happened_at, a.day, a.created_at) > $now THEN a.created_at
    ELSE coalesce(a.happened_at, a.day, a.created_at) END) AS moment
  FROM activity_about t JOIN activity a ON a.system = t.system AND a.object = t.activity_object AND a.id = t.activity_id
  WHERE t.entity = {entity} AND t.key IS NOT NULL GROUP BY ALL),
aged AS (
  SELECT r.system, date_diff('day', greatest(r.created_at, r.modified_at, d.moment), $now) AS days
  FROM {table} r LEFT JOIN done d ON d.system = r.system AND d.key = r.key)
SELECT system, {bands}, count(*) FILTER (days IS NULL) FROM aged GROUP BY 1 ORDER BY 1
"""


def read_ages(db: Any, entities: Iterable[str], as_of: datetime) -> tuple[AgeCounts, ...]:
    """A row for each entity and system that has records."""
    return tuple(
        AgeCounts(entity, system, tuple(counts[:-1]), counts[-1])
        for entity in entities
        for system, *counts in db.execute(
            _AGES.format(entity=literal(entity), table=quoted(entity), bands=_bands()),
            {"now": as_of.replace(tzinfo=None)},
        ).fetchall()
    )


def _bands() -> str:
    """One column a band; a record that is younger than the reading is in the first."""
    edges = [None, *AGES, None]
    cells = []
    for low, high in pairwise(edges):
        above = f"days > {low}" if low is not None else "days IS NOT NULL"
        cells.append(f"count(*) FILTER ({above}{f' AND days <= {high}' if high else ''})")
    return ", ".join(cells)
