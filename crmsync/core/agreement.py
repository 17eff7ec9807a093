"""What both teams have agreed on, as far as the first figures ask for it: the form of `agreement:` in crmsync.yml.

    agreement:
      within_minutes: 5                    a lead is answered in time
      days: 90                             hand-offs of so many days are counted
      handoff: later                       of MQL and owner; or mql, or owner
      voicemail: call_and_voicemail        or voicemail_only: what a call that ended there counts for
      timezone: Europe/Madrid              of the hours; default: the workspace's
      hours: {mon-fri: ["09:00-18:00"]}    where neither owner nor system has any; without it nothing is assumed
      holidays: ["2026-12-08"]
      outcomes: {"Volverá a llamar": connected}

Must not know: how anything is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from crmsync.core.worktime import DAY, Calendar, Closure

Meaning: TypeAlias = Literal[
    "connected",
    "voicemail",
    "message",
    "no_answer",
    "busy",
    "wrong_number",
    "held",
    "no_show",
    "failed",
    "nothing",
]
"""What an outcome means, whatever a portal calls it; `nothing` says nobody was reached and nothing else."""
_STRICT = {"extra": "forbid"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Agreement:
    """The numbers and rules of a workspace, each with its default. Hours are a text for each part of the week."""

    __pydantic_config__ = _STRICT
    within_minutes: int = 5
    days: int = 90
    convert_days: int = 90
    handoff: Literal["later", "mql", "owner"] = "later"
    voicemail: Literal["call_and_voicemail", "voicemail_only"] = "call_and_voicemail"
    sequences: bool = False
    late_minutes: int = 15
    bulk: int = 10
    outcomes: dict[str, Meaning] = field(default_factory=dict)
    robots: list[str] = field(default_factory=list)
    timezone: str = ""
    hours: dict[str, list[str]] = field(default_factory=dict)
    holidays: list[str] = field(default_factory=list)

    def calendar(self, zone: str) -> Calendar | None:
        """The agreed hours in a zone, or their own one; None where no hours are agreed. They have been checked."""
        if not self.hours:
            return None
        closures = tuple(Closure(date.fromisoformat(day)) for day in self.holidays)
        return Calendar("agreement", self.timezone or zone, tuple(weekly_of(self.hours)), closures)


def weekly_of(hours: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, int, int]]:
    """(weekday, from, until) of `{mon-fri: ["09:00-14:00", "15:00-18:30"]}`; ValueError for what is no such thing."""
    for days, spans in hours.items():
        numbers = weekdays_of(days)
        for span in spans:
            starts, ends = span_of(span)
            yield from ((number, starts, ends) for number in numbers)


def weekdays_of(days: str) -> list[int]:
    """The weekdays of `mon-fri` or `sat`, 1 for Monday; ValueError for others."""
    first, _, last = days.strip().lower().partition("-")
    from_, until = WEEKDAYS.index(first.strip()), WEEKDAYS.index((last or first).strip())
    if until < from_:
        raise ValueError(days)
    return list(range(from_ + 1, until + 2))


def span_of(text: str) -> tuple[int, int]:
    """The minutes of `09:00-18:00`, up to 24:00; ValueError for what is no span or ends before it begins."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hour, minute, to_hour, to_minute = map(int, found.groups())
    starts, ends = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or not starts < ends <= DAY:
        raise ValueError(text)
    return starts, ends
