"""The connector's sync rules, one field at a time: which side gets which value.

Knowledge Base, Map HubSpot properties to Salesforce fields (updated 2026-03-27, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a field: its value, what it was at the last sync (None: never), when its record changed."""

    value: str
    before: str | None
    at: datetime

    @property
    def changed(self) -> bool:
        """Whether it is another value than at the last sync."""
        return self.before is not None and self.value != self.before


# What HubSpot and what Salesforce is to get; None leaves a side as it is.
News = tuple[str | None, str | None]
_NOTHING: News = (None, None)


def settled(rule: str, hubspot: Side, salesforce: Side) -> News:
    """The values that go over by a rule; KeyError for a rule there is not."""
    return _RULES[rule](hubspot, salesforce)


def _prefer(hubspot: Side, salesforce: Side) -> News:
    """HubSpot's goes over only where Salesforce has none."""
    told = _always(hubspot, salesforce)
    if told == _NOTHING and hubspot.value and not salesforce.value:
        return None, hubspot.value
    return told


def _always(hubspot: Side, salesforce: Side) -> News:
    """Salesforce's value overwrites, and one deleted there is deleted in HubSpot."""
    deleted = salesforce.changed and not salesforce.value
    if hubspot.value != salesforce.value and (salesforce.value or deleted):
        return salesforce.value, None
    return _NOTHING


def _two_way(hubspot: Side, salesforce: Side) -> News:
    """The most recent value overwrites the other, a deletion too."""
    if hubspot.value == salesforce.value:
        return _NOTHING
    if hubspot.before is None or salesforce.before is None:
        return _first_time(hubspot, salesforce)
    if hubspot.changed == salesforce.changed:
        return _newest(hubspot, salesforce) if hubspot.changed else _NOTHING
    return (None, hubspot.value) if hubspot.changed else (salesforce.value, None)


def _first_time(hubspot: Side, salesforce: Side) -> News:
    if not hubspot.value or not salesforce.value:
        return (salesforce.value, None) if salesforce.value else (None, hubspot.value)
    return _newest(hubspot, salesforce)


def _newest(hubspot: Side, salesforce: Side) -> News:
    later = hubspot.at > salesforce.at
    return (None, hubspot.value) if later else (salesforce.value, None)


PREFER, ALWAYS, TWO_WAY, NEVER = "prefer-salesforce", "always-salesforce", "two-way", "dont-sync"
_RULES: Mapping[str, Callable[[Side, Side], News]] = {
    PREFER: _prefer,
    ALWAYS: _always,
    TWO_WAY: _two_way,
    NEVER: lambda hubspot, salesforce: _NOTHING,
}
RULES = tuple(_RULES)
