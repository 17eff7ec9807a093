"""The portal's budget of calls: what the headers say, and the 429s when switched on."""

from __future__ import annotations

from collections import deque
from datetime import date, datetime, timedelta

from crmsync.sandbox.hubspot.errors import Refusal

# A Professional portal: developers.hubspot.com, usage guidelines (read 2026-11).
BURST, BURST_S = 190, 10
DAILY = 625_000
SEARCHES, SEARCHES_S = 5, 1

_SEARCH = "You have reached your secondly limit."
_BURST = "You have reached your ten_secondly_rolling limit."
_DAILY = "You have reached your daily limit."


class Limits:
    """Counts calls on the portal's clock; search has a budget of its own."""

    def __init__(self) -> None:
        self._calls: deque[datetime] = deque(maxlen=BURST)
        self._searches: deque[datetime] = deque(maxlen=SEARCHES)
        self._day: date | None = None
        self._today = 0

    def count(self, now: datetime, searching: bool, enforce: bool) -> dict[str, str]:
        """Counts one call and gives its headers (none for search); Refusal 429 if over a limit."""
        if searching:
            if _full(self._searches, now, SEARCHES_S) and enforce:
                raise Refusal(429, _SEARCH, "RATE_LIMITS")
            self._searches.append(now)
            return {}
        if self._day != now.date():
            self._day, self._today = now.date(), 0
        if enforce:
            self._refuse(now)
        self._today += 1
        _full(self._calls, now, BURST_S)
        self._calls.append(now)
        return self._headers(enforce=enforce)

    def _refuse(self, now: datetime) -> None:
        """Bodies as documented; whether these bring a Retry-After is not known."""
        if self._today >= DAILY:
            raise Refusal(429, _DAILY, errorType="RATE_LIMIT", policyName="DAILY")
        if _full(self._calls, now, BURST_S):
            policy = "TEN_SECONDLY_ROLLING"
            raise Refusal(429, _BURST, errorType="RATE_LIMIT", policyName=policy)

    def _headers(self, *, enforce: bool) -> dict[str, str]:
        """As a static token sees them: recorded 2022; the secondly pair is not enforced.

        Without a limit the window is always empty, or a polite client would wait for nothing.
        """
        used = len(self._calls) if enforce else 1
        return {
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(BURST_S * 1000),
            "X-HubSpot-RateLimit-Max": str(BURST),
            "X-HubSpot-RateLimit-Remaining": str(BURST - used),
            "X-HubSpot-RateLimit-Secondly": str(BURST // 10),
            "X-HubSpot-RateLimit-Secondly-Remaining": str(BURST // 10 - 1),
            "X-HubSpot-RateLimit-Daily": str(DAILY),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, DAILY - self._today)),
        }


def _full(calls: deque[datetime], now: datetime, window_s: int) -> bool:
    """Whether the window is full, after forgetting what has left it."""
    while calls and calls[0] <= now - timedelta(seconds=window_s):
        calls.popleft()
    return len(calls) == calls.maxlen
