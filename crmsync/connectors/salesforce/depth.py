"""How far back the facts of an org are read, by its settings.

| setting | default | leaves out |
|---|---|---|
| `activities_days` | 400 | tasks and events older than that; 0: all of them |
| `history_days` | 730 | field history older than that; 0: all of it |
| `campaigns` | true | false: campaigns and their members |
"""

from __future__ import annotations

from dataclasses import dataclass

from crmsync.connectors.settings import Checked, invalid

SETTINGS = ("activities_days", "history_days", "campaigns")
# Field history is kept for 18 months, by the API for 24: help.salesforce.com, Field History Tracking (read 2026-11)
_DEFAULT_DAYS = {"activities_days": 400, "history_days": 730}
_MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Depth:
    """How many days back activities and histories are read, 0 for not at all; and whether campaigns are."""

    activities_days: int = _DEFAULT_DAYS["activities_days"]
    history_days: int = _DEFAULT_DAYS["history_days"]
    campaigns: bool = True


def depth_of(chosen: Checked) -> Depth:
    """The settings; ConfigInvalid for what is no number of days, or neither true nor false."""
    campaigns = chosen.get("campaigns", "true").lower()
    if campaigns not in ("true", "false"):
        message = f"campaigns '{campaigns}' is neither true nor false"
        raise invalid(chosen.system, message, "give true or false", "campaigns")
    return Depth(
        _days(chosen, "activities_days"), _days(chosen, "history_days"), campaigns == "true"
    )


def _days(chosen: Checked, name: str) -> int:
    text = chosen.get(name, str(_DEFAULT_DAYS[name]))
    if text.isascii() and text.isdecimal() and int(text) <= _MOST_DAYS:
        return int(text)
    message = f"{name} '{text}' is no number of days"
    raise invalid(chosen.system, message, f"give 0 to {_MOST_DAYS}; 0 leaves it out", name)
