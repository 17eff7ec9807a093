"""How many calls of the day are used, as the account tells when asked: not the number of this moment."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.limits import TIME_ZONE
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso

_NAME = "private-apps-api-calls-daily"  # developers.hubspot.com, usage details v3 (read 2026-11)


def daily_usage(portal: Portal, call: Call) -> Answer:
    """The calls of the account today, as counted a while ago (`usage_age`), the limit and when it begins anew."""
    now, kept = portal.clock.now(), portal.usage
    age = timedelta(seconds=portal.switches.number("usage_age"))
    cached = kept is not None and timedelta() <= now - kept[0] < age
    if kept is None or not cached:
        portal.usage = kept = (now, portal.limits.today)
    at, used = kept
    body = {
        "name": _NAME,
        "usageLimit": portal.switches.number("daily_limit"),
        "currentUsage": used,
        "collectedAt": iso(at),
        "fetchStatus": "CACHED" if cached else "SUCCESS",
        "resetsAt": iso(_midnight(now)),
    }
    return Answer(200, {"results": [body]})


def _midnight(now: datetime) -> datetime:
    """The next beginning of a day where the account is."""
    tomorrow = now.astimezone(TIME_ZONE).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), TIME_ZONE).astimezone(UTC)
