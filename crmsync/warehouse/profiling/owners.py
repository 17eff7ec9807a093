"""Whose records are: nobody's, a queue's, somebody's who has left; what is over stays with whoever closed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmsync.core.profile import OwnerCounts

# A queue of Salesforce begins with 00G, as in audit O02.
_OWNERS = """
WITH staffed AS (SELECT DISTINCT system FROM owner)
SELECT o.entity, o.field, o.system, count(*), count(*) FILTER (o.owner_id IS NULL),
  count(*) FILTER (starts_with(o.owner_id, '00G')),
  CASE WHEN bool_or(s.system IS NOT NULL) THEN
    count(*) FILTER (o.owner_id IS NOT NULL AND NOT starts_with(o.owner_id, '00G') AND k.active IS NOT TRUE) END
FROM owned o LEFT JOIN staffed s ON s.system = o.system
LEFT JOIN owner k ON k.system = o.system AND k.id = o.owner_id
WHERE o.is_closed IS NOT TRUE GROUP BY ALL
"""


def read_owners(db: Any, entities: Sequence[str]) -> tuple[OwnerCounts, ...]:
    """A row for each field that names owners and system, of records that are not closed; entities in this order."""
    found = [OwnerCounts(*row) for row in db.execute(_OWNERS).fetchall()]
    return tuple(
        sorted(found, key=lambda each: (entities.index(each.entity), each.field, each.system))
    )
