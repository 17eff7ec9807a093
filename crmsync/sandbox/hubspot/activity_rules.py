"""The properties the platform works out of an activity when it is written."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import orjson

from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.wire import instant

Properties = dict[str, str]

# The previews are cut somewhere; where was not seen.
PREVIEW = 512

_BODIES = {
    "calls": "hs_call_body",
    "emails": "hs_email_text",
    "meetings": "hs_meeting_body",
    "notes": "hs_note_body",
    "tasks": "hs_task_body",
}


def first_activity(name: str, after: Properties) -> Properties:
    """What only the first write gives an activity: answers to creates recorded 2026-03."""
    return dict(_FIRST.get(name, {})) | _FROM.get(name, _nothing)(after)


# A task without status is not started: recorded 2026-03.
_FIRST: dict[str, Properties] = {
    "tasks": {
        "hs_task_family": "SALES",
        "hs_task_for_object_type": "OWNER",
        "hs_task_is_all_day": "false",
        "hs_task_status": "NOT_STARTED",
        "hs_task_type": "TODO",
    },
}


def _nothing(after: Properties) -> Properties:
    return {}


def _meeting_times(after: Properties) -> Properties:
    """A meeting that tells no start starts at its timestamp: developers.hubspot.com (read 2026-11)."""
    return {"hs_meeting_start_time": after.get("hs_timestamp", "")}


_FROM = {"meetings": _meeting_times}


def activity_facts(name: str, id_: str, after: Properties, at: datetime) -> Properties:
    """What every write works out anew."""
    told = {"hs_obj_coords": f"{OBJECTS[name].type_id}-{id_}", **_preview(after, _BODIES[name])}
    owner = after.get("hubspot_owner_id", "")
    told["hs_all_owner_ids"] = owner
    if name == "emails":
        told |= _addresses(after.get("hs_email_headers", ""))
    if name == "tasks":
        told |= _task(after, at)
    return told


def _preview(after: Properties, body: str) -> Properties:
    html = after.get(body, "")
    plain = re.sub(r"<[^>]+>", "", html).strip()
    page = f"<html>\n<head></head>\n<body>\n{html[:PREVIEW]}\n</body>\n</html>"
    return {
        "hs_body_preview": plain[:PREVIEW],
        "hs_body_preview_html": page if html else "",
        "hs_body_preview_is_truncated": str(len(plain) > PREVIEW).lower() if html else "",
    }


def _addresses(headers: str) -> Properties:
    """Sender and receivers, as the headers say: developers.hubspot.com, e-mails guide (read 2026-11)."""
    try:
        told = orjson.loads(headers) if headers else {}
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        "hs_email_from_email": _address(told.get("from")),
        "hs_email_to_email": ";".join(filter(None, map(_address, told.get("to") or ()))),
    }


def _address(one: Any) -> str:
    return str(one.get("email") or "") if isinstance(one, dict) else ""


def _task(after: Properties, at: datetime) -> Properties:
    done = after.get("hs_task_status") == "COMPLETED"
    due = instant(after.get("hs_timestamp", ""))
    return {
        "hs_task_is_completed": str(int(done)),
        "hs_task_completion_count": str(int(done)),
        "hs_task_is_overdue": str(not done and due is not None and due < at).lower(),
    }
