"""The facts of an org, as far as the settings ask for them: activities, campaigns, histories, calendars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from crmsync.connectors.facts import Fact
from crmsync.connectors.salesforce.activities import activity_sources
from crmsync.connectors.salesforce.calendars import calendar_sources
from crmsync.connectors.salesforce.campaigns import campaign_sources
from crmsync.connectors.salesforce.depth import Depth
from crmsync.connectors.salesforce.histories import HISTORY_OF, history_sources
from crmsync.connectors.salesforce.sources import Org, Source, left_out, read_source


def read_facts(
    org: Org, wanted: Mapping[str, frozenset[str]], depth: Depth, now: datetime
) -> Iterator[Fact]:
    """Every source of facts, in a fixed order; a source the settings leave out says so."""
    for source, why in _sources(org, wanted, depth, now):
        if why:
            yield left_out(source, why)
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
