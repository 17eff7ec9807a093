"""What the last search for duplicates found: groups and their records by confidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crmsync.core.profile import DuplicateCounts

_SEARCHED = "SELECT entity, records FROM duplicate_search"
_GROUPS = """
WITH grouped AS (
  SELECT entity, grp, any_value(tier) AS tier, any_value(size) AS size, bool_and(coalesce(decided, '') <> '') AS decided
  FROM probable_duplicate GROUP BY ALL)
SELECT entity, count(*) FILTER (tier = 'sure'), coalesce(sum(size) FILTER (tier = 'sure'), 0)::BIGINT,
  count(*) FILTER (tier = 'review'), coalesce(sum(size) FILTER (tier = 'review'), 0)::BIGINT, count(*) FILTER (decided)
FROM grouped GROUP BY 1
"""


def read_duplicates(db: Any, compared: Iterable[str]) -> tuple[DuplicateCounts, ...]:
    """A row for each entity whose mapping says how its records are compared."""
    searched = dict(db.execute(_SEARCHED).fetchall())
    found = {row[0]: row[1:] for row in db.execute(_GROUPS).fetchall()}
    return tuple(
        DuplicateCounts(entity, True, searched[entity], *found.get(entity, ()))
        if entity in searched
        else DuplicateCounts(entity, False)
        for entity in compared
    )
