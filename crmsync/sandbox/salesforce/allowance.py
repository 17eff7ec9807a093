"""The calls an org has had in the last 24 hours, by its own clock, and how many it may have."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

# Enterprise Edition with 15 licences: 100,000 + 15 x 1,000 calls a day
# (salesforce-app-limits-platform-api, read 2026-11).
DAILY_CALLS = 115_000
# The window is a rolling one: API Request Limits and Allocations (read 2026-11). How finely it rolls is not
# told; here by the quarter of an hour.
_WINDOW = timedelta(hours=24)
_GRAIN_S = 900


class Allowance:
    """What is used of the day's calls; `daily` may be set."""

    def __init__(self) -> None:
        self.daily = DAILY_CALLS
        self._made: dict[int, int] = {}

    def count(self, calls: int, now: datetime) -> None:
        """Adds calls made at this instant."""
        grain = int(now.timestamp()) // _GRAIN_S
        self._made[grain] = self._made.get(grain, 0) + calls

    def used(self, now: datetime) -> int:
        """Calls of the last 24 hours; those of before are forgotten."""
        oldest = int((now - _WINDOW).timestamp()) // _GRAIN_S
        self._made = {grain: calls for grain, calls in self._made.items() if grain > oldest}
        return sum(self._made.values())

    def forget(self) -> None:
        """A day without a call so far."""
        self._made.clear()

    def control(self, body: Any) -> dict[str, int]:
        """Sets `daily` if it is given, from the side door; tells how it stands."""
        if body and "daily" in body:
            self.daily = int(body["daily"])
        return {"daily": self.daily}
