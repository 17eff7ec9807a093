"""What happened to pipelines and stages, as their audits tell it: newest first.

The form of an entry is the specification's (PublicAuditInfo, developers.hubspot.com, read 2026-11); the words of
`action` were not seen, nor whether the audit of what was deleted is still told: here it is, or no DELETE would ever be.
"""

from __future__ import annotations

from typing import Any, Literal

from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.errors import not_found
from crmsync.sandbox.hubspot.pipelines import pipelines
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.property_edits import APP_USER
from crmsync.sandbox.hubspot.wire import iso

Action = Literal["CREATE", "UPDATE", "DELETE"]


def note(
    portal: Portal, call: Call, action: Action, whole: dict[str, Any], *, place: str = ""
) -> None:
    """Keeps what was done to a pipeline, or to one of its stages: `place` is the pipeline's id then."""
    number = str(portal.next_number("pipeline audits"))
    told = {
        "identifier": number,
        "portalId": portal.portal_id,
        "action": action,
        "fromUserId": int(APP_USER["updatedUserId"]),
        "timestamp": iso(portal.clock.now()),
        "rawObject": whole,
    }
    row = {"pipeline": place or whole["id"], "stage": whole["id"] if place else "", "told": told}
    portal.tables.put(_table(call), number, row)


def audit_pipeline(portal: Portal, call: Call) -> Answer:
    """What happened to one pipeline, none for HubSpot's own that nobody touched; 404 if there never was one."""
    known = {one["id"] for one in pipelines(portal, call.kind().name)}
    return _told(portal, call, call.path["id"], "", is_there=call.path["id"] in known)


def audit_stage(portal: Portal, call: Call) -> Answer:
    """What happened to one stage of a pipeline; 404 if there never was one."""
    id_, stage = call.path["id"], call.path["stage"]
    live = [one for one in pipelines(portal, call.kind().name) if one["id"] == id_]
    is_there = any(each["id"] == stage for one in live for each in one["stages"])
    return _told(portal, call, id_, stage, is_there=is_there)


def _told(portal: Portal, call: Call, id_: str, stage: str, *, is_there: bool) -> Answer:
    rows = [row for _, row in portal.tables.rows(_table(call))]
    found = [row["told"] for row in rows if (row["pipeline"], row["stage"]) == (id_, stage)]
    if not found and not is_there:
        raise not_found()
    return Answer(200, {"results": found[::-1]})


def _table(call: Call) -> str:
    return f"pipeline audits {call.kind().name}"
