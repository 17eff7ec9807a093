"""Where a key leads: whether a customer has a record in one system, for references."""

from __future__ import annotations

from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal, quoted


class Reach:
    """Answers whether a reference leads somewhere: to a record that is there, or one to be created.

    The keys of one entity in one system are read at the first question about them: a plan asks
    about every reference of every customer it decides over.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._created: set[tuple[str, str, str]] = set()
        self._known: dict[tuple[str, str], frozenset[str]] = {}

    def will_create(self, entity: str, key: str, system: str) -> None:
        """A record of this customer will be there once the plan is carried out."""
        self._created.add((entity, key, system))

    def __call__(self, entity: str, key: str, system: str) -> bool:
        """True if the customer has, or will have, a record in the system."""
        if (entity, system) not in self._known:
            self._known[entity, system] = self._keys(entity, system)
        return key in self._known[entity, system] or (entity, key, system) in self._created

    def _keys(self, entity: str, system: str) -> frozenset[str]:
        rows = self._columns.db.sql(
            f"SELECT DISTINCT key FROM {quoted('key_' + entity)} WHERE system = {literal(system)}"
        ).to_arrow_table()
        return frozenset(rows.column("key").to_pylist())
