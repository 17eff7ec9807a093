"""What stands in a field and cannot be read as what the field is: no date, no phone, a wrong check digit."""

from __future__ import annotations

from collections import Counter

from crmsync.core.mapping import Entity, Field, Seat
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted
from crmsync.warehouse.parsing import sits

_TIES = ("reference", "references")
_QUEUE = "00G[0-9A-Za-z]{12}([0-9A-Za-z]{3})?"
"""Ids of queues begin with 00G: developer.salesforce.com, Group (read 2026-11)."""


def unreadable_in(columns: Columns, entity: Entity) -> dict[str, int]:
    """How many such values each field has, by `system entity field`; of synced fields, inside the scope.

    What leads to a record that nobody knows was read well, and is told elsewhere.
    """
    counted = [
        (each, seats) for each in entity.synced() if (seats := _seats(columns, entity, each))
    ]
    if not counted:
        return {}
    cells = ", ".join(f"count(*) FILTER (WHERE {_invalid(*each)})" for each in counted)
    rows = columns.db.execute(
        f"SELECT system, {cells} FROM {quoted('row_' + entity.entity)} "
        "WHERE NOT outside GROUP BY system ORDER BY system"
    ).fetchall()
    return {
        f"{system} {entity.entity} {each.field}": n
        for system, *numbers in rows
        for (each, _), n in zip(counted, numbers, strict=True)
        if n
    }


def owners_unknown_in(columns: Columns, entity: Entity) -> dict[str, int]:
    """Who owns records and has no e-mail that is known, as in an export: records by `system name`; no queues."""
    found: Counter[str] = Counter()
    for each in entity.synced():
        seats = _seats(columns, entity, each) if each.type == "owner" else []
        if seats:
            raw = quoted(each.field + "_raw")
            rows = columns.db.execute(
                f"SELECT system || ' ' || {raw}, count(*) FROM {quoted('row_' + entity.entity)} "
                f"WHERE NOT outside AND {_invalid(each, seats)} AND NOT regexp_full_match({raw}, '{_QUEUE}') "
                "GROUP BY ALL"
            ).fetchall()
            found.update(dict(rows))
    return dict(found)


def _seats(columns: Columns, entity: Entity, each: Field) -> list[Seat]:
    """Where a field stands in the record itself and was read."""
    if each.type in _TIES:
        return []
    return [
        seat
        for seat in entity.seats
        if each.lookup_in(seat.system, seat.object) is None
        and each in columns.visible(entity, seat)
    ]


def _invalid(each: Field, seats: list[Seat]) -> str:
    text, raw = quoted(each.field), quoted(each.field + "_raw")
    return f"{text} IS NULL AND {raw} IS NOT NULL AND ({sits(seats)})"
