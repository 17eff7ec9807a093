"""Seats in which nobody takes part any more, though records of them are linked: a condition that meets nothing.

A record that becomes another one (a converted lead) leaves by itself; that is nobody's mistake.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsync.core.mapping import Conditions, Entity, Seat
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.raws import Reads, all_met


def emptied(reads: Reads, entity: Entity) -> dict[str, int]:
    """Linked records by `where system/object entity`, or `scope ...`, of every seat that it leaves nobody of.

    Needs the links of the entity as known_links.
    """
    found: dict[str, int] = {}
    for seat in entity.seats:
        for what, conditions in _asked(entity, seat):
            linked = _shut_out(reads, seat, conditions)
            if linked:
                found[f"{what} {seat.system}/{seat.object} {entity.entity}"] = linked
                break  # what `where` leaves out, no scope can leave out as well
    return found


def _asked(entity: Entity, seat: Seat) -> Iterator[tuple[str, Conditions]]:
    scope = entity.scope_of(seat)
    if seat.where:
        yield "where", seat.where
    if scope:
        yield "scope", {**seat.where, **scope}


def _shut_out(reads: Reads, seat: Seat, conditions: Conditions) -> int:
    """How many linked records were read of a seat none of whose records meets the conditions; 0 if one does."""
    snapshot = reads.snapshots.get((seat.system, seat.object))
    if snapshot is None or not snapshot.manifest.rows:
        return 0
    known = set(snapshot.manifest.fields)
    flag = snapshot.manifest.converted_flag
    still = f"{quoted(flag)} IS DISTINCT FROM 'true'" if flag in known else "true"
    rows = reads.db.execute(
        f"SELECT count(*) FILTER (coalesce({all_met(conditions, known)}, false)), count(k.native_id) "
        f"FROM read_parquet({literal(snapshot.pattern)}) r LEFT JOIN known_links k ON k.native_id = r._id "
        f"AND k.system = {literal(seat.system)} AND k.object = {literal(seat.object)} WHERE {still}"
    ).fetchall()  # a result that is not read to its end keeps the links from being put away
    ((meeting, linked),) = rows
    return 0 if meeting else int(linked)
