"""Activities of HubSpot become tasks of Salesforce: once each, when they are new, and never edited afterwards.

Knowledge Base: Sync activities and tasks between HubSpot and Salesforce (2023-09-19); nothing of it can be set field
by field: revblack.com, mappings and sync rules (both read 2026-11). The subjects are those users show; the other way,
from tasks to HubSpot, is off by default and not simulated. That an edit does not follow is not verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.native.settings import note_error, remember, remembered, settings_of
from crmsync.sandbox.native.syncing import partner_of
from crmsync.sandbox.native.values import NoSuchValue, Pair, from_hubspot, to_salesforce
from crmsync.sandbox.native.writing import NotWritten, create_in_salesforce, integration_user
from crmsync.sandbox.tables import Row

_KEY = "mirrored"
# Activity -> word of the subject, property of the subject, property of the text, subtype of the task.
_KINDS: Mapping[str, tuple[str, str, str, str]] = {
    "calls": ("Call", "hs_call_title", "hs_call_body", "Call"),
    "emails": ("Email", "hs_email_subject", "hs_email_text", "Email"),
    "meetings": ("Meeting", "hs_meeting_title", "hs_meeting_body", "Task"),
    "notes": ("Note", "", "hs_note_body", "Task"),
    "tasks": ("Task", "hs_task_subject", "hs_task_body", "Task"),
}
_SUBJECT = 255


def see_activities(pair: Pair) -> None:
    """Notes every activity as done with: those from before the connector do not go over."""
    for name in _KINDS:
        ids = pair.hubspot.portal.objects[name].live
        remember(pair.hubspot.tables, f"{_KEY} {name}", {str(id_): "" for id_ in ids})


def mirror_activities(pair: Pair) -> None:
    """Makes a task of each new activity of a contact that has a partner in Salesforce."""
    if not settings_of(pair.hubspot.tables).activities:
        return
    portal = pair.hubspot.portal
    for name in _KINDS:
        done = remembered(pair.hubspot.tables, f"{_KEY} {name}")
        for number in list(portal.objects[name].live):
            row = portal.row(name, str(number))
            who = _who(pair, name, str(number))
            if str(number) not in done and row is not None and who is not None:
                done[str(number)] = _mirrored(pair, name, str(number), row, who)
                remember(pair.hubspot.tables, f"{_KEY} {name}", done)
    pair.hubspot.tables.commit()


def mirrors(pair: Pair) -> dict[str, str]:
    """The task of each activity that has one: `calls 123` -> id."""
    return {
        f"{name} {id_}": task
        for name in _KINDS
        for id_, task in remembered(pair.hubspot.tables, f"{_KEY} {name}").items()
        if task
    }


def _who(pair: Pair, name: str, id_: str) -> str | None:
    """The lead or contact of the first contact the activity is tied to, of those that are synced."""
    for contact in sorted(pair.hubspot.portal.ties.of(name, id_, "contacts"), key=int):
        partner = partner_of(pair, "contacts", contact)
        if partner is not None and pair.salesforce.rows.live(*partner) is not None:
            return partner[1]
    return None


def _mirrored(pair: Pair, name: str, id_: str, row: Row, who: str) -> str:
    try:
        return create_in_salesforce(pair, "Task", _task(pair, name, row, who))
    except NotWritten as error:
        note_error(pair.hubspot.tables, f"{name} {id_}", str(error))
        return ""


def _task(pair: Pair, name: str, row: Row, who: str) -> dict[str, Any]:
    word, subject, text, subtype = _KINDS[name]
    kept = row["properties"]
    told = kept.get(subject) or ""
    is_open = name == "tasks" and kept.get("hs_task_status") != "COMPLETED"
    return {
        "Subject": (f"{word}: {told}" if told else word)[:_SUBJECT],
        "Description": kept.get(text),
        # The day of an activity alone: a task has no hour.
        "ActivityDate": kept.get("hs_timestamp", "")[:10] or None,
        "Status": "Not Started" if is_open else "Completed",
        "TaskSubtype": subtype,
        "WhoId": who,
        "OwnerId": _owner(pair, kept.get("hubspot_owner_id")),
    }


def _owner(pair: Pair, owner: str | None) -> str:
    try:
        email = from_hubspot(pair, "owner", owner)
        if email:
            return str(to_salesforce(pair, "owner", email))
    except NoSuchValue:
        pass
    return integration_user(pair.salesforce)
