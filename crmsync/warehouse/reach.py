"""Where a key leads: the native id of a customer in one system, for references."""

from __future__ import annotations

from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted


class Reach:
    """Answers whether a reference leads somewhere: to a record that is there, or one to be created.

    Only references that would be written are asked for, so answers are cached one by one.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._created: set[tuple[str, str, str]] = set()
        self._known: dict[tuple[str, str, str], bool] = {}

    def will_create(self, entity: str, key: str, system: str) -> None:
        """A record of this customer will be there once the plan is carried out."""
        self._created.add((entity, key, system))

    def __call__(self, entity: str, key: str, system: str) -> bool:
        """True if the customer has, or will have, a record in the system."""
        place = (entity, key, system)
        if place not in self._known:
            rows = self._columns.db.execute(
                f"SELECT 1 FROM {quoted('key_' + entity)} WHERE key = ? AND system = ? LIMIT 1",
                [key, system],
            ).fetchall()
            self._known[place] = bool(rows)
        return self._known[place] or place in self._created
