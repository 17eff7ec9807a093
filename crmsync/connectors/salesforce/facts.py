"""The facts of an org, as far as the settings ask for them: activities, campaigns, histories, calendars.

| setting | default | leaves out |
|---|---|---|
| `activities_days` | 400 | tasks and events older than that; 0: all of them |
| `history_days` | 730 | field history older than that; 0: all of it |
| `campaigns` | true | false: campaigns and their members |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crmsync.connectors.facts import Fact
from crmsync.connectors.salesforce.activities import activity_sources
from crmsync.connectors.salesforce.calendars import calendar_sources
from crmsync.connectors.salesforce.campaigns import campaign_sources
from crmsync.connectors.salesforce.histories import HISTORY_OF, history_sources
from crmsync.connectors.salesforce.sources import Org, Source, left_out, read_source
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


def read_facts(
    org: Org, wanted: Mapping[str, frozenset[str]], depth: Depth, now: datetime
) -> Iterator[Fact]:
    """Every source of facts, in a fixed order; a source the settings leave out says so."""
    for source, why in _sources(org, wanted, depth, now):
        if why:
            yield left_out(source.table, source.columns, why)
        else:
            yield from read_source(org, source)


def _sources(
    org: Org, wanted: Mapping[str, frozenset[str]], depth: Depth, now: datetime
) -> Iterator[tuple[Source, str]]:
    """Every source, and why it is left out, "" if it is not."""
    off = "" if depth.activities_days else "left out by activities_days: 0"
    for source in activity_sources(_since(now, depth.activities_days)):
        if not (off and source.optional):
            yield source, off
    for source in (*campaign_sources(), *calendar_sources()):
        is_off = not depth.campaigns and source.table.startswith("_campaign")
        yield source, "left out by campaigns: false" if is_off else ""
    off = "" if depth.history_days else "left out by history_days: 0"
    for object_ in sorted(wanted.keys() & HISTORY_OF.keys()):
        described = org.describe(object_)
        for source in history_sources(
            object_, wanted[object_], described, _since(now, depth.history_days)
        ):
            yield source, off


def _since(now: datetime, days: int) -> str:
    """The first moment of the day that many days ago, UTC, as a literal of SOQL."""
    day = (now.astimezone(UTC) - timedelta(days=days)).date()
    return f"{day.isoformat()}T00:00:00Z"
