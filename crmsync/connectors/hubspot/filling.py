"""How many records fill each property of an object: a search each, of which only the total counts.

A search costs a call of the budget of searches (5 a second), so only properties are counted that people can fill:
what HubSpot works out or keeps itself says nothing of how a portal is used. Search lags by seconds behind a write,
which does not matter here: developers.hubspot.com, Search the CRM (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from crmsync.connectors.abilities import Filled
from crmsync.connectors.base import ASSOCIATION_PREFIX
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.searching import count_of
from crmsync.core.records import Schema
from crmsync.errors import Refused


def filled(api: Api, schema: Schema, leave_out: Collection[str]) -> Iterator[Filled]:
    """Every property that people can fill, but those left out, in order of name."""
    total = count_of(api, schema.object)
    for name, native in sorted(schema.fields.items()):
        if name in leave_out or not native.writable or name.startswith(ASSOCIATION_PREFIX):
            continue
        try:
            told = count_of(api, schema.object, {"propertyName": name, "operator": "HAS_PROPERTY"})
        except Refused:
            # A property that search does not take cannot be counted, and nothing follows from that.
            continue
        yield Filled(name, told, total)
