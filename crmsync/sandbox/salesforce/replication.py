"""getUpdated and getDeleted: the ids that changed or went in a stretch of time.

Shapes: restforce fixtures get_updated and get_deleted; rules: resources_getupdated and
resources_getdeleted in the REST guide (read 2026-11).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crmsync.sandbox.salesforce.calls import Call, Reply, known_shape
from crmsync.sandbox.salesforce.errors import refuse
from crmsync.sandbox.salesforce.instants import parse_instant, wire_instant
from crmsync.sandbox.salesforce.late_commits import oldest_open
from crmsync.sandbox.salesforce.recycling import deleted_between, earliest_known
from crmsync.sandbox.salesforce.world import SalesforceWorld

_HORIZON = timedelta(days=30)
_MOST_IDS = 600_000
_MINUTE = timedelta(minutes=1)


def get_updated(world: SalesforceWorld, call: Call) -> Reply:
    """Ids of the records created or changed in the stretch, and up to when that is all."""
    shape = known_shape(world, call.parts[1])
    start, end = _stretch(world, call)
    ids = [
        id_
        for id_, row in world.tables.rows(shape.name)
        if start <= row.get("SystemModstamp", "") < end and not row.get("IsDeleted")
    ]
    _refuse_too_many(len(ids))
    return Reply(200, {"ids": sorted(ids), "latestDateCovered": _covered(world, end)})


def get_deleted(world: SalesforceWorld, call: Call) -> Reply:
    """Ids and dates of the records deleted in the stretch, and the dates between which that is all."""
    shape = known_shape(world, call.parts[1])
    start, end = _stretch(world, call)
    found = deleted_between(world, shape.name, start, end)
    _refuse_too_many(len(found))
    body = {
        "deletedRecords": [{"id": row["id"], "deletedDate": row["at"]} for row in found],
        "earliestDateAvailable": earliest_known(world, shape.name),
        "latestDateCovered": _covered(world, end),
    }
    return Reply(200, body)


def _stretch(world: SalesforceWorld, call: Call) -> tuple[str, str]:
    start, end = (_minute(call, name) for name in ("start", "end"))
    # The codes are in the WSDL and in about_ExceptionCode, the texts in public logs (read 2026-11).
    if end - start < _MINUTE:
        message = "endDate must be at least one minute greater than startDate"
        raise refuse("INVALID_REPLICATION_DATE", message)
    if start < world.now() - _HORIZON:
        raise refuse("INVALID_REPLICATION_DATE", "startDate before org replication enabled date")
    return wire_instant(start), wire_instant(end)


def _minute(call: Call, name: str) -> datetime:
    """An instant of the query string, its seconds ignored."""
    text = call.query.get(name)
    if not text:
        raise refuse("MISSING_ARGUMENT", f"The {name} parameter has to be given")
    try:
        # A `+` that was not encoded arrives as a blank; other clients' mistakes are refused.
        return parse_instant(text.replace(" ", "+")).replace(second=0, microsecond=0)
    except ValueError:
        raise refuse("INVALID_REPLICATION_DATE", f"{name} is no date: {text}") from None


def _covered(world: SalesforceWorld, end: str) -> str:
    """Up to when the answer is complete: not past now, nor past what an open transaction wrote."""
    # getDeletedResult, latestDateCovered (read 2026-11): transactions open now commit later.
    now = wire_instant(world.now().replace(second=0, microsecond=0))
    return min(end, now, oldest_open(world) or now)


def _refuse_too_many(count: int) -> None:
    if count > _MOST_IDS:
        raise refuse("EXCEEDED_ID_LIMIT", f"the answer has more than {_MOST_IDS} ids")
