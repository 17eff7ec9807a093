"""The ways into a portal, in the order in which they are advised, and what each of them needs.

| way | settings | renewed |
|---|---|---|
| service key, or an existing private app's token | `token` | needs not: it has no end |
| OAuth app | `client_id`, `client_secret`, `refresh_token` | yes, every half hour |

Private apps cannot be made any more since 2026-10-26, and end in September 2027: changelog, legacy private
apps (read 2026-11). Knows settings only, and asks no portal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from crmsync.connectors.settings import problem_of
from crmsync.connectors.ways import (
    Marks,
    Way,
    idle_settings,
    missing_settings,
    two_ways,
    without_other_ways,
)
from crmsync.errors import Problem

TOKEN = "service key"  # noqa: S105  # the name of a way, no secret
OAUTH = "OAuth app"

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        way.name: way
        for way in (
            Way(TOKEN, (("token",),)),
            Way(OAUTH, (("client_id",), ("client_secret",), ("refresh_token",))),
        )
    }
)
CREDENTIALS = tuple(sorted(frozenset().union(*(way.settings for way in WAYS.values()))))
_MARKS: Marks = ((("token",), TOKEN), (("refresh_token", "client_secret", "client_id"), OAUTH))
_KEEP_ONE = "keep one: a service key is `token` alone; an OAuth app is the other three"
_GIVE = "give `token` (a service key), or `client_id`, `client_secret` and `refresh_token` (an OAuth app)"
# API keys ended on 2022-11-30: changelog, API key sunset (read 2026-11). They were UUIDs.
_API_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def way_of(given: Mapping[str, str]) -> str:
    """The name of the way that settings are meant for; a service key where nothing tells."""
    return next((way for names, way in _MARKS if any(each in given for each in names)), TOKEN)


def only_writing(given: Mapping[str, str], writing: frozenset[str]) -> dict[str, str]:
    """Settings without the credentials of another way than the one that is given for writing."""
    if not writing:
        return dict(given)
    way = WAYS[way_of({name: given[name] for name in writing})]
    return without_other_ways(given, writing, way, CREDENTIALS)


def complaints(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    """What does not fit together among credentials, each with what helps."""
    several = list(two_ways(system, given, _MARKS, _KEEP_ONE))
    if several:
        yield from several
        return
    way = WAYS[way_of(given)]
    yield from missing_settings(system, way, given, CREDENTIALS, _GIVE)
    yield from idle_settings(system, way, given, CREDENTIALS)
    if _API_KEY.fullmatch(given.get("token", "")):
        message = "`token` is an API key, and HubSpot ended those in 2022"
        remedy = "make a service key (Settings > Integrations > Service Keys)"
        yield problem_of(system, message, remedy, "token")
