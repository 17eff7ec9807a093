"""Users of the portal as objects: their time zone and working hours, read only.

developers.hubspot.com, Users API (read 2026-11): `id` is a number of its own, `hs_internal_user_id` the one that owners
call `userId`. Working hours are a JSON list as text. Those who have left are not simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.owners import HOURS, kept_owners
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.tables import Row

_FIRST = 207_000_000_000
_PAGE = 100
_STAMPS = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")


def list_users(portal: Portal, call: Call) -> Answer:
    """A page of users by id, with the properties asked for beside the usual three; unknown ones are left out."""
    asked = call.number("limit", 10, 0, _PAGE)
    limit = portal.switches.fewer(asked)
    after = call.number("after", 0, 0, 10**18)
    wanted = {*_STAMPS, *call.many("properties")}
    rows = (row for row in kept_owners(portal) if row["type"] == "PERSON" and _id(row) >= after)
    page = list(islice(rows, limit + 1))
    body: dict[str, Any] = {"results": [_shown(row, wanted) for row in page[:limit]]}
    if len(page) > limit and limit:
        following = str(_id(page[limit]))
        link = f"https://api.hubapi.com/crm/v3/objects/users?limit={limit}&after={following}"
        body["paging"] = {"next": {"after": following, "link": link}}
    return Answer(200, body)


def _id(row: Row) -> int:
    return _FIRST + int(row["id"])


def _shown(row: Row, wanted: set[str]) -> Mapping[str, Any]:
    id_ = str(_id(row))
    known = {
        "hs_createdate": row["createdAt"],
        "hs_lastmodifieddate": row["updatedAt"],
        "hs_object_id": id_,
        "hs_internal_user_id": str(row["userId"]),
        "hubspot_owner_id": row["id"],
        "hs_email": row["email"],
        "hs_given_name": row["firstName"],
        "hs_family_name": row["lastName"],
        **{name: row.get(name) for name in HOURS},
    }
    return {
        "id": id_,
        "properties": {name: known[name] for name in known if name in wanted},
        "createdAt": row["createdAt"],
        "updatedAt": row["updatedAt"],
        "archived": False,
    }
