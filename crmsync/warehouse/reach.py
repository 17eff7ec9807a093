"""Where a key leads: whether a customer has a record in one system, for references."""

from __future__ import annotations

from crmsync.core.records import Ref
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal, quoted


class Reach:
    """Answers whether a reference leads somewhere: to a record that is there, or one to be created.

    The keys of one entity in one system are read at the first question about them: a plan asks
    about every reference of every customer it decides over.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._created: set[tuple[str, str, str, str]] = set()
        self._known: dict[tuple[str, str, str], frozenset[str]] = {}
        self._outside: dict[str, dict[tuple[str, str], list[Ref]]] = {}

    def will_create(self, entity: str, key: str, system: str, object_: str) -> None:
        """A record of this customer will be there once the plan is carried out."""
        self._created |= {(entity, key, system, object_), (entity, key, system, "")}

    def __call__(self, entity: str, key: str, system: str, object_: str = "", /) -> bool:
        """True if the customer has, or will have, a record in the system, or in one object of it."""
        place = (entity, system, object_)
        if place not in self._known:
            self._known[place] = self._keys(*place)
        return key in self._known[place] or (entity, key, system, object_) in self._created

    def outside(self, entity: str, key: str, system: str, object_: str = "", /) -> Ref | None:
        """The record of the customer that the scope leaves out; None if one takes part or there is none."""
        if entity not in self._outside:
            self._outside[entity] = self._left_out(entity)
        found = self._outside[entity].get((key, system), [])
        return next((ref for ref in found if object_ in ("", ref.object)), None)

    def _left_out(self, entity: str) -> dict[tuple[str, str], list[Ref]]:
        """Records outside the scope by (key, system)."""
        found: dict[tuple[str, str], list[Ref]] = {}
        if not self._columns.mapping.entity(entity).scope:
            return found
        rows = self._columns.db.execute(
            f"SELECT key, system, object, id FROM {quoted('row_' + entity)} WHERE outside ORDER BY ALL"
        ).fetchall()
        for key, *address in rows:
            ref = Ref(*address)
            found.setdefault((key, ref.system), []).append(ref)
        return found

    def _keys(self, entity: str, system: str, object_: str) -> frozenset[str]:
        where = f"system = {literal(system)}"
        if object_:
            where += f" AND object = {literal(object_)}"
        rows = self._columns.db.sql(
            f"SELECT DISTINCT key FROM {quoted('key_' + entity)} WHERE {where}"
        ).to_arrow_table()
        return frozenset(rows.column("key").to_pylist())
