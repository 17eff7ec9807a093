"""How far back the facts of an org are read, by its settings.

| setting | default | leaves out |
|---|---|---|
| `activities_days` | 400 | tasks and events older than that; 0: all, none is read |
| `history_days` | 730 | field history older than that; 0: all, none is read |
| `campaigns` | true | false: campaigns and their members |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crmsync.connectors.depths import day_problems, flag, flag_problems
from crmsync.connectors.settings import Checked
from crmsync.errors import Problem

SETTINGS = ("activities_days", "history_days", "campaigns")
# Field history is kept for 18 months, by the API for 24: help.salesforce.com, Field History Tracking (read 2026-11)
_DEFAULT_DAYS = {"activities_days": 400, "history_days": 730}


@dataclass(frozen=True, slots=True)
class Depth:
    """How many days back activities and histories are read, 0 for not at all; and whether campaigns are."""

    activities_days: int = _DEFAULT_DAYS["activities_days"]
    history_days: int = _DEFAULT_DAYS["history_days"]
    campaigns: bool = True


def depth_problems(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    """What is no number of days, or neither true nor false."""
    yield from flag_problems(system, given, ("campaigns",))
    yield from day_problems(system, given, _DEFAULT_DAYS)


def depth_of(chosen: Checked) -> Depth:
    """The settings, which were checked."""
    days = {name: int(chosen.get(name, str(usual))) for name, usual in _DEFAULT_DAYS.items()}
    return Depth(**days, campaigns=flag(chosen, "campaigns"))
