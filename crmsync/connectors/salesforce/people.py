"""The small tables of an org: who it is, who owns, which stages there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crmsync.connectors.base import SystemIdentity
from crmsync.connectors.salesforce.api import Api, select
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.values import booleans, number
from crmsync.errors import AnswerBroken, Refused

Row = tuple[str | None, ...]

# An org whose fields differ is asked for less; the currency is no field of Organization:
# developer.salesforce.com, Organization (read 2026-11)
_IDENTITY_FIELDS = (("Id", "Name", "InstanceName", "TimeZoneSidKey"), ("Id", "Name"))


def identity(api: Api, system: str) -> SystemIdentity:
    """The org behind the credential."""
    row = _organization(api)
    return SystemIdentity(
        system=system,
        id=id18(row["Id"]),
        name=row.get("Name") or "",
        base_url=api.session.instance_url.rstrip("/"),
        timezone=row.get("TimeZoneSidKey") or "UTC",
    )


def _organization(api: Api) -> Mapping[str, Any]:
    for fields in _IDENTITY_FIELDS:
        try:
            rows = api.rows(select(fields, "Organization"))
        except Refused as refusal:
            if "INVALID_FIELD" not in refusal.message or fields is _IDENTITY_FIELDS[-1]:
                raise
            continue
        if len(rows) == 1:
            return rows[0]
    raise AnswerBroken("the org does not say who it is", where=api.calls.system)


def owners(api: Api) -> list[Row]:
    """Rows of OWNER_COLUMNS, sorted by id."""
    rows = api.rows(select(("Id", "Email", "Name", "IsActive"), "User"))
    table = [(id18(r["Id"]), r["Email"], r["Name"], *booleans([r["IsActive"]])) for r in rows]
    return sorted(table, key=str)


def stages(api: Api, describe: Callable[[str], Mapping[str, Any]]) -> list[Row]:
    """Rows of STAGE_COLUMNS in order.

    From OpportunityStage, retired stages included since old records may hold them; where this user
    cannot query it, from the picklist, which does not know what is closed or won.
    """
    fields = ("ApiName", "MasterLabel", "SortOrder", "IsClosed", "IsWon")
    try:
        rows = api.rows(select(fields, "OpportunityStage"))
    except Refused as refusal:
        if not any(code in refusal.message for code in ("INVALID_TYPE", "INVALID_FIELD")):
            raise
        return _from_picklist(describe("Opportunity"))
    rows.sort(key=lambda row: (row["SortOrder"] or 0, row["ApiName"] or ""))
    return [_stage(row) for row in rows]


def _stage(row: Mapping[str, Any]) -> Row:
    position = number(row["SortOrder"])
    closed, won = booleans([row["IsClosed"], row["IsWon"]])
    return ("", row["ApiName"], row["MasterLabel"], position, closed, won)


def _from_picklist(describe: Mapping[str, Any]) -> list[Row]:
    field = next((one for one in describe["fields"] if one["name"] == "StageName"), None)
    options = field["picklistValues"] if field else []
    return [
        ("", one["value"], one["label"], str(at), None, None) for at, one in enumerate(options, 1)
    ]
