"""How fast a portal may be asked: a rolling window for each budget that HubSpot counts by.

| budget | calls | at most, until headers say otherwise | who shares it |
|---|---|---|---|
| general | all others | 100 in 10 s: the smallest there is | the token |
| search | `POST objects/X/search` | 5 in 1 s; no headers ever | the account |
| associations | `POST associations/batch/...` | 100 in 10 s, more in bigger plans; headers tell none | the account |

developers.hubspot.com, usage guidelines, associations and search guides; recordings of 2022 and 2026 (read 2026-11).

A bucket of N that is refilled by N/10 a second lets 2N through within ten seconds, so calls are counted one by one. A
place is taken before a call is sent, also one in the future, in the order in which threads come; it is given back when
the window has passed since the *answer*, because HubSpot counts when a request arrives and nobody here knows when that
was. So an answer that takes long makes others wait longer than they were told: who waited looks again before
it goes. Headers tell of calls that others made with this token, and of those that HubSpot does not count. Who is turned
away all the same holds back all other threads that have calls of that budget.

Must not know: how anybody waits. Any number of threads may ask.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import takewhile

from crmsync.connectors.budget import whole
from crmsync.connectors.calls import Turn


@dataclass(frozen=True, slots=True)
class Budget:
    """Calls that are counted together: how many in how many seconds; `told` if headers of answers say it better."""

    labels: str
    most: int
    window_s: float
    told: bool = False


BUDGETS: Mapping[str, Budget] = {
    "search": Budget(r"POST objects/[^/]+/search", 5, 1.0),
    "associations": Budget(r"POST associations/batch/\w+", 100, 10.0),
    "general": Budget(r".*", 100, 10.0, told=True),
}

# Calls to association batches in ten seconds go by the account's plan, which the general window shows: 100 Free and
# Starter, 150 from Professional on (general 190), 200 with the add-on (general 200 or 250): guide to associations (read
# 2026-11). An app of many accounts has 110 everywhere, so it shows no plan.
_ASSOCIATIONS_BY_GENERAL = ((191, 200), (111, 150), (0, 100))


@lru_cache(maxsize=256)  # labels are few: none has an id in it
def budget_of(label: str) -> str:
    """The budget that a call counts for, by the label it has for the meter."""
    return next(name for name, each in BUDGETS.items() if re.fullmatch(each.labels, label))


class Pacer:
    """Takes turns for calls. `tick` is a clock that only goes on."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._windows = {name: _Window(each, tick) for name, each in BUDGETS.items()}
        self._windows["general"].hears_of(self._see_plan)

    def __call__(self, label: str) -> Turn:
        """A turn for a call of that label."""
        return self._windows[budget_of(label)].take()

    def hold(self, label: str, seconds: float) -> None:
        """No further call of that label's budget goes for so long: one was turned away."""
        self._windows[budget_of(label)].hold(seconds)

    def _see_plan(self, general: int) -> None:
        most = next(most for least, most in _ASSOCIATIONS_BY_GENERAL if general >= least)
        self._windows["associations"].allow(most)


class _Window:
    """The calls of one budget within its window, and how many more of others HubSpot counts.

    Calls are numbered as they come. `open` ones have no answer yet, by number with the moment of their place, of
    which those that `sent` names need not wait any more; `answered` ones are kept as (when their place is free,
    number), in that order.
    """

    def __init__(self, budget: Budget, tick: Callable[[], float]) -> None:
        self._tick = tick
        self._told = budget.told
        self._most, self._window_s = budget.most, budget.window_s
        self._lock = threading.Lock()
        self._open: dict[int, float] = {}
        self._sent: set[int] = set()
        self._answered: deque[tuple[float, int]] = deque()
        self._last_number, self._last_at = 0, 0.0
        self._heard = 0  # number of the call whose headers are the newest
        self._others, self._others_until = 0, 0.0
        self._held_until, self._held_by = 0.0, 0
        self._told_of: Callable[[int], None] = lambda _most: None

    def hears_of(self, told: Callable[[int], None]) -> None:
        """From now on, `told` hears how many calls headers allow."""
        self._told_of = told

    def allow(self, most: int) -> None:
        """From now on so many calls are allowed."""
        with self._lock:
            self._most = most

    def hold(self, seconds: float) -> None:
        """No place is free for so long, also for those who wait for theirs. Who says so waits by itself."""
        with self._lock:
            until = self._tick() + seconds
            if until > self._held_until:
                self._held_until, self._held_by = until, threading.get_ident()

    def take(self) -> Turn:
        """The first place that is free, behind those that are taken already."""
        with self._lock:
            now = self._tick()
            self._last_number += 1
            number = self._last_number
            at = self._place(number, max(now, self._last_at), now)
            return Turn(at - now, partial(self._end, number), partial(self._again, number))

    def _again(self, number: int) -> float:
        """Seconds still to wait for a call whose place has come; 0 if it goes now."""
        with self._lock:
            now = max(self._tick(), self._open.pop(number))
            return self._place(number, now, now) - now

    def _place(self, number: int, first: float, now: float) -> float:
        """Takes the first free place of a call, from a moment on."""
        self._forget(now)
        if self._held_by != threading.get_ident():
            first = max(first, self._held_until)
        ends = self._ends(number, now)
        at = next(one for one in self._moments(first, ends) if self._used(one, ends) < self._most)
        self._open[number], self._last_at = at, max(self._last_at, at)
        if at <= now:
            self._sent.add(number)
        return at

    def _forget(self, now: float) -> None:
        while self._answered and self._answered[0][0] <= now:
            self._answered.popleft()

    def _ends(self, number: int, now: float) -> list[float]:
        """When open calls leave that go before this one; one that was sent may arrive this very moment."""
        return [
            (max(at, now) if one in self._sent else at) + self._window_s
            for one, at in self._open.items()
            if one < number or one in self._sent
        ]

    def _moments(self, first: float, open_ends: Sequence[float]) -> Iterator[float]:
        """When a place may be free: at once, or when others leave. After the last of them nothing is counted."""
        yield first
        ends = {*open_ends, *(free_at for free_at, _ in self._answered), self._others_until}
        yield from sorted(end for end in ends if end > first)

    def _used(self, moment: float, open_ends: Sequence[float]) -> int:
        """How many calls are counted then."""
        open_ = sum(end > moment for end in open_ends)
        gone = sum(1 for _ in takewhile(lambda each: each[0] <= moment, self._answered))
        ours = open_ + len(self._answered) - gone
        return ours + (self._others if self._others_until > moment else 0)

    def _after(self, number: int) -> list[tuple[float, int]]:
        """The answered calls that came after one. They are answered nearly in order, so few are looked at."""
        return list(takewhile(lambda each: each[1] > number, reversed(self._answered)))

    def _end(self, number: int, headers: Mapping[str, str]) -> None:
        with self._lock:
            now = max(self._tick(), self._open.pop(number))
            self._sent.discard(number)
            if self._told and number > self._heard:
                self._hear(number, headers, now)
            self._answered.append((now + self._window_s, number))

    def _hear(self, number: int, headers: Mapping[str, str], now: float) -> None:
        """Takes HubSpot's word for how many calls it counts; those without an answer it may not have seen yet."""
        names = ("max", "remaining", "interval-milliseconds")
        most, left, window_ms = (
            whole(headers.get(f"x-hubspot-ratelimit-{each}")) for each in names
        )
        if not most or left is None or not window_ms:
            return
        self._forget(now)
        if most != self._most:
            self._told_of(most)
        self._most, self._window_s, self._heard = most, window_ms / 1000, number
        older = len(self._answered) - len(self._after(number))
        others = most - left - (older + 1)
        if others < 0:
            self._leave(min(-others, older))
        self._others, self._others_until = max(others, 0), now + self._window_s

    def _leave(self, number: int) -> None:
        """Gives back the oldest places: HubSpot had those calls before we had their answers, or never counts them."""
        for _ in range(number):
            self._answered.popleft()
