"""Values that the field of the other system cannot keep, as a plan would find out: one row a record, field and side.

    misfit    entity, key, field, system, object, id, value, to_system, to_object, why

`why` is a code of core/unfitness.py. Only values that would travel are looked at: of linked records, on a way that the
mapping goes, where the other side does not hold them already. Each distinct value is judged once, and of texts only
those that are longer than the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.core.mapping import Entity, Field, Seat
from crmsync.core.records import Native
from crmsync.core.sides import native_of
from crmsync.core.unfitness import why_unfit
from crmsync.core.values import held, value_of
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.parsing import sits

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

_COLUMNS = (
    *("entity", "key", "field", "system", "object", "id", "value"),
    *("to_system", "to_object", "why"),
)
_LISTED = frozenset(("choice", "choices", "flag"))
_MEASURED = frozenset(("text", "email", "phone", "domain", "url", "tax_id", "integer"))


@dataclass(frozen=True, slots=True)
class _Way:
    """One field on its way from a system to an object of another one."""

    entity: Entity
    field: Field
    source: str
    target: Seat
    native: Native


def build_misfits(columns: Columns) -> set[str]:
    """Builds the table above in the face; no word of `needs` is for it."""
    cells = ", ".join(f"{name} VARCHAR" for name in _COLUMNS)
    columns.db.execute(f"CREATE TABLE face.misfit ({cells})")
    for entity in columns.mapping.entities:
        for way in _ways(columns, entity):
            _judge(columns, way)
    return set()


def _ways(columns: Columns, entity: Entity) -> Iterator[_Way]:
    for each in entity.synced():
        for target in entity.seats:
            native = native_of(each, target.system, target.object, columns.schemas)
            if native is None or not native.writable or not each.writes_to(target.system):
                continue
            for source in entity.systems:
                if source != target.system and each.speaks_for(source) and source in each.systems:
                    yield _Way(entity, each, source, target, native)


def _judge(columns: Columns, way: _Way) -> None:
    import pyarrow as pa

    told = [(text, why) for text in _doubtful(columns, way) if (why := _why(way, text))]
    if not told:
        return
    table = {n: pa.array([row[at] for row in told], pa.string()) for at, n in enumerate(("text", "why"))}  # fmt: skip
    columns.db.register("judged", pa.table(table))
    columns.db.execute(_insert(way))
    columns.db.unregister("judged")


def _doubtful(columns: Columns, way: _Way) -> list[str]:
    """Distinct values of the source that the target might not keep."""
    doubt = _doubt(way)
    if doubt is None:
        return []
    name = quoted(way.field.field)
    rows = columns.db.execute(
        f"SELECT DISTINCT {name} FROM {quoted('row_' + way.entity.entity)} "
        f"WHERE system = ? AND NOT outside AND {name} IS NOT NULL AND ({doubt}) ORDER BY 1",
        [way.source],
    )
    return [text for (text,) in rows.fetchall()]


def _doubt(way: _Way) -> str | None:
    """A test in SQL that every value fails which the target surely keeps; None where it keeps all of them."""
    kind, native, name = way.field.type, way.native, quoted(way.field.field)
    if kind in _LISTED or (kind == "text" and native.options is not None):
        return "true"
    if kind in _MEASURED and native.length is not None:
        return f"length({name}) > {native.length:d}"
    if kind == "money":
        kept = way.field.spec(way.target.system).currency
        # An amount in the record's own currency fits wherever that is kept with the record.
        return None if way.field.currency_from else f"split_part({name}, ' ', 2) <> {literal(kept)}"
    return None


def _why(way: _Way, text: str) -> str | None:
    """Why the target cannot keep a value; None where it can. Half a text is no text."""
    if way.field.policy == "sticky" and text == "false":
        return None  # Only an opt-out travels, and it is never taken back.
    value = value_of(text, way.field.type)
    kept = held(value, way.field.spec(way.target.system), way.native)
    return None if kept == value else why_unfit(way.field, value, way.native)


def _insert(way: _Way) -> str:
    name, rows = quoted(way.field.field), quoted("row_" + way.entity.entity)
    # What was cut on its way here once is told by the plan, not every night anew.
    missing = f"t.{name} IS NULL"
    if way.field.policy == "fill" or way.field.policy_system == way.target.system:
        lacks = missing
    else:
        lacks = f"({missing} OR NOT starts_with(r.{name}, t.{name}))"
    texts = (way.entity.entity, way.field.field, way.target.system, way.target.object)
    entity, field, to_system, to_object = (literal(text) for text in texts)
    return (
        f"INSERT INTO face.misfit SELECT {entity}, r.key, {field}, r.system, r.object, r.id, r.{name}, "
        f"{to_system}, {to_object}, j.why FROM {rows} r JOIN judged j ON j.text = r.{name} "
        f"JOIN (SELECT * FROM {rows} WHERE {sits([way.target])}) t ON t.key = r.key "
        f"WHERE r.system = {literal(way.source)} AND NOT r.outside AND NOT t.outside AND {lacks}"
    )
