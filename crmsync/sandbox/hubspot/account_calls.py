"""Owners, the outcomes of calls and the account itself: what a client reads before it reads records."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from crmsync.sandbox.hubspot.activity_properties import DISPOSITIONS
from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.errors import not_found
from crmsync.sandbox.hubspot.owners import owners
from crmsync.sandbox.hubspot.portal import Portal

TIME_ZONE = "Europe/Madrid"

# The default; the maximum is not known, 500 is what the public specification suggests.
OWNERS_PAGE, MAX_OWNERS_PAGE = 100, 500


def list_owners(portal: Portal, call: Call) -> Answer:
    """A page of owners by id, filtered by e-mail if asked; archived ones only when asked for."""
    limit = portal.switches.fewer(call.number("limit", OWNERS_PAGE, 1, MAX_OWNERS_PAGE))
    after = call.number("after", 0, 0, 10**18)
    email = (call.one("email") or "").lower()
    matching = (
        row
        for row in owners(portal, call.flag("archived"))
        if int(row["id"]) >= after and email in ("", row["email"].lower())
    )
    page = list(islice(matching, limit + 1))
    body: dict[str, Any] = {"results": page[:limit]}
    if len(page) > limit:
        following = page[limit]["id"]
        link = f"https://api.hubapi.com/crm/v3/owners?limit={limit}&after={following}"
        body["paging"] = {"next": {"after": following, "link": link}}
    return Answer(200, body)


def get_owner(portal: Portal, call: Call) -> Answer:
    """One owner by `id` or, if asked, by `userId`; 404 if it is archived and that was not asked."""
    name = call.one("idProperty") or "id"
    for row in owners(portal, call.flag("archived")):
        if str(row.get(name)) == call.path["id"]:
            return Answer(200, row)
    raise not_found()


def call_outcomes(portal: Portal, call: Call) -> Answer:
    """The outcomes a call may have: a bare list of GUID and label."""
    return Answer(200, [{"id": id_, "label": label} for id_, label in DISPOSITIONS.items()])


def account_details(portal: Portal, call: Call) -> Answer:
    """Which portal this is: its id, time zone and currencies."""
    offset = portal.clock.now().astimezone(ZoneInfo(TIME_ZONE)).utcoffset() or timedelta()
    seconds = int(offset.total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    body = {
        "portalId": portal.portal_id,
        "accountType": "SANDBOX",
        "timeZone": TIME_ZONE,
        "companyCurrency": "EUR",
        "additionalCurrencies": ["USD", "MXN"],
        "utcOffset": f"{'-' if seconds < 0 else '+'}{hours:02d}:{minutes:02d}",
        "utcOffsetMilliseconds": seconds * 1000,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }
    return Answer(200, body)
