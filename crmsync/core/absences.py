"""Why a record is not there any more, as its own system tells it.

That it is not there is proved by a complete read and by nothing else; this only says when it went, and how.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crmsync.core.records import Ref


@dataclass(frozen=True, slots=True, order=True)
class Absence:
    """A record that went: when (ISO 8601, blank if not known), `deleted` or `merged`, and into which id."""

    ref: Ref
    at: str = ""
    why: str = "deleted"
    into: str = ""


def reason_of(system: str, absences: Iterable[Absence]) -> str:
    """The reason code of a place whose records all went: `gone`, or what happened to the last of them.

    `deleted:salesforce,2026-11-20`, `merged_away:salesforce,2026-11-20,003…`. HubSpot's records name those that were
    merged into them and no day: `merged_away:hubspot,,734…`.
    """
    known = max(absences, key=lambda each: (each.at, each.ref), default=None)
    if known is None:
        return "gone"
    if known.into:
        return f"merged_away:{system},{known.at[:10]},{known.into}"
    return f"deleted:{system},{known.at[:10]}" if known.at else "gone"
