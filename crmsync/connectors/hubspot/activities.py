"""Calls, e-mails, meetings, notes and tasks of a portal as activities. What is written in them is never read.

| HubSpot | is told as |
|---|---|
| hs_timestamp of a call, an e-mail, a note | `happened_at` |
| hs_meeting_start_time, else hs_timestamp | `happened_at` of a meeting |
| hs_task_completion_date of a completed task | `happened_at` |
| hs_timestamp of a task | the `day` it is due, where the portal is: nothing has happened by then |
| a call CANCELED or FAILED, an e-mail FAILED, a meeting CANCELED or RESCHEDULED | cancelled: it did not happen |
| hs_call_disposition, else hs_call_status; hs_email_status; hs_meeting_outcome | `outcome`, by its label |

Meaning of the properties: developers.hubspot.com, guides of calls, e-mails, meetings, notes and tasks (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmsync.connectors.columns import plain_text
from crmsync.connectors.fact_reading import Place
from crmsync.connectors.facts import ACTIVITIES, ACTIVITY_COLUMNS, GONE, GONE_COLUMNS, Fact
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.doubts import Doubts
from crmsync.connectors.hubspot.schemas import ID_PROPERTY
from crmsync.connectors.hubspot.telling import Cells, Portal, told, told_whole
from crmsync.connectors.hubspot.tie_pages import read_ties
from crmsync.connectors.hubspot.values import instant
from crmsync.errors import AccessDenied, Refused

OBJECTS = ("calls", "emails", "meetings", "notes", "tasks")
ABOUT = ("contacts", "companies", "deals")
_A_TIE_READ = 1000
_SECONDS = len("2026-11-20T09:30:00")
Record = dict[str, Any]
Text = str | None
Told = Mapping[str, Text]
_OPEN, _CLOSED, _CANCELLED = "open", "closed", "cancelled"

_OFF = frozenset(("CANCELED", "FAILED"))
_STILL = frozenset(
    ("CALLING_CRM_USER", "CONNECTING", "IN_PROGRESS", "QUEUED", "RINGING", "SCHEDULED", "SENDING")
)
_CALLS = {"INBOUND": "inbound", "OUTBOUND": "outbound"}
# A forwarded e-mail was sent by either side
_EMAILS = {"EMAIL": "outbound", "INCOMING_EMAIL": "inbound"}
# One that was moved is there twice: as it was arranged first, and as it is now
_MEETINGS = {
    "CANCELED": _CANCELLED,
    "RESCHEDULED": _CANCELLED,
    "COMPLETED": _CLOSED,
    "NO_SHOW": _CLOSED,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of activity: the properties each column is made of, none for one it has not, and what they tell."""

    asks: Mapping[str, tuple[str, ...]]
    tells: Callable[[Told, Portal], dict[str, Text]]


def activity_facts(portal: Portal, since: str) -> Iterator[Fact]:
    """Every kind of activity that is dated or was changed since an instant, and which of it was archived."""
    for object_ in OBJECTS:
        yield activity_fact(portal, object_, since)
        yield archived_fact(portal, object_)


def activity_place(object_: str, since: str = "") -> Place:
    """Where one kind of activity is kept."""
    return Place(f"{ACTIVITIES}.{object_}", ACTIVITY_COLUMNS, object_, since)


def activity_fact(portal: Portal, object_: str, since: str) -> Fact:
    """One kind of activity; a property this token does not see takes its columns along."""
    asks = {**_COMMON, **_KINDS[object_].asks}

    def read() -> tuple[tuple[str, ...], Iterator[list[Cells]]]:
        known = {one["name"]: one for one in portal.api.properties(object_)}
        hidden = {column for column, names in asks.items() if not set(names) & known.keys()}
        columns = tuple(name for name in ACTIVITY_COLUMNS if name not in hidden)
        return columns, _pages(portal, object_, asks, known, since)

    return told(activity_place(object_, since), read)


def _pages(
    portal: Portal,
    object_: str,
    asks: Mapping[str, tuple[str, ...]],
    known: Mapping[str, Mapping[str, Any]],
    since: str,
) -> Iterator[list[Cells]]:
    """Rows of ten pages at a time, since ties are asked for 1,000 records at once."""
    wanted = {name for names in (*asks.values(), _WHEN) for name in names}
    names = sorted(wanted & known.keys())
    labels = _outcomes(portal.api, known.get("hs_call_disposition"))
    doubts = Doubts(portal.api, object_, names, portal.api.calls.clock())
    for group in _groups(_since(doubts.fresh(portal.api.pages(object_, names)), since)):
        about = _ties(portal.api, object_, [str(one["id"]) for one in group])
        yield [_row(portal, object_, one, about, labels) for one in group]
    doubts.demand_names()
    doubts.demand_all()


def archived_place(object_: str) -> Place:
    """Where it is kept which activities of one kind people put away."""
    return Place(f"{GONE}.{object_}", GONE_COLUMNS, object_)


def archived_fact(portal: Portal, object_: str) -> Fact:
    """Activities of one kind that were archived in the last 90 days, as HubSpot tells; no count says whether all."""
    return told_whole(archived_place(object_), lambda: _archived(portal.api, object_))


def _archived(api: Api, object_: str) -> Iterator[list[Cells]]:
    for page in api.pages(object_, [ID_PROPERTY], archived=True):
        yield [
            {"id": str(one["id"]), "at": instant(one.get("archivedAt")), "why": "deleted"}
            for one in page
        ]


def _since(pages: Iterator[list[Record]], since: str) -> Iterator[list[Record]]:
    """Only what is dated or was changed since. List pages have everything, whatever its age: they are complete,
    and searching is neither sorted reliably nor up to date."""
    for page in pages:
        yield [one for one in page if _latest(one) >= since[:_SECONDS]]


def _latest(one: Record) -> str:
    dates = (one["properties"].get(name) for name in _WHEN)
    found = [instant(each) for each in (*dates, one.get("updatedAt"))]
    return max((each[:_SECONDS] for each in found if each), default="")


def _groups(pages: Iterator[list[Record]]) -> Iterator[list[Record]]:
    group: list[Record] = []
    for page in pages:
        group += page
        if len(group) >= _A_TIE_READ:
            yield group
            group = []
    yield group


def _ties(api: Api, object_: str, ids: Sequence[str]) -> dict[str, str]:
    """`contacts|1;deals|2` of each activity that is tied to anything."""
    found: dict[str, list[str]] = {}
    for to_object in ABOUT:
        for one, other, _types in read_ties(api, object_, to_object, ids):
            found.setdefault(one, []).append(f"{to_object}|{other}")
    return {one: ";".join(dict.fromkeys(ties)) for one, ties in found.items()}


def _outcomes(api: Api, disposition: Mapping[str, Any] | None) -> Mapping[str, str]:
    """The label of every outcome of a call: portals add their own, and the property may not list them."""
    if disposition is None:
        return {}
    listed = disposition.get("options") or _dispositions(api)
    return {str(one.get("value") or one.get("id")): str(one["label"]) for one in listed}


def _dispositions(api: Api) -> Sequence[Mapping[str, Any]]:
    """As the calling API lists them, a bare list; none where that is not allowed: then ids stay."""
    try:
        return api.listed("calling/dispositions", "/calling/v1/dispositions")
    except (AccessDenied, Refused):
        return ()


def _row(
    portal: Portal, object_: str, one: Record, about: Mapping[str, str], labels: Mapping[str, str]
) -> Cells:
    told_: Told = {name: plain_text(value) for name, value in one["properties"].items()}
    id_ = str(one["id"])
    row = {
        "id": id_,
        "created_at": instant(one.get("createdAt")),
        "about": about.get(id_),
        "owner_id": told_.get("hubspot_owner_id"),
        "created_by": portal.person(
            told_.get("hs_created_by") or told_.get("hs_created_by_user_id")
        ),
        "archived": "false",
        "origin": told_.get("hs_engagement_source") or told_.get("hs_object_source"),
    } | _KINDS[object_].tells(told_, portal)
    outcome = row.get("outcome")
    return row | {"outcome": labels.get(outcome, outcome) if outcome else None}


def _call(told_: Told, portal: Portal) -> dict[str, Text]:
    status = told_.get("hs_call_status")
    return {
        "kind": "call",
        "direction": _CALLS.get(told_.get("hs_call_direction") or ""),
        "outcome": told_.get("hs_call_disposition") or status,
        "outcome_id": told_.get("hs_call_disposition"),
        "subject": told_.get("hs_call_title"),
        **_happened(_state(status), told_.get("hs_timestamp")),
    }


def _email(told_: Told, portal: Portal) -> dict[str, Text]:
    direction, status = told_.get("hs_email_direction"), told_.get("hs_email_status")
    return {
        "kind": "email",
        "subtype": direction,
        "direction": _EMAILS.get(direction or ""),
        "outcome": status,
        "subject": told_.get("hs_email_subject"),
        **_happened(_state(status), told_.get("hs_timestamp")),
    }


def _meeting(told_: Told, portal: Portal) -> dict[str, Text]:
    """One that is SCHEDULED says nothing of whether it is over: hardly anybody goes back to say so."""
    outcome = told_.get("hs_meeting_outcome")
    start = told_.get("hs_meeting_start_time") or told_.get("hs_timestamp")
    return {
        "kind": "meeting",
        "subtype": told_.get("hs_activity_type"),
        "outcome": outcome,
        "subject": told_.get("hs_meeting_title"),
        **_happened(_MEETINGS.get(outcome or ""), start),
    }


def _note(told_: Told, portal: Portal) -> dict[str, Text]:
    return {"kind": "note", **_happened(None, told_.get("hs_timestamp"))}


def _task(told_: Told, portal: Portal) -> dict[str, Text]:
    """A task to call is no call: that is logged by itself."""
    done = told_.get("hs_task_status") == "COMPLETED"
    at = instant(told_.get("hs_task_completion_date")) if done else None
    return {
        "kind": "task",
        "subtype": told_.get("hs_task_type"),
        "state": _CLOSED if done else _OPEN,
        "outcome": told_.get("hs_task_status"),
        "subject": told_.get("hs_task_subject"),
        "happened_at": at,
        "day": portal.day(instant(told_.get("hs_timestamp"))),
        "precision": ("instant" if at else "unknown") if done else None,
    }


def _state(status: Text) -> Text:
    """Blank where nobody said, as of what people log by hand."""
    if not status:
        return None
    return _CANCELLED if status in _OFF else _OPEN if status in _STILL else _CLOSED


def _happened(state: Text, at: Text) -> dict[str, Text]:
    """When it happened: never, of what is still to come or was called off."""
    if state in (_OPEN, _CANCELLED):
        return {"state": state, "happened_at": None, "precision": None}
    told_ = instant(at)
    return {"state": state, "happened_at": told_, "precision": "instant" if told_ else "unknown"}


_WHEN = ("hs_timestamp", "hs_meeting_start_time", "hs_task_completion_date")
# Columns that stand on properties, and those they stand on; others are always there
_COMMON: Mapping[str, tuple[str, ...]] = {
    "owner_id": ("hubspot_owner_id",),
    "created_by": ("hs_created_by", "hs_created_by_user_id"),
    "origin": ("hs_engagement_source", "hs_object_source"),
}
_KINDS: Mapping[str, Kind] = {
    "calls": Kind(
        {
            "direction": ("hs_call_direction",),
            "outcome": ("hs_call_disposition", "hs_call_status"),
            "outcome_id": ("hs_call_disposition",),
            "state": ("hs_call_status",),
            "subject": ("hs_call_title",),
            "subtype": (),
            "day": (),
        },
        _call,
    ),
    "emails": Kind(
        {
            "direction": ("hs_email_direction",),
            "subtype": ("hs_email_direction",),
            "outcome": ("hs_email_status",),
            "outcome_id": (),
            "state": ("hs_email_status",),
            "subject": ("hs_email_subject",),
            "day": (),
        },
        _email,
    ),
    "meetings": Kind(
        {
            "subtype": ("hs_activity_type",),
            "outcome": ("hs_meeting_outcome",),
            "outcome_id": (),
            "state": ("hs_meeting_outcome",),
            "subject": ("hs_meeting_title",),
            "direction": (),
            "day": (),
        },
        _meeting,
    ),
    "notes": Kind(
        {
            "subtype": (),
            "direction": (),
            "state": (),
            "outcome": (),
            "outcome_id": (),
            "subject": (),
            "day": (),
        },
        _note,
    ),
    "tasks": Kind(
        {
            "subtype": ("hs_task_type",),
            "outcome": ("hs_task_status",),
            "outcome_id": (),
            "state": ("hs_task_status",),
            "subject": ("hs_task_subject",),
            "direction": (),
        },
        _task,
    ),
}
