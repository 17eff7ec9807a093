"""Tokens of a portal: private apps, service keys and OAuth, each with its scopes; kept with the rows.

The token of the world itself is a private app's with every scope, unless the side door gives it fewer.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from crmsync.sandbox.hubspot.callers import OAUTH, Caller
from crmsync.sandbox.hubspot.errors import Refusal
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.tables import Row

# 30 minutes; it was 6 hours in old documents: changelog, expiration of OAuth tokens (read 2026-11).
LIFETIME_S = 1800
STATIC = ("private", "service key")
# Private apps of old accounts could be made until then: changelog, legacy private apps (read 2026-11).
_NO_MORE_PRIVATE_APPS = datetime(2026, 10, 26, tzinfo=UTC)
_TOKENS, _APPS = "~tokens", "~apps"

_UNAUTHENTICATED = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can "
    "find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)


def app_of(world: HubspotWorld) -> dict[str, str]:
    """The OAuth app of a portal: client id and secret, made when first asked for, and its refresh token."""
    row = world.tables.get(_APPS, "app")
    if row is None:
        row = {
            "client_id": "5f1a3c2e-0000-4000-8000-" + secrets.token_hex(6),
            "client_secret": secrets.token_hex(18),
            "refresh_token": _refresh_token(),
        }
        world.tables.put(_APPS, "app", row)
    return {name: str(value) for name, value in row.items()}


def manners_of(world: HubspotWorld) -> Row:
    """What the app was given (`app_scopes`, None for every scope), and whether its refresh token `rotates`."""
    return dict(world.tables.get(_APPS, "manners") or {"app_scopes": None, "rotates": False})


def _refresh_token() -> str:
    return "na1-" + secrets.token_urlsafe(24)


def revoke_refresh_token(world: HubspotWorld) -> None:
    """Makes the app's refresh token worthless; the side door tells the one that takes its place."""
    fresh = {**app_of(world), "refresh_token": _refresh_token()}
    world.tables.put(_APPS, "app", fresh)


def issue(
    world: HubspotWorld,
    kind: str = OAUTH,
    scopes: Iterable[str] | None = None,
    *,
    lifetime_s: int = LIFETIME_S,
    edits_associations: bool = True,
) -> str:
    """A new token; ValueError for a kind there is not, or one that is not made any more."""
    if kind not in (OAUTH, *STATIC):
        raise ValueError(f"no token {kind!r}; there are {', '.join((OAUTH, *STATIC))}")
    now = world.clock.now()
    if kind == "private" and now >= _NO_MORE_PRIVATE_APPS:
        raise ValueError("private apps cannot be made any more; make a service key")
    static = kind in STATIC
    token = "pat-na1-" + secrets.token_hex(16) if static else "C" + secrets.token_urlsafe(60)
    until = None if static else (now + timedelta(seconds=lifetime_s)).isoformat()
    row = {"kind": kind, "scopes": _listed(scopes), "until": until, "edits": edits_associations}
    world.tables.put(_TOKENS, token, row)
    return token


def _listed(scopes: Iterable[str] | None) -> list[str] | None:
    return None if scopes is None else sorted(scopes)


def tokens_of(world: HubspotWorld) -> dict[str, Row]:
    """Every token made so far, with its kind, scopes and end."""
    return dict(world.tables.rows(_TOKENS))


def token_row(world: HubspotWorld, token: str) -> Row | None:
    """What is kept of a token, None for one that is not the portal's."""
    row = world.tables.get(_TOKENS, token)
    if row is None and token == world.token:
        return {"kind": "private", "scopes": None, "until": None, "edits": True}
    return None if row is None or row.get("revoked") else row


def control_tokens(world: HubspotWorld, body: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the side door does with tokens, told in one word each; always tells the app.

    `make` a kind (with `scopes`, `lifetime_s`), `scopes` for a `token`, `app_scopes` for what the app is given from now
    on, `revoke` one, `expire` all of OAuth, and `new_refresh_token`; `rotates`: every refresh brings another one.
    """
    told = dict(body or {})
    answer: dict[str, Any] = {}
    if told.get("make"):
        named = {
            key: told[key] for key in ("scopes", "lifetime_s", "edits_associations") if key in told
        }
        answer["token"] = issue(world, str(told["make"]), **named)
    elif "scopes" in told:
        token = str(told.get("token") or world.token)
        row = token_row(world, token)
        if row is None:
            raise ValueError("the portal has no such token")
        world.tables.put(_TOKENS, token, {**row, "scopes": _listed(told["scopes"])})
    if {"app_scopes", "rotates"} & told.keys():
        fresh = {name: told.get(name, now) for name, now in manners_of(world).items()}
        world.tables.put(_APPS, "manners", fresh)
    if told.get("revoke"):
        world.tables.put(
            _TOKENS, str(told["revoke"]), {"kind": OAUTH, "revoked": True, "until": None}
        )
    if told.get("expire"):
        _expire_all(world)
    if told.get("new_refresh_token"):
        revoke_refresh_token(world)
    return {**answer, **app_of(world)}


def _expire_all(world: HubspotWorld) -> None:
    now = world.clock.now().isoformat()
    for token, row in world.tables.rows(_TOKENS):
        if row.get("until"):
            world.tables.put(_TOKENS, token, {**row, "until": min(row["until"], now)})


def caller_of(world: HubspotWorld, authorization: str, version: str) -> Caller:
    """Who calls; Refusal 401 in one of its shapes for a token that is none, or not any more."""
    scheme, _, token = authorization.partition(" ")
    row = token_row(world, token) if scheme.lower() == "bearer" else None
    if token == "access-token":  # noqa: S105  (what people leave in an example)
        # A literal taken from an example is "expired 19884 days ago": hubspot-api-php issue 363 (read 2026-11).
        raise _expired(datetime.fromtimestamp(0, UTC), world.clock.now())
    if row is None:
        # Header seen in 2022: hubspot-api-ruby issue 181 (read 2026-11).
        headers = {"x-hubspot-auth-failure": "401 Unauthorized"}
        raise Refusal(401, _UNAUTHENTICATED, "INVALID_AUTHENTICATION", headers=headers)
    until = datetime.fromisoformat(row["until"]) if row["until"] else None
    if until is not None and until <= world.clock.now():
        raise _expired(until, world.clock.now())
    scopes = None if row["scopes"] is None else frozenset(row["scopes"])
    return Caller(token, row["kind"], scopes, row.get("edits", True), version)


def _expired(until: datetime, now: datetime) -> Refusal:
    """The space in the context's key is the real one: airbyte issue 74726 (read 2026-11)."""
    gone = now - until
    ago = f"{gone.days} day(s)" if gone.days else f"{gone.seconds} second(s)"
    at = until.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    return Refusal(
        401,
        f"The OAuth token used to make this call expired {ago} ago.",
        "EXPIRED_AUTHENTICATION",
        context={"expire time": [at]},
    )
