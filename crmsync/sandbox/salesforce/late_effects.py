"""Writes that are answered at once and seen later, for the faults `late` and `late-commit`.

A watermark that is already past the older stamp of a late commit misses it: airbyte issue 27146 (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from crmsync.sandbox.faults.book import Fault
from crmsync.sandbox.salesforce.calls import Reply
from crmsync.sandbox.salesforce.grants import GRANTING
from crmsync.sandbox.salesforce.world import SalesforceWorld

_TABLE = "~late"
_KINDS = ("late", "late-commit")
_STAMPS = ("CreatedDate", "LastModifiedDate", "SystemModstamp")


def with_late_effects(
    world: SalesforceWorld, faults: Sequence[Fault], answer: Callable[[], Reply]
) -> Reply:
    """The reply of a call, whose writes are taken back and wait if a fault says so."""
    late = [each for each in faults if each.kind in _KINDS]
    if not late:
        return answer()
    began = world.stamp()
    with world.rows.undoing() as undo:
        reply = answer()
    touched = dict.fromkeys((name, id_) for name, id_, _ in undo)
    after = {key: world.rows.get(*key) for key in touched}
    world.rows.roll_back(undo)
    due = world.now() + timedelta(seconds=late[0].parameter("seconds"))
    for (name, id_), row in after.items():
        if not name.startswith("~"):
            number = world.tables.count(_TABLE) + 1
            held = {"object": name, "id": id_, "row": row, "due": due.isoformat()}
            held |= {"began": None if late[0].kind == "late-commit" else began}
            world.tables.put(_TABLE, f"{due.isoformat()}-{number:06}", held)
    return reply


def settle_late(world: SalesforceWorld) -> None:
    """Makes seen what is due by the world's clock."""
    for key, held in world.tables.rows(_TABLE):
        if datetime.fromisoformat(held["due"]) <= world.now():
            world.tables.drop(_TABLE, key)
            if held["row"] is None:
                world.rows.drop(held["object"], held["id"])
            else:
                row = _restamped(held["row"], held["began"], world.stamp())
                world.rows.save(held["object"], held["id"], row)
            if held["object"] in GRANTING:
                world.rebuild()


def _restamped(row: dict[str, object], began: str | None, stamp: str) -> dict[str, object]:
    """A row whose stamps of the write are those of its appearance; None leaves them as they are."""
    if began is None:
        return row
    moved = {name: stamp for name in _STAMPS if str(row.get(name) or "") >= began}
    return {**row, **moved}
