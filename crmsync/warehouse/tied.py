"""Ties in the audit face, which of them were read, and the day on which the audit is held.

association  system, from_object, from_id, to_object, to_id, label, role, is_primary, created_at
tied         system, from_entity, from_object, to_entity, to_object: ties that were read to their end
today        day, timezone: one row
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crmsync.warehouse.between import put_rows
from crmsync.warehouse.raws import ASSOCIATION

if TYPE_CHECKING:
    from datetime import datetime

    from crmsync.warehouse.columns import Columns

_HEAD = f"{ASSOCIATION}."
_TIED = ("system", "from_entity", "from_object", "to_entity", "to_object")


def build_ties(columns: Columns) -> set[str]:
    """Builds association and tied; what there is of them, in the words of an audit's `needs`."""
    columns.db.execute(
        "CREATE TABLE face.association AS SELECT system, from_object, from_id, to_object, to_id, label, "
        "role, is_primary = 'true' AS is_primary, try_cast(created_at AS TIMESTAMP) AS created_at "
        "FROM association"
    )
    read = {
        f"association:{system}.{object_.removeprefix(_HEAD)}"
        for system, object_ in columns.snapshots
        if object_.startswith(_HEAD)
    }
    return read | _tied(columns) | _dated(columns)


def _tied(columns: Columns) -> set[str]:
    """Of ties that were not read nobody can be said to have none. `association.deal.contact` where some were."""
    entity = {
        (seat.system, seat.object): each.entity
        for each in columns.mapping.entities
        for seat in each.seats
    }
    whole = [
        (system, *object_.removeprefix(_HEAD).partition(".")[::2])
        for (system, object_), each in sorted(columns.snapshots.items())
        if object_.startswith(_HEAD) and each.manifest.complete
    ]
    rows = [
        (system, entity[system, one], one, entity[system, other], other)
        for system, one, other in whole
        if {(system, one), (system, other)} <= set(entity)
    ]
    put_rows(columns, "tied", _TIED, rows)
    return {f"association.{one}.{other}" for _, one, _, other, _ in rows}


def _dated(columns: Columns) -> set[str]:
    """`association.created_at`, where ties were read by a version that asks since when they are there."""
    is_there = any(
        object_.startswith(_HEAD) and "created_at" in each.manifest.fields
        for (_, object_), each in columns.snapshots.items()
    )
    return {"association.created_at"} if is_there else set()


def build_today(columns: Columns, moment: datetime, zone: str) -> None:
    """Builds today: the day it is in the zone of the workspace. What is due today is not late."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    columns.db.execute("CREATE TABLE face.today (day DATE, timezone VARCHAR)")
    columns.db.execute("INSERT INTO face.today VALUES (?, ?)", [day, zone])
