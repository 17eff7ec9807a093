"""The portal's day: its calls are counted from midnight to midnight of its own time zone.

developers.hubspot.com, usage guidelines (read 2026-11)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SOMETIME = "Run again after midnight in the portal's time zone"


@dataclass(slots=True)
class Day:
    """When the day of one portal ends; its time zone is blank until the account was asked for it."""

    now: Callable[[], datetime]
    zone: str = ""

    def ends(self) -> datetime | None:
        """The next midnight over there, None while its time zone is not known."""
        try:
            there = self.now().astimezone(ZoneInfo(self.zone)) if self.zone else None
        except (ZoneInfoNotFoundError, ValueError):
            return None
        if there is None:
            return None
        return datetime.combine(there.date() + timedelta(days=1), time(), there.tzinfo)

    def remedy(self) -> str:
        """When to run again once the calls of the day are used up."""
        return f"{self._when()}."

    def spare(self) -> str:
        """When to run again if the reserve of the day is reached."""
        return f"{self._when()}; or set `reserve` lower."

    def _when(self) -> str:
        ends = self.ends()
        if ends is None:
            return _SOMETIME
        return f"{_SOMETIME} ({self.zone}): {ends:%Y-%m-%d %H:%M} there"
