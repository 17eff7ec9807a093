"""The ways into an org, in the order in which they are advised, and what each of them needs.

| way | settings | renewed |
|---|---|---|
| client credentials | `client_id`, `client_secret` | yes |
| JWT bearer | `client_id`, `username`, `private_key_file` or `private_key` | yes |
| session token | `token` | no |
| OAuth username-password | `client_id`, `client_secret`, `username`, `password` | yes, until Salesforce ends it |
| SOAP login | `username`, `password` | yes, until Salesforce ends it |

What tells the ways apart is the private key, the password and the token: two of them are two ways.
Knows settings only, and asks no org.
"""

from __future__ import annotations

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
from crmsync.language import N_

CLIENT_CREDENTIALS = "client credentials"
JWT = "JWT bearer"
TOKEN = "session token"  # noqa: S105  # the name of a way, no secret
PASSWORD = "username-password"  # noqa: S105  # as above
SOAP = "SOAP login"

# OAuth username-password: blocked in orgs made since Summer '23, and not offered to external client
# apps: help.salesforce.com, Block Authorization Flows to Improve Security, and 000886201 of March 2026
# (read 2026-11). SOAP login(): gone from API 65.0 on, retired for 31.0 to 64.0 with Summer '27:
# help.salesforce.com 005132110 (read 2026-11).
ENDS_PASSWORD = N_(
    "signs in with username and password: Salesforce blocks this in orgs made since Summer '23 and is "
    "deprecating it. Use client credentials or JWT (docs/connectors.md)."
)
ENDS_SOAP = N_(
    "signs in with username and password by SOAP login(): it is off in new orgs and ends everywhere with "
    "Summer '27. Use client credentials or JWT (docs/connectors.md)."
)

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        way.name: way
        for way in (
            Way(CLIENT_CREDENTIALS, (("client_id",), ("client_secret",))),
            Way(
                JWT,
                (("client_id",), ("username",), ("private_key_file", "private_key")),
                ("private_key_passphrase", "audience"),
            ),
            Way(TOKEN, (("token",),)),
            Way(
                PASSWORD,
                (("client_id",), ("client_secret",), ("username",), ("password",)),
                ("security_token",),
                ENDS_PASSWORD,
            ),
            Way(SOAP, (("username",), ("password",)), ("security_token",), ENDS_SOAP),
        )
    }
)
CREDENTIALS = tuple(sorted(frozenset().union(*(way.settings for way in WAYS.values()))))
SECRET = tuple(name for name in CREDENTIALS if name not in ("audience", "private_key_file"))
# What may hold blanks and letters of any alphabet; everything else of SECRET is one plain word.
FREE = ("password", "private_key", "private_key_passphrase", "username")

_MARKS: Marks = (
    (("private_key_file", "private_key"), JWT),
    (("token",), TOKEN),
    (("password", "security_token"), PASSWORD),
)


def way_of(given: Mapping[str, str]) -> str:
    """The name of the way that settings are meant for; client credentials where nothing tells."""
    marked = [name for names, name in _MARKS if any(each in given for each in names)]
    way = marked[0] if marked else CLIENT_CREDENTIALS
    is_soap = way == PASSWORD and not ("client_id" in given or "client_secret" in given)
    return SOAP if is_soap else way


def only_writing(given: Mapping[str, str], writing: frozenset[str]) -> dict[str, str]:
    """Settings without the credentials of another way than the one that is given for writing.

    `writing` names the credentials that have a `_write` form; a read credential of another way goes.
    """
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
    if all(name in given for name in ("private_key_file", "private_key")):
        message = "`private_key_file` and `private_key` are both given"
        yield problem_of(system, message, "keep one of them", "private_key")
    way = WAYS[way_of(given)]
    yield from missing_settings(system, way, given, CREDENTIALS, _GIVE)
    yield from idle_settings(system, way, given, CREDENTIALS)


_KEEP_ONE = "keep one: the key (JWT) or the token; best is `client_id` with `client_secret` alone"
_GIVE = (
    "give `url` with `client_id` and `client_secret`, or with `client_id`, `username` and"
    " `private_key_file`, or with `token`"
)
