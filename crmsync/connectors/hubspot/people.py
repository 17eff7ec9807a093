"""The small tables of a portal: who it is, who owns, which stages there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.connectors.base import SystemIdentity
from crmsync.connectors.hubspot.api import Api
from crmsync.errors import AnswerBroken

Row = tuple[str | None, ...]


def identity(api: Api, system: str) -> SystemIdentity:
    """The portal behind the token."""
    told = api.account()
    if not told.get("portalId"):
        raise AnswerBroken("the portal does not say who it is", where=system)
    portal, domain = str(told["portalId"]), told.get("uiDomain")
    return SystemIdentity(
        system=system,
        id=portal,
        name=f"HubSpot portal {portal}",
        base_url=f"https://{domain}/contacts/{portal}" if domain else "",
        timezone=told.get("timeZone") or "UTC",
        currency=told.get("companyCurrency") or "",
    )


def owners(api: Api) -> list[Row]:
    """Rows of OWNER_COLUMNS sorted by id; removed owners too, since records may still name them."""
    rows = {
        str(one["id"]): _owner(one, active)
        for active in (False, True)
        for one in api.owners(archived=not active)
    }
    return [rows[one] for one in sorted(rows)]


def _owner(one: Mapping[str, Any], active: bool) -> Row:
    name = " ".join(part for part in (one.get("firstName"), one.get("lastName")) if part)
    return (str(one["id"]), one.get("email") or None, name or None, "true" if active else "false")


def stages(api: Api) -> list[Row]:
    """Rows of STAGE_COLUMNS, pipelines and stages in the order people see."""
    pipelines = {str(one["id"]): one for one in api.pipelines("deals")}
    return [
        _stage(name, stage)
        for name, pipeline in sorted(pipelines.items(), key=lambda each: _order(each[1]))
        for stage in sorted(pipeline.get("stages") or (), key=_order)
    ]


def _order(one: Mapping[str, Any]) -> tuple[int, str]:
    return int(one.get("displayOrder") or 0), str(one["id"])


def _stage(pipeline: str, stage: Mapping[str, Any]) -> Row:
    """A stage; values of `metadata` are texts. Won is what closes with a probability of one."""
    told = stage.get("metadata") or {}
    closed = _flag(told.get("isClosed"))
    won = _flag("true" if closed == "true" and _is_one(told.get("probability")) else "false")
    return (
        pipeline,
        str(stage["id"]),
        stage.get("label"),
        str(stage.get("displayOrder")),
        closed,
        won if closed is not None else None,
    )


def _flag(text: Any) -> str | None:
    return None if text is None else str(text).lower()


def _is_one(text: Any) -> bool:
    try:
        return float(text) == 1.0
    except (TypeError, ValueError):
        return False
