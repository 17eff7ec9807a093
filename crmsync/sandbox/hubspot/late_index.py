"""The index of search, which sees a write a while after it was made: `search_lag` seconds of the portal's clock.

Recorded in 2022: a created record was not found in the same second and was 30 seconds later; a changed one was still
found by its old value, and an archived one at all, after two seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.tables import Row

Find = Callable[[str], Row | None]


def indexed(portal: Portal, object_name: str) -> tuple[list[str], Find]:
    """The ids that search knows of an object, and what it knows of each."""
    old = _behind(portal, object_name)
    live = portal.objects[object_name].live

    def find(id_: str) -> Row | None:
        return old[id_] if id_ in old else portal.row(object_name, id_)

    if not old:
        return [str(one) for one in live], lambda id_: portal.tables.get(object_name, id_)
    ids = {*live, *(int(id_) for id_, row in old.items() if row is not None)}
    return [str(one) for one in sorted(ids) if old.get(str(one), _SEEN) is not None], find


_SEEN: Row = {}


def _behind(portal: Portal, object_name: str) -> dict[str, Row | None]:
    """The rows of which search has yet to hear, as they were before; None for one that was not there."""
    lag = timedelta(seconds=portal.switches.number("search_lag"))
    if not lag:
        portal.unseen.clear()
        return {}
    since = portal.clock.now() - lag
    portal.unseen[:] = [one for one in portal.unseen if since < one[0] <= portal.clock.now()]
    old: dict[str, Row | None] = {}
    for _, name, id_, before in portal.unseen:
        if name == object_name:
            old.setdefault(id_, None if before is None or "archivedAt" in before else before)
    return old
