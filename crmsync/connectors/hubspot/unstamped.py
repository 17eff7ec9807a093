"""Fields that may change while the modified date of their record stays, and what is done about each.

| field | so |
|---|---|
| a tie, or a set of ties | read with all ties; by itself only whole |
| a property that mirrors a tie | the ties tell whose it is that changed, if the last read is known; else only whole |
| a property that counts ties, or is worked out | only whole |

Whether a tie moves the modified date of its ends is not known; of a calculated property others found that it does
not: fivetran.com/docs, HubSpot (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crmsync.connectors.base import ASSOCIATION_PREFIX
from crmsync.language import _

MIRRORS: Mapping[tuple[str, str], tuple[str, int]] = {
    ("contacts", "associatedcompanyid"): ("companies", 1),
    ("companies", "hs_parent_company_id"): ("companies", 14),
}
"""The object and the type of the tie that a property tells of: developers.hubspot.com, Associations (read 2026-11)."""
_COUNTS = frozenset(("num_associated_contacts", "num_associated_deals"))


def unstamped(properties: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Names of the properties that are worked out, as HubSpot says, or count ties."""
    return _COUNTS | {str(one["name"]) for one in properties if one.get("calculated")}


def why_whole(
    object_: str, fields: Sequence[str], worked_out: frozenset[str], *, ties_known: bool
) -> str:
    """Why a change of these fields may leave no trace on the record; empty if it always does."""
    found = sorted(worked_out.intersection(fields))
    if found:
        return _("worked out by the system: {names}").format(names=", ".join(found))
    tied = [
        name
        for name in sorted(set(fields))
        if name.startswith(ASSOCIATION_PREFIX) or ((object_, name) in MIRRORS and not ties_known)
    ]
    return _("a tie to other records: {names}").format(names=", ".join(tied)) if tied else ""
