"""OAuth of the portal: tokens by code and by refresh token, on the old endpoint and its two successors.

The old one ends on 2027-02-16: changelog, v1 OAuth API deprecation (read 2026-11).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crmsync.sandbox.hubspot.callers import OAUTH
from crmsync.sandbox.hubspot.ends import has_ended
from crmsync.sandbox.hubspot.scopes import EVERY
from crmsync.sandbox.hubspot.tokens import (
    LIFETIME_S,
    app_of,
    control_tokens,
    issue,
    manners_of,
    revoke_refresh_token,
    token_row,
)
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.tables import Row

_CODES = "~codes"
_USER_ID = 9_000_001
Form = dict[str, str]


class _Refused(Exception):
    """An OAuth error: RFC 6749's words and HubSpot's older ones side by side."""

    def __init__(self, error: str, status: str, message: str) -> None:
        super().__init__(message)
        # Changelog, standardized OAuth error responses (read 2026-11).
        self.body = {
            "error": error,
            "error_description": message,
            "status": status,
            "message": message,
        }


def new_code(world: HubspotWorld, redirect_uri: str) -> dict[str, str]:
    """A code as a person brings it back from the page where an app is allowed; good for one token."""
    code = "na1-" + secrets.token_hex(8)
    world.tables.put(_CODES, code, {"redirect_uri": redirect_uri})
    return {"code": code}


def oauth_routes(world: HubspotWorld) -> list[Route]:
    """The routes of OAuth, to be mounted before those of the API: they ask for no bearer token."""

    def route(path: str, method: str, answer: Callable[[HubspotWorld, Form], Any]) -> Route:
        async def endpoint(request: Request) -> Response:
            form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
            if path.startswith("/oauth/v1"):  # the successors read the body alone: see above
                form = {**dict(request.query_params), **form}
            response = _answered(world, path, lambda: answer(world, form | request.path_params))
            world.tables.commit()
            return response

        return Route(path, endpoint, methods=[method])

    dated = ("/oauth/v3", "/oauth/2026-03", "/oauth/2026-09")
    return [
        route("/oauth/v1/token", "POST", _token),
        route("/oauth/v1/access-tokens/{token}", "GET", _access_token),
        route("/oauth/v1/refresh-tokens/{token}", "GET", _refresh_info),
        route("/oauth/v1/refresh-tokens/{token}", "DELETE", _revoked),
        *(route(f"{each}/token", "POST", _token) for each in dated),
        *(route(f"{each}/token/introspect", "POST", _introspected) for each in dated),
        *(route(f"{each}/token/revoke", "POST", _revoked) for each in dated),
    ]


def _answered(world: HubspotWorld, path: str, answer: Callable[[], Any]) -> Response:
    if world.switches.versions_end and has_ended(path, world.clock.now()):
        return JSONResponse({"status": "error", "message": "resource not found"}, 404)
    try:
        body = answer()
    except _Refused as refused:
        return JSONResponse(refused.body, 400)
    return Response(status_code=204) if body is None else JSONResponse(body)


def _token(world: HubspotWorld, form: Form) -> dict[str, Any]:
    app = app_of(world)
    if form.get("client_id") != app["client_id"]:
        raise _Refused("invalid_client", "BAD_CLIENT_ID", "missing or unknown client id")
    if form.get("client_secret") != app["client_secret"]:
        raise _Refused("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret")
    grant = _GRANTS.get(form.get("grant_type", ""))
    if grant is None:
        wrong = "grant_type must be authorization_code or refresh_token"
        raise _Refused("unsupported_grant_type", "BAD_GRANT_TYPE", wrong)
    grant(world, form)
    manners = manners_of(world)
    if manners.get("rotates"):
        revoke_refresh_token(world)
    return {
        "access_token": issue(world, scopes=manners.get("app_scopes")),
        "refresh_token": app_of(world)["refresh_token"],
        "expires_in": LIFETIME_S,
        "token_type": "bearer",
        "token_use": "access_token",
        "hub_id": world.portal.portal_id,
        "user_id": _USER_ID,
    }


def _by_refresh_token(world: HubspotWorld, form: Form) -> None:
    if form.get("refresh_token") != app_of(world)["refresh_token"]:
        message = "refresh token is invalid, expired or revoked"
        raise _Refused("invalid_grant", "BAD_REFRESH_TOKEN", message)


def _by_code(world: HubspotWorld, form: Form) -> None:
    row = world.tables.get(_CODES, form.get("code", ""))
    if row is None:
        message = "missing or unknown auth code"
        raise _Refused("invalid_grant", "BAD_AUTH_CODE", message)
    if form.get("redirect_uri") != row["redirect_uri"]:
        message = "redirect URI does not match the one of the authorization"
        raise _Refused("invalid_grant", "MISMATCH_REDIRECT_URI_AUTH_CODE", message)
    world.tables.drop(_CODES, form["code"])


_GRANTS: Mapping[str, Callable[[HubspotWorld, Form], None]] = {
    "refresh_token": _by_refresh_token,
    "authorization_code": _by_code,
}


def _access_token(world: HubspotWorld, form: Form) -> dict[str, Any]:
    """What an access token is good for; a static one cannot be asked about: measured 2026-08-20."""
    row = token_row(world, form["token"])
    if row is None or row["kind"] != OAUTH:
        message = "The access token must have the correct format"
        raise _Refused("invalid_request", "error", message)
    return {
        "token": form["token"],
        "user": "admin@portal.example",
        "hub_domain": "portal.example",
        "scopes": _scopes(row),
        "hub_id": world.portal.portal_id,
        "app_id": 1_000_001,
        "expires_in": _left(world, row["until"]),
        "user_id": _USER_ID,
        "token_type": "access",
    }


def _scopes(row: Row) -> list[str]:
    return list(EVERY if row["scopes"] is None else row["scopes"])


def _left(world: HubspotWorld, until: str) -> int:
    return max(int((datetime.fromisoformat(until) - world.clock.now()).total_seconds()), 0)


def _refresh_info(world: HubspotWorld, form: Form) -> dict[str, Any]:
    app = app_of(world)
    if form["token"] != app["refresh_token"]:
        message = "refresh token is invalid, expired or revoked"
        raise _Refused("invalid_grant", "BAD_REFRESH_TOKEN", message)
    return {
        "token": form["token"],
        "client_id": app["client_id"],
        "hub_id": world.portal.portal_id,
        "user_id": _USER_ID,
        "token_type": "refresh",
    }


def _introspected(world: HubspotWorld, form: Form) -> dict[str, Any]:
    """RFC 7662's `active`, with the fields of the older call; which more there are is not verified."""
    row = token_row(world, form.get("token", ""))
    if row is None or row["kind"] != OAUTH or not _left(world, row["until"]):
        return {"active": False}
    return {
        "active": True,
        "token_use": "access_token",
        "token_type": "bearer",
        "client_id": app_of(world)["client_id"],
        "hub_id": world.portal.portal_id,
        "user_id": _USER_ID,
        "scopes": _scopes(row),
        "expires_in": _left(world, row["until"]),
    }


def _revoked(world: HubspotWorld, form: Form) -> None:
    """Nothing is answered, whether there was such a token or not (RFC 7009)."""
    token = form.get("token", "")
    if token == app_of(world)["refresh_token"]:
        control_tokens(world, {"new_refresh_token": True})
    elif token_row(world, token) is not None and token != world.token:
        control_tokens(world, {"revoke": token})
