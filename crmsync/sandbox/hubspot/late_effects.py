"""Writes that are answered at once and seen later, for the faults `late` and `late-commit`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from crmsync.sandbox.faults.book import Fault
from crmsync.sandbox.hubspot.calls import Answer
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso
from crmsync.sandbox.tables import Row

_TABLE = "~late"
_KINDS = ("late", "late-commit")


def with_late_effects(
    portal: Portal, faults: Sequence[Fault], answer: Callable[[], Answer]
) -> Answer:
    """The answer of a call, whose writes are taken back and wait if a fault says so."""
    late = [each for each in faults if each.kind in _KINDS]
    if not late:
        return answer()
    began = iso(portal.clock.now())
    with portal.tables.noting() as before:
        told = answer()
    waiting = {key: row for key, row in before.items() if _is_record(key[0])}
    after = {key: portal.tables.get(*key) for key in waiting}
    for (name, id_), row in waiting.items():
        _set(portal, name, id_, row)
    due = portal.clock.now() + timedelta(seconds=late[0].parameter("seconds"))
    number = portal.tables.count(_TABLE)
    for (name, id_), row in after.items():
        number += 1
        held = {"object": name, "id": id_, "row": row, "due": due.isoformat()}
        held |= {"began": None if late[0].kind == "late-commit" else began}
        portal.tables.put(_TABLE, f"{due.isoformat()}-{number:06}", held)
    portal.rebuild()
    return told


def settle_late(portal: Portal) -> None:
    """Makes seen what is due by the portal's clock."""
    settled = False
    for key, held in portal.tables.rows(_TABLE):
        if datetime.fromisoformat(held["due"]) <= portal.clock.now():
            portal.tables.drop(_TABLE, key)
            row = _restamped(held["object"], held["row"], held["began"], iso(portal.clock.now()))
            _set(portal, held["object"], held["id"], row)
            settled = True
    if settled:
        portal.rebuild()


def _is_record(name: str) -> bool:
    """Whether a table holds records or ties: ids that were given out stay given out."""
    return name in OBJECTS or name.startswith("association ")


def _set(portal: Portal, name: str, id_: str, row: Row | None) -> None:
    if row is None:
        portal.tables.drop(name, id_)
    else:
        portal.tables.put(name, id_, row)


def _restamped(name: str, row: Row | None, began: str | None, now: str) -> Row | None:
    """A record whose stamps of the write are those of its appearance; without `began` they stay."""
    if row is None or began is None or name not in OBJECTS:
        return row
    kind, kept = OBJECTS[name], row["properties"]
    stamps = {kind.modified, "hs_lastmodifieddate", "createdate"} & kept.keys()
    moved = {each: now for each in stamps if kept[each] >= began}
    return {**row, "properties": {**kept, **moved}}
