"""Where nothing can be created, or nothing written at all, whatever the mapping would allow."""

from __future__ import annotations

from dataclasses import replace

from crmsync.core.mapping import Entity, Seat
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.facts import is_fact


def closed(columns: Columns, entity: Entity) -> Entity:
    """The entity without creates where none can be made, or a read broke off: who was not seen may be there."""
    broken = {
        system
        for (system, object_), snapshot in columns.snapshots.items()
        if not snapshot.manifest.complete and not is_fact(object_)
    }
    seats = [
        replace(s, create="never") if s.system in broken or not _creates(columns, s) else s
        for s in entity.seats
    ]
    return replace(entity, seats=seats)


def _creates(columns: Columns, seat: Seat) -> bool:
    """True if this credential may fill any field of a new record there."""
    schema = columns.schemas.get((seat.system, seat.object))
    return schema is None or any(each.createable for each in schema.fields.values())


def only_read(columns: Columns) -> list[str]:
    """Systems in which nothing that is mapped can be written, by name: exports, and users who may only read."""
    writable: dict[str, bool] = {}
    for entity in columns.mapping.entities:
        for seat in entity.seats:
            schema = columns.schemas.get((seat.system, seat.object))
            fields = schema.fields.values() if schema else ()
            can = schema is None or any(each.writable or each.createable for each in fields)
            writable[seat.system] = writable.get(seat.system, False) or can
    return sorted(system for system, can in writable.items() if not can)
