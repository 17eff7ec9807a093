"""The recycle bin: what was deleted stays for 15 days, can be brought back, and is reported to getDeleted().

Every deletion is in the table `~deleted`; those that came along with another name it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.host import Host
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.instants import wire_instant
from crmsync.sandbox.tables import Row

LOG = "~deleted"
_PURGED = "~purged"
# 15 days in the bin, and in getDeleted() no more than that: resources_getdeleted (read 2026-11).
_KEPT = timedelta(days=15)


def note_deletion(world: Host, shape: Shape, before: Row, row: Row) -> None:
    """Keeps the log in step with a saved row: deleted just now, or back again."""
    if not row.get("IsDeleted"):
        if before.get("IsDeleted"):
            world.rows.drop(LOG, row["Id"])
    elif not before.get("IsDeleted"):
        log_deletion(world, shape.name, row["Id"], row["SystemModstamp"])


def log_deletion(world: Host, name: str, id_: str, stamp: str) -> None:
    """Notes a deletion, for getDeleted()."""
    world.rows.save(LOG, id_, {"object": name, "id": id_, "at": stamp})


def undelete(world: Host, id_: str) -> None:
    """Brings a record back with all that went along with it; ValueError if it is not in the bin."""
    # undelete() is a SOAP and Apex call, without a REST resource: SOAP API guide (read 2026-11).
    shape, row = _in_bin(world, id_)
    deleted_at = (world.rows.get(LOG, row["Id"]) or {}).get("at")
    _bring_back(world, shape, row, deleted_at)


def _bring_back(world: Host, shape: Shape, row: Row, deleted_at: str | None) -> None:
    back: Row = {"IsDeleted": False}
    if row.get("MasterRecordId"):
        # Null unless deleted by a merge: object reference, Contact, MasterRecordId (read 2026-11).
        back["MasterRecordId"] = None
    world.write(shape, row["Id"], back, stamp=world.stamp())
    for child, child_row in _children(world, shape, row["Id"]):
        log = world.rows.get(LOG, child_row["Id"]) or {}
        # Only what went in that very moment: a child deleted by itself before stays in the bin.
        if log.get("at") == deleted_at:
            _bring_back(world, child, child_row, deleted_at)


def _children(world: Host, shape: Shape, id_: str) -> Iterator[tuple[Shape, Row]]:
    for child, lookup in shape.children.values():
        if not lookup.cascades:
            continue
        for child_id in list(world.rows.index(child, lookup.name).get(id_.casefold(), ())):
            row = world.rows.get(child, child_id)
            if row is not None and row.get("IsDeleted"):
                yield world.shapes[child.lower()], row


def _in_bin(world: Host, id_: str) -> tuple[Shape, Row]:
    found = locate(world, id_)
    if found is None or not found[1].get("IsDeleted"):
        raise ValueError(f"Entity is not in the recycle bin: {id_}")
    return found


def locate(world: Host, id_: str) -> tuple[Shape, Row] | None:
    """Object and row of any id, deleted ones too."""
    normal = full_id(id_) or ""
    for shape in world.shapes.values():
        row = world.rows.get(shape.name, normal) if shape.object.prefix == normal[:3] else None
        if row is not None:
            return shape, row
    return None


def hard_delete(world: Host, shape: Shape, id_: str) -> None:
    """Takes a record and what hangs on it away past the bin; the link from a merge's loser goes too."""
    for child, row in list(_children(world, shape, id_)):
        hard_delete(world, child, row["Id"])
    log = world.rows.get(LOG, id_)
    world.rows.drop(shape.name, id_)
    world.rows.drop(LOG, id_)
    if log is not None:
        _note_purge(world, shape.name, log["at"])


def empty_bin(world: Host, ids: list[str] | None = None) -> int:
    """How many records were in the bin and are gone now: all, or the named ones."""
    wanted = None if ids is None else {full_id(each) for each in ids}
    logged = [row for _, row in world.tables.rows(LOG) if wanted is None or row["id"] in wanted]
    for row in logged:
        hard_delete(world, world.shapes[row["object"].lower()], row["id"])
    return len(logged)


def purge_old(world: Host) -> None:
    """Empties the bin of what has been in it for longer than 15 days."""
    bound = wire_instant(world.now() - _KEPT)
    old = [id_ for id_, row in world.tables.rows(LOG) if row["at"] < bound]
    if old:
        empty_bin(world, old)


def deleted_between(world: Host, name: str, start: str, end: str) -> list[Row]:
    """Id and date of every deletion of an object in a stretch of time, the oldest first."""
    logged = [row for _, row in world.tables.rows(LOG) if row["object"] == name]
    found = [row for row in logged if start <= row["at"] < end]
    return sorted(found, key=lambda row: (row["at"], row["id"]))


def earliest_known(world: Host, name: str) -> str:
    """The instant since which every deletion of an object is known."""
    # The date of the last record physically gone: getDeletedResult, SOAP guide (read 2026-11).
    oldest = wire_instant(world.now() - _KEPT)
    purged = (world.tables.get(_PURGED, name) or {}).get("at", oldest)
    return str(max(purged, oldest))


def _note_purge(world: Host, name: str, at: str) -> None:
    known = (world.tables.get(_PURGED, name) or {}).get("at", "")
    world.rows.save(_PURGED, name, {"at": max(known, at)})
