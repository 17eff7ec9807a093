"""The story of one customer's lifecycle: where they stand by all systems and by each, and what is known of how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from crmsync.core.records import Ref
from crmsync.core.standing import Standing

Precision: TypeAlias = Literal["instant", "day", "upper_bound", "unknown"]


@dataclass(frozen=True, slots=True)
class When:
    """A time as well as it is known: an instant in UTC, a day, an instant it was before, or nothing."""

    precision: Precision
    at: datetime | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class SystemStanding:
    """Where a customer stands by one system. `how` says from what that follows, or why nothing does."""

    system: str
    current: str | None
    peak: str | None
    disposition: str | None
    text: str | None
    how: str
    since: When
    evidence: Ref


@dataclass(frozen=True, slots=True)
class StageEvent:
    """Somebody entered or left a stage, or was sent back, by the word of one system."""

    system: str
    stage: str | None
    kind: str
    source: str
    when: When
    evidence: Ref


@dataclass(frozen=True, slots=True)
class LifecycleStory:
    """One customer's standing, what each system says, and the events, oldest first and those without a time last."""

    key: str
    standing: Standing
    by_system: tuple[SystemStanding, ...]
    events: tuple[StageEvent, ...]
