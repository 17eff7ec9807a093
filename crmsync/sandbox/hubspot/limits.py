"""The portal's budget of calls: what the headers say, and the 429s when switched on.

A burst is counted for each token, a day, searches and association batches for the account. The clock is the portal's.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crmsync.sandbox.hubspot.callers import OAUTH, Caller
from crmsync.sandbox.hubspot.errors import Refusal
from crmsync.sandbox.hubspot.switches import Switches

# developers.hubspot.com, usage guidelines, by way of two digests (read 2026-11).
BURST_S, SEARCHES_S = 10, 1
OAUTH_BURST = 110
ASSOCIATIONS_A_DAY = 500_000
TIME_ZONE = ZoneInfo("Europe/Madrid")

_SECONDLY = "You have reached your secondly limit."
_BURST = "You have reached your ten_secondly_rolling limit."
_DAILY = "You have reached your daily limit."
# A burst's 429 names the group that counts, and no request: hubspot-api-python issue 117 of 2022, with a key of those
# days. The one of a day names the request: HubSpot's usage guidelines (read 2026-11).
_GROUP = "publicapi:private-app-api-calls-ten-secondly"
_REQUEST = "00000000-0000-4000-8000-000000000000"
_MESSAGES = {"TEN_SECONDLY_ROLLING": _BURST, "SECONDLY": _SECONDLY}


class Limits:
    """Counts calls on the portal's clock; search and association batches have budgets of their own."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)  # by token
        self._searches: deque[datetime] = deque()
        self._ties: deque[datetime] = deque()
        self._day: date | None = None
        self.today = 0
        self._ties_today = 0

    def count(self, now: datetime, caller: Caller, budget: str) -> dict[str, str]:
        """Counts one call and gives its headers (none for search); Refusal 429 if over a limit."""
        self._begin_day(now)
        return _BUDGETS[budget](self, now, caller)

    def _begin_day(self, now: datetime) -> None:
        """A day begins at midnight of the account's time zone."""
        day = now.astimezone(TIME_ZONE).date()
        if self._day != day:
            self._day, self.today, self._ties_today = day, 0, 0

    def _search(self, now: datetime, caller: Caller) -> dict[str, str]:
        if self._over(self._searches, now, SEARCHES_S, self._switches.number("search_limit")):
            # 44 of 44 recorded ones had no Retry-After, policyName or errorType.
            raise Refusal(429, _SECONDLY, "RATE_LIMITS")
        self._searches.append(now)
        return {}

    def _associations(self, now: datetime, caller: Caller) -> dict[str, str]:
        if self._switches.rate_limited and self._ties_today >= ASSOCIATIONS_A_DAY:
            raise self._daily()
        if self._over(self._ties, now, BURST_S, self._switches.number("association_limit")):
            raise self._too_fast()
        self._ties.append(now)
        self._ties_today += 1
        return {}

    def _general(self, now: datetime, caller: Caller) -> dict[str, str]:
        # None is published a day for apps that many accounts install: the same guidelines.
        counted = caller.kind != OAUTH
        if counted and self._switches.rate_limited and self.today >= self._a_day():
            raise self._daily()
        calls = self._calls[caller.token]
        if self._over(calls, now, BURST_S, self._burst(caller)):
            raise self._too_fast()
        calls.append(now)
        self.today += counted
        return self._headers(caller, len(calls))

    def _a_day(self) -> int:
        return self._switches.number("daily_limit")

    def _burst(self, caller: Caller) -> int:
        return OAUTH_BURST if caller.kind == OAUTH else self._switches.number("burst_limit")

    def _over(self, calls: deque[datetime], now: datetime, window_s: int, most: int) -> bool:
        """Whether a window is full, after forgetting what has left it."""
        while calls and (calls[0] <= now - timedelta(seconds=window_s) or len(calls) > most):
            calls.popleft()
        return bool(self._switches.rate_limited) and len(calls) >= most

    def _too_fast(self) -> Refusal:
        policy = str(self._switches.burst_policy)
        message, headers = _MESSAGES[policy], self._retry_after()
        named: dict[str, Any] = {"errorType": "RATE_LIMIT", "policyName": policy}
        return Refusal(429, message, headers=headers, **named, groupName=_GROUP)

    def _daily(self) -> Refusal:
        named: dict[str, Any] = {"errorType": "RATE_LIMIT", "policyName": "DAILY"}
        return Refusal(429, _DAILY, headers=self._retry_after(), **named, requestId=_REQUEST)

    def _retry_after(self) -> dict[str, str]:
        seconds = self._switches.number("retry_after")
        return {"Retry-After": str(seconds)} if seconds else {}

    def _headers(self, caller: Caller, used: int) -> dict[str, str]:
        """What a caller sees, recorded 2022 and 2026-03; the secondly pair is not enforced, nor daily told to OAuth.

        Without a limit the window is always empty, or a polite client would wait for nothing.
        """
        most = self._burst(caller)
        used = used if self._switches.rate_limited else 1
        told = {
            "Interval-Milliseconds": BURST_S * 1000,
            "Max": most,
            "Remaining": max(0, most - used),
            "Secondly": most // 10,
            "Secondly-Remaining": most // 10 - 1,
        }
        if caller.kind != OAUTH:
            told |= {"Daily": self._a_day(), "Daily-Remaining": max(0, self._a_day() - self.today)}
        return {f"X-HubSpot-RateLimit-{name}": str(value) for name, value in told.items()}


_BUDGETS: Mapping[str, Callable[[Limits, datetime, Caller], dict[str, str]]] = {
    "search": Limits._search,
    "associations": Limits._associations,
    "general": Limits._general,
}
