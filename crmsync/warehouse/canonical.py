"""Canonical text of every field of an entity, as a query over raw_<entity>: written once, with all else of a record.

Matching looks at few fields, so canon_<entity> holds these alone: to write a wide table is the most work there is, and
to ask the query twice costs a third of writing its rows once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crmsync.core.mapping import Entity, Field
from crmsync.warehouse.engine import quoted
from crmsync.warehouse.parsing import Ways, parsed, way_sql, ways_of
from crmsync.warehouse.raws import Reads, filled_in

if TYPE_CHECKING:
    import pyarrow as pa

_HEAD = "r.system, r.object, r.id, r.created_at, r.modified_at, r.stamp, r.outside"


@dataclass(slots=True)
class Canonical:
    """How the fields of one entity are read: the cells of each, and what they are joined with."""

    entity: Entity
    cells: dict[str, str] = field(default_factory=dict)
    joins: dict[str, str] = field(default_factory=dict)
    registered: list[str] = field(default_factory=list)

    def select(self, names: Collection[str] | None = None) -> str:
        """A query of system, object, id, ..., <field>, <field>_raw: of these fields, or of all."""
        chosen = [name for name in self.cells if names is None or name in names]
        cells = ", ".join([_HEAD, *(self.cells[name] for name in chosen)])
        joins = " ".join(self.joins[name] for name in chosen if name in self.joins)
        return f"SELECT {cells} FROM {quoted('raw_' + self.entity.entity)} r {joins}"


@contextmanager
def canonical(reads: Reads, entity: Entity) -> Iterator[Canonical]:
    """Parses every distinct raw value and builds canon_<entity>, for the time of the block."""
    made = Canonical(entity)
    filled = filled_in(reads, entity)
    for number, each in enumerate(entity.fields):
        _add(made, reads, each, f"parsed_{number}", is_filled=each.field in filled)
    canon = quoted("canon_" + entity.entity)
    reads.db.execute(f"CREATE TABLE {canon} AS {made.select(_matched(entity))}")
    try:
        yield made
    finally:
        reads.db.execute(f"DROP TABLE {canon}")
        for name in made.registered:
            reads.db.unregister(name)


def _matched(entity: Entity) -> set[str]:
    """The fields that a match rule asks for."""
    return {name for rule in entity.match for name in ([rule] if isinstance(rule, str) else rule)}


def _add(made: Canonical, reads: Reads, each: Field, name: str, *, is_filled: bool) -> None:
    """Adds the cells of one field. References come later, as keys; what is blank everywhere is joined with nothing."""
    text, shown = quoted(each.field), quoted(each.field + "_raw")
    if each.type == "reference":
        made.cells[each.field] = f"NULL::VARCHAR AS {text}, nullif(trim(r.{text}), '') AS {shown}"
        return
    ways = ways_of(reads.schemas, made.entity, each)
    is_read = each.type != "references" and is_filled
    found = parsed(reads.db, made.entity, each, ways) if is_read else None
    if found is None:
        made.cells[each.field] = f"NULL::VARCHAR AS {text}, NULL::VARCHAR AS {shown}"
    elif not found:
        made.cells[each.field] = f"r.{text}, r.{text} AS {shown}"
    else:
        _join(made, reads, each, ways, (name, found))


def _join(
    made: Canonical, reads: Reads, each: Field, ways: Ways, table: tuple[str, pa.Table]
) -> None:
    """A field with values that are not what is written: these are joined."""
    name, found = table
    reads.db.register(name, found)
    made.registered.append(name)
    text, shown = quoted(each.field), quoted(each.field + "_raw")
    made.joins[each.field] = (
        f"LEFT JOIN {name} ON {name}.raw = r.{text} AND {name}.way = {way_sql(ways)}"
    )
    written = f"CASE WHEN {name}.raw IS NULL THEN r.{text} ELSE {name}"
    made.cells[each.field] = f"{written}.text END AS {text}, {written}.shown END AS {shown}"
