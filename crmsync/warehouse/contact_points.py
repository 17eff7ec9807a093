"""By what a person tells one record from another at a glance: e-mail, phone and company, as its own system has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from crmsync.core.duplicates import ContactPoints
from crmsync.core.mapping import Entity, Field
from crmsync.core.records import Ref
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    import pyarrow as pa

_PARTS = (("email",), ("phone",), ("employer", "customer"))
"""The parts of a model that hold an e-mail, a phone and a company."""


def contact_points(
    columns: Columns, entity: Entity, refs: Iterable[Ref]
) -> dict[Ref, ContactPoints]:
    """The points of some records of an entity: of each part of its model the first value that is there."""
    asked = sorted(set(refs))
    if not asked:
        return {}
    joins = dict(_joins(entity))
    cells = [_first(columns, entity, parts) for parts in _PARTS]
    columns.db.register("asked", _table(asked))
    rows = columns.db.execute(
        f"SELECT r.system, r.object, r.id, {', '.join(cells)} FROM {quoted('row_' + entity.entity)} r "
        "JOIN asked a ON a.system = r.system AND a.object = r.object AND a.id = r.id "
        f"{' '.join(joins.values())}"
    ).fetchall()
    columns.db.unregister("asked")
    return {
        Ref(system, object_, id_): ContactPoints(*(cell or "" for cell in points))
        for system, object_, id_, *points in rows
    }


def _table(refs: list[Ref]) -> pa.Table:
    import pyarrow as pa

    places = {
        "system": [ref.system for ref in refs],
        "object": [ref.object for ref in refs],
        "id": [ref.id for ref in refs],
    }
    return pa.table({name: pa.array(each, pa.string()) for name, each in places.items()})


def _names(entity: Entity, parts: Iterable[str]) -> list[str]:
    model = entity.duplicates
    found = model.fields() if model else ()
    wanted = set(parts)
    return [name for part, name in found if part in wanted]


def _joins(entity: Entity) -> Iterator[tuple[str, str]]:
    """The records that references lead to, as the same system has them."""
    for name in _names(entity, [part for parts in _PARTS for part in parts]):
        first, dot, _ = name.partition(".")
        field = entity.field_named(first)
        if dot and field is not None and field.to:
            alias = quoted(f"of {first}")
            rows = f"SELECT DISTINCT ON (system, id) * FROM {quoted('row_' + field.to)} ORDER BY system, id, object"
            yield (
                first,
                f"LEFT JOIN ({rows}) {alias} ON {alias}.system = r.system "
                f"AND {alias}.id = r.{quoted(first + '_raw')}",
            )


def _first(columns: Columns, entity: Entity, parts: Iterable[str]) -> str:
    """The expression for the first value of some parts, NULL where no field holds one."""
    texts = [text for name in _names(entity, parts) for text in _text(columns, entity, name)]
    return f"coalesce({', '.join(texts)})" if texts else "NULL"


def _text(columns: Columns, entity: Entity, name: str) -> Iterator[str]:
    first, dot, second = name.partition(".")
    field = entity.field_named(first)
    if not dot:
        yield from _cells("r", field)
    elif field is not None and field.to:
        yield from _cells(
            quoted(f"of {first}"), columns.mapping.entity(field.to).field_named(second)
        )


def _cells(table: str, field: Field | None) -> Iterator[str]:
    """The value of a field, the first of several; else what stands there where that could not be read."""
    if field is not None and field.type not in ("reference", "references"):
        text, raw = f"{table}.{quoted(field.field)}", f"{table}.{quoted(field.field + '_raw')}"
        yield f"string_split({text}, ';')[1]" if field.type == "choices" else text
        yield raw
