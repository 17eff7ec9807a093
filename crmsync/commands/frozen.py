"""Mapped fields that were read once and cannot be read any more: nothing is written to them, and nothing from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.columns import Columns

if TYPE_CHECKING:
    from crmsync.store.store import Store


def frozen_in(store: Store, columns: Columns) -> list[str]:
    """`system object.field` of each, sorted: archived, renamed or hidden since a read that saw it."""
    found = set()
    for entity in columns.mapping.entities:
        for seat in entity.seats:
            schema = columns.schemas.get((seat.system, seat.object))
            missing = [n for n in entity.natives_of(seat) if schema and n not in schema.fields]
            seen = store.seen_fields(seat.system, seat.object) if missing else set()
            found |= {f"{seat.system} {seat.object}.{name}" for name in missing if name in seen}
    return sorted(found)
