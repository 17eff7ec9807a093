"""The small tables of a portal: who it is, who owns, which stages there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        for name, pipeline in ((str(one["id"]), one) for one in ordered(pipelines.values()))
        for stage in ordered(pipeline.get("stages") or ())
    ]


def ordered(some: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Pipelines, or stages of one, in the order people see."""
    return sorted(some, key=lambda one: (int(one.get("displayOrder") or 0), str(one["id"])))


def _stage(pipeline: str, stage: Mapping[str, Any]) -> Row:
    told = stage.get("metadata") or {}
    return (
        pipeline,
        str(stage["id"]),
        stage.get("label"),
        str(stage.get("displayOrder")),
        flag(told.get("isClosed")),
        is_won(told),
    )


def flag(text: Any) -> str | None:
    """`true` or `false` of the texts in `metadata`."""
    return None if text is None else str(text).lower()


def is_won(told: Mapping[str, Any]) -> str | None:
    """Won is what closes with a probability of one; None where nobody says whether it closes."""
    closed = flag(told.get("isClosed"))
    if closed is None:
        return None
    return "true" if closed == "true" and _is_one(told.get("probability")) else "false"


def _is_one(text: Any) -> bool:
    try:
        return float(text) == 1.0
    except (TypeError, ValueError):
        return False
