"""The owners of the portal: users records can be assigned to, read only through the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso, text
from crmsync.sandbox.tables import Row

_FIRST = 88_842_001
HOURS = ("hs_standard_time_zone", "hs_working_hours")
"""What a user's own object says of when they work; an owner does not tell it."""


def put_owner(portal: Portal, values: dict[str, Any], id_: str | None) -> str:
    """The id of an owner, new or replaced; `userId` differs from it on purpose.

    `teams` are `[{"id", "name", "primary"}]`; the names in HOURS are shown by the user's object alone.
    """
    chosen = text(id_ or values.get("id")) or _free_id(portal)
    now = iso(portal.clock.now())
    row = {
        "id": chosen,
        "email": values.get("email", ""),
        "type": values.get("type", "PERSON"),
        "firstName": values.get("firstName", ""),
        "lastName": values.get("lastName", ""),
        "userId": int(values.get("userId", int(chosen) - 80_000_000)),
        "createdAt": text(values.get("createdAt")) or now,
        "updatedAt": text(values.get("updatedAt")) or now,
        "archived": bool(values.get("archived", False)),
    }
    row["userIdIncludingInactive"] = row["userId"]
    if values.get("teams"):
        row["teams"] = values["teams"]
    row |= {name: values[name] for name in HOURS if values.get(name)}
    portal.tables.put("owners", chosen, row)
    return chosen


def _free_id(portal: Portal) -> str:
    taken = [int(id_) for id_ in portal.tables.ids("owners")]
    return str(max([_FIRST - 1, *taken]) + 1)


def user_of(portal: Portal, owner_id: str) -> str:
    """The number of an owner's user, blank if there is no such owner."""
    row = portal.tables.get("owners", owner_id)
    return str(row["userIdIncludingInactive"]) if row else ""


def kept_owners(portal: Portal) -> Iterator[Row]:
    """Those who have not left, as the portal keeps them, by id."""
    rows = sorted(portal.tables.rows("owners"), key=lambda one: int(one[0]))
    return (row for _, row in rows if not row["archived"])


def owners(portal: Portal, archived: bool) -> Iterator[Row]:
    """Owners that are archived, or those that are not, by id."""
    rows = sorted(portal.tables.rows("owners"), key=lambda one: int(one[0]))
    return (_shown(portal, row) for _, row in rows if row["archived"] is archived)


def _shown(portal: Portal, row: Row) -> Row:
    """A user who has left keeps only the second id, by the specification; see the switch."""
    keeps = not row["archived"] or portal.switches.archived_owners_keep_user
    hidden = HOURS if keeps else (*HOURS, "userId")
    return {name: value for name, value in row.items() if name not in hidden}
