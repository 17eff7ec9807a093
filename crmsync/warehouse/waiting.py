"""Opt-outs of people whose records were merged in one system alone, and wait for a person to merge the others.

Nobody is moved before that, and whose value counts is not known. An opt-out counts for all of them all the same: it
may go to somebody who would have got it by the merge anyway, and never to anybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from crmsync.core.following import NeedsMerge
from crmsync.core.mapping import Entity
from crmsync.core.planning import Change
from crmsync.core.records import Group, Ref
from crmsync.warehouse.changed import ADDRESS, group_of, visible_in
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted

Row = dict[str, Any]


def consent_of(entity: Entity) -> Entity:
    """The entity with its opt-outs alone."""
    return replace(entity, fields=[each for each in entity.fields if each.policy == "sticky"])


class Waiting:
    """Records that wait for a merge, and those that the others were merged into, with their opt-outs alone."""

    def __init__(self, columns: Columns, entity: Entity) -> None:
        self._entity, self._fields = entity.entity, consent_of(entity).fields
        self._visible = visible_in(columns, entity)
        clashes = columns.clashes.get(entity.entity, []) if self._fields else []
        refs = {ref for each in clashes for ref in (each.survivor, *each.refs)}
        self._rows = _rows(columns, entity, refs) if refs else {}
        self._pairs = [
            (each.survivor, ref)
            for each in clashes
            for ref in _waiting(each)
            if ref in self._rows and each.survivor in self._rows
        ]

    @property
    def pairs(self) -> int:
        """How many pairs there are: what goes on from one to the next has reached all after so many rounds."""
        return len(self._pairs)

    def groups(self) -> Iterator[Group]:
        """Each record that waits with the one that the others were merged into, never settled, under its own key."""
        for survivor, ref in self._pairs:
            key, pair = str(self._rows[ref]["key"]), [self._rows[survivor], self._rows[ref]]
            yield group_of(self._entity, self._fields, key, pair, {}, self._visible)

    def key_of(self, change: Change) -> str:
        """The key of the record that a change writes to: it is named as who it is."""
        return str(self._row(change)["key"])

    def _row(self, change: Change) -> Row:
        return self._rows[Ref(change.system, change.object, str(change.native_id))]

    def heed(self, change: Change) -> bool:
        """From now on the record has what the change writes; False if it had it before."""
        row = self._row(change)
        news = {each.field: each.after for each in change.cells if row[each.field] != each.after}
        row |= news | {f"{name}_raw": after for name, after in news.items()}
        return bool(news)


def _waiting(clash: NeedsMerge) -> list[Ref]:
    return [ref for ref in clash.refs if ref.system != clash.survivor.system]


def _rows(columns: Columns, entity: Entity, refs: Collection[Ref]) -> dict[Ref, Row]:
    """Records as they were read; not those that were not, nor those of which nobody knows the key."""
    import pyarrow as pa

    names = [n for each in consent_of(entity).fields for n in (each.field, each.field + "_raw")]
    cells = ", ".join(f"r.{quoted(name)}" for name in (*ADDRESS, *names))
    places = [[ref.system, ref.object, ref.id] for ref in refs]
    told = {n: [place[at] for place in places] for at, n in enumerate(("system", "object", "id"))}
    columns.db.register("waiting", pa.table(told))
    found: pa.Table = columns.db.sql(
        f"SELECT {cells} FROM {quoted('row_' + entity.entity)} r SEMI JOIN waiting w "
        "ON w.system = r.system AND w.object = r.object AND w.id = r.id WHERE r.key IS NOT NULL"
    ).to_arrow_table()
    columns.db.unregister("waiting")
    return {Ref(row["system"], row["object"], row["id"]): row for row in found.to_pylist()}
