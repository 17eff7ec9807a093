"""What activities tell of the people, companies and deals they are tied to: how many, and when the last was.

The counts and dates: HubSpot's property descriptions (read 2026-11). That a task is no activity until it is done is
not verified; here it never is one. Logging one moves the record's modified date, as on the platform.
"""

from __future__ import annotations

from crmsync.sandbox.hubspot import rows
from crmsync.sandbox.hubspot.objects import ACTIVITIES, OBJECTS
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso, when

_NAMES = frozenset(one.name for one in ACTIVITIES)
_COUNTED = ("calls", "emails", "meetings", "notes")
_CONTACTS = ("calls", "emails", "meetings")


def note_tie(portal: Portal, object_name: str, far: str, ids: tuple[str, ...]) -> None:
    """Brings the activity properties in step after a tie of two objects was made or ended."""
    if object_name in _NAMES and far not in _NAMES:
        object_name, far, ids = far, object_name, ids[::-1]
    if far in _COUNTED and object_name not in _NAMES:
        _tell(portal, object_name, ids[0])


def note_change(portal: Portal, activity: str, id_: str) -> None:
    """Brings them in step at every record an activity is tied to, after it was written."""
    if activity not in _COUNTED:
        return
    for name in OBJECTS:
        if name not in _NAMES:
            for record in list(portal.ties.of(activity, id_, name)):
                _tell(portal, name, record)


def _tell(portal: Portal, object_name: str, id_: str) -> None:
    row = portal.tables.get(object_name, id_)
    if row is None:
        return
    told = _facts(portal, object_name, id_)
    before: dict[str, str] = row["properties"]
    if all(before.get(name, "") == value for name, value in told.items()):
        return
    now = iso(portal.clock.now())
    moved = {OBJECTS[object_name].modified: now, "hs_lastmodifieddate": now}
    rows.tell(portal, object_name, id_, {**told, **moved})


def _facts(portal: Portal, object_name: str, id_: str) -> rows.Changes:
    seen = {name: _instants(portal, object_name, id_, name) for name in _COUNTED}
    activities = [at for name in _COUNTED for at in seen[name]]
    contacts = [at for name in _CONTACTS for at in seen[name]]
    return {
        "num_notes": str(len(activities)),
        "notes_last_updated": _last(portal, activities),
        "num_contacted_notes": str(len(contacts)),
        "notes_last_contacted": _last(portal, contacts),
    }


def _last(portal: Portal, times: list[str]) -> str:
    """The last of some times that is not still to come."""
    now = portal.clock.now()
    return max((at for at in times if when(at) <= now), key=when, default="")


def _instants(portal: Portal, object_name: str, id_: str, activity: str) -> list[str]:
    """When each activity of a kind happened."""
    found = (portal.row(activity, far_id) for far_id in portal.ties.of(object_name, id_, activity))
    return [row["properties"].get("hs_timestamp", "") for row in found if row is not None]
