"""Values of both CRMs in one form, so that they can be compared, and back again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from crmsync.sandbox.hubspot.pipelines import deal_stages
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld


@dataclass(frozen=True, slots=True)
class Pair:
    """The two worlds the connector stands between."""

    salesforce: SalesforceWorld
    hubspot: HubspotWorld


class NoSuchValue(ValueError):
    """The other CRM has no such value."""


def from_hubspot(pair: Pair, kind: str, value: str | None) -> str:
    """A property's value in the common form, `""` for none."""
    return _FROM_HUBSPOT[kind](pair, value) if value else ""


def from_salesforce(pair: Pair, kind: str, value: Any) -> str:
    """A field's value in the common form, `""` for none."""
    return "" if value in (None, "") else _FROM_SALESFORCE[kind](pair, value)


def to_hubspot(pair: Pair, kind: str, value: str) -> str:
    """The text a property takes; NoSuchValue if HubSpot has none for it."""
    return _TO_HUBSPOT[kind](pair, value) if value else ""


def to_salesforce(pair: Pair, kind: str, value: str) -> Any:
    """The JSON value a field takes; NoSuchValue if Salesforce has none for it."""
    if not value:
        return False if kind == "flag" else None
    return _TO_SALESFORCE[kind](pair, value)


def _text(pair: Pair, value: Any) -> str:
    return str(value)


def _number(pair: Pair, value: Any) -> str:
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return str(value)


def _day(pair: Pair, value: Any) -> str:
    return str(value)[:10]


def _flag(pair: Pair, value: Any) -> str:
    return "true" if str(value).lower() == "true" else ""


# Both by address, and an exact match: Knowledge Base, Map HubSpot properties to Salesforce fields (read 2026-11).
def _owner_mail(pair: Pair, value: Any) -> str:
    """The owner by address, `""` for one who is not the very same user in both."""
    row = pair.hubspot.tables.get("owners", str(value))
    email = str(row["email"]).lower() if row else ""
    return email if _user_of(pair, email) else ""


def _user_mail(pair: Pair, value: Any) -> str:
    row = pair.salesforce.rows.get("User", str(value)) or {}
    email = str(row.get("Email") or "").lower()
    return email if _owner_of(pair, email) else ""


def _owner_of(pair: Pair, email: str) -> str | None:
    found = (
        id_
        for id_, row in pair.hubspot.tables.rows("owners")
        if email and str(row["email"]).lower() == email and not row["archived"]
    )
    return next(found, None)


def _user_of(pair: Pair, email: str) -> str | None:
    found = (
        id_
        for id_, row in pair.salesforce.tables.rows("User")
        if email and str(row.get("Email") or "").lower() == email and row.get("IsActive", True)
    )
    return next(found, None)


def _owner(pair: Pair, value: str) -> str:
    found = _owner_of(pair, value)
    if found is None:
        raise NoSuchValue(f"HubSpot has no owner {value}")
    return found


def _user(pair: Pair, value: str) -> str:
    found = _user_of(pair, value)
    if found is None:
        raise NoSuchValue(f"Salesforce has no user {value}")
    return found


def _stages(pair: Pair) -> dict[str, str]:
    """Stage ids of every deal pipeline by label; the connector's own pipelines are not simulated."""
    stages = deal_stages(pair.hubspot.portal)
    return {str(one["label"]).lower(): id_ for id_, one in reversed(stages.items())}


def _stage(pair: Pair, value: Any) -> str:
    """The stage of that name in HubSpot; the name itself where there is none."""
    return _stages(pair).get(str(value).lower(), str(value))


def _stage_id(pair: Pair, value: str) -> str:
    if value not in _stages(pair).values():
        raise NoSuchValue(f"HubSpot has no deal stage {value!r}")
    return value


def _stage_name(pair: Pair, value: str) -> str:
    for _, row in pair.salesforce.tables.rows("OpportunityStage"):
        if _stage(pair, row["MasterLabel"]) == value:
            return str(row["MasterLabel"])
    raise NoSuchValue(f"Salesforce has no stage {value!r}")


_From = Callable[[Pair, Any], str]
_FROM_HUBSPOT: Mapping[str, _From] = {
    "text": _text,
    "number": _number,
    "day": _day,
    "flag": _flag,
    "owner": _owner_mail,
    "stage": _text,
}
_FROM_SALESFORCE: Mapping[str, _From] = {
    **_FROM_HUBSPOT,
    "owner": _user_mail,
    "stage": _stage,
}
_TO_HUBSPOT: Mapping[str, Callable[[Pair, str], str]] = {
    "text": _text,
    "number": _text,
    "day": lambda pair, value: f"{value}T00:00:00Z",
    "flag": _text,
    "owner": _owner,
    "stage": _stage_id,
}
_TO_SALESFORCE: Mapping[str, Callable[[Pair, str], Any]] = {
    "text": _text,
    "number": lambda pair, value: float(value),
    "day": _text,
    "flag": lambda pair, value: True,
    "owner": _user,
    "stage": _stage_name,
}
