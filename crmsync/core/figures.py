"""The first figures of the agreement: how long hand-offs waited, and what became of them.

A wait is a number of seconds, NEVER for who was not reached in time to be counted as reached at all, and those whose
times nobody knows are counted apart: they are neither quick nor slow. What is counted is a hand-off (an episode), not a
person: docs/figures.md has each number's definition.

| number | of |
|---|---|
| mean, median, p90 of `touched` | those who were touched |
| median, p90 of `eligible` | all; None where it falls on somebody who was never touched |
| within, bands, never | all |
| not measurable | all and those without a time |

Percentiles are the nearest rank: a wait that somebody had. Must not know: where waits come from, or how they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import ceil
from typing import Literal, TypeAlias

NEVER = float("inf")
Counted: TypeAlias = Sequence[tuple[float, int]]
"""Waits in seconds and how often each was had; NEVER for who is waiting still."""
Clock: TypeAlias = Literal["raw", "business"]
Lag: TypeAlias = Literal["marketing", "routing", "rep", "reach"]
LAGS: tuple[Lag, ...] = ("marketing", "routing", "rep", "reach")
"""Raise to MQL, MQL to owner, hand-off to first attempt, first attempt to contact."""
BANDS = (5, 15, 60)
"""Where bands end, in minutes; the last has no end."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long `n` of them waited, in seconds; None where there is nobody to say it of."""

    n: int
    mean: float | None = None
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    """How soon hand-offs were answered, by one clock, of a system and an owner or of all ("").

    `eligible` are all that could be measured, `touched` those of them that were. `bands` count by BANDS, `within`
    those in the agreed time. `unmeasured` could not be measured: they are in no other number.
    """

    clock: Clock
    system: str
    owner: str
    eligible: int
    touched: Waits
    all: Waits
    within: int
    bands: tuple[int, ...]
    never: int
    unmeasured: int = 0
    waiting: int = 0

    @property
    def share_within(self) -> float | None:
        """The share of all that were answered in the agreed time; never touched is not in time."""
        return self.within / self.eligible if self.eligible else None

    @property
    def share_never(self) -> float | None:
        """The share of all that nobody has touched."""
        return self.never / self.eligible if self.eligible else None

    @property
    def share_unmeasured(self) -> float | None:
        """The share of hand-offs whose wait nobody can tell."""
        whole = self.eligible + self.unmeasured
        return self.unmeasured / whole if whole else None


@dataclass(frozen=True, slots=True)
class LagTime:
    """How long one part of the way took; `unmeasured` have one end of it, and no time of the other."""

    lag: Lag
    waits: Waits
    unmeasured: int = 0


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many went on from a stage to a later one. Two rates that are no comparison of each other.

    Snapshot: `converted` in the period over `entered` in the period, whoever they are. Cohort: of the `matured`, who
    entered in a period of the same length that ended `days` ago, how many had gone on within `days` of their entry.
    `unmeasured` entered at a time that nobody knows.
    """

    from_stage: str
    to_stage: str
    entered: int
    converted: int
    matured: int
    matured_converted: int
    days: int
    unmeasured: int = 0

    @property
    def snapshot(self) -> float | None:
        """Conversions dated in the period by entries dated in the period."""
        return self.converted / self.entered if self.entered else None

    @property
    def cohort(self) -> float | None:
        """Of the entries that are old enough, the share that went on in time."""
        return self.matured_converted / self.matured if self.matured else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of hand-offs, each counted once: `undecided` are accepted or rejected by nobody yet."""

    handoffs: int = 0
    accepted: int = 0
    rejected: int = 0
    recycled: int = 0

    @property
    def undecided(self) -> int:
        """Hand-offs that nobody has accepted, rejected or sent back."""
        return self.handoffs - self.accepted - self.rejected - self.recycled


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of an audit. `days` is the period that ends with the audit; `why_not` says why there are none.

    `raised_by` is the stage a hand-off begins with. `early` were touched before they were handed off, `without_owner`
    have nobody to hand them to, `undated` became MQLs nobody knows when, in this period or long ago. `attempts` count
    by channel, `contacts` are conversations and answers. `notes` are messages of the catalogue with what their
    {placeholders} stand for; `owners` are names by system and id.
    """

    days: int = 0
    within_minutes: int = 5
    raised_by: str = ""
    speeds: tuple[Speed, ...] = ()
    lags: tuple[LagTime, ...] = ()
    outcome: Outcome = Outcome()
    conversions: tuple[Conversion, ...] = ()
    handoffs: int = 0
    without_owner: int = 0
    early: int = 0
    undated: int = 0
    attempts: Mapping[str, int] = field(default_factory=dict)
    contacts: int = 0
    notes: tuple[tuple[str, Mapping[str, str]], ...] = ()
    owners: Mapping[tuple[str, str], str] = field(default_factory=dict)
    why_not: str = ""


def speed_of(
    counted: Iterable[tuple[float, int]],
    within_s: float,
    unmeasured: int = 0,
    waiting: int = 0,
    place: tuple[Clock, str, str] = ("raw", "", ""),
) -> Speed:
    """The figures of some waits; `place` says whose they are: clock, system, owner."""
    waits = _together(counted)
    touched = [each for each in waits if each[0] != NEVER]
    eligible = _number(waits)
    edges = [-1.0, *(minutes * 60.0 for minutes in BANDS), NEVER]
    bands = [_number(w for w in touched if low < w[0] <= high) for low, high in pairwise(edges)]
    return Speed(
        *place,
        eligible=eligible,
        touched=waits_of(touched),
        all=Waits(eligible, None, _finite(quantile(waits, 0.5)), _finite(quantile(waits, 0.9))),
        within=_number([each for each in touched if each[0] <= within_s]),
        bands=tuple(bands),
        never=eligible - _number(touched),
        unmeasured=unmeasured,
        waiting=waiting,
    )


def waits_of(counted: Iterable[tuple[float, int]]) -> Waits:
    """Number, mean, median and 90th percentile of waits that are over."""
    waits = _together(counted)
    number = _number(waits)
    if not number:
        return Waits(0)
    mean = sum(wait * times for wait, times in waits) / number
    return Waits(number, mean, quantile(waits, 0.5), quantile(waits, 0.9))


def quantile(waits: Counted, share: float) -> float | None:
    """The smallest wait that at least this share did not exceed, of waits in order; None of nobody."""
    number = _number(waits)
    if not number:
        return None
    rank = max(ceil(share * number), 1)
    reached = accumulate(times for _, times in waits)
    return next(wait for (wait, _), so_far in zip(waits, reached, strict=True) if so_far >= rank)


def _together(counted: Iterable[tuple[float, int]]) -> list[tuple[float, int]]:
    """Waits in order, each once."""
    found: dict[float, int] = {}
    for wait, times in counted:
        found[wait] = found.get(wait, 0) + times
    return sorted(found.items())


def _number(waits: Iterable[tuple[float, int]]) -> int:
    return sum(times for _, times in waits)


def _finite(wait: float | None) -> float | None:
    return None if wait == NEVER else wait
