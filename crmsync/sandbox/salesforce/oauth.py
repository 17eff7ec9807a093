"""Tokens: the token endpoint, introspection, userinfo, and the check of every API call.

All logins of one user share a session, so a token is only replaced when it has expired.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crmsync.sandbox.control import PREFIX
from crmsync.sandbox.salesforce.errors import ApiError, Refusal
from crmsync.sandbox.salesforce.logins import Asked, GrantRefused, demand_grant, knows_app
from crmsync.sandbox.salesforce.world import SalesforceWorld, new_token

# Two hours, unless an administrator chose otherwise: help.salesforce.com, Modify Session Security Settings
# (read 2026-11).
USUAL_SESSION_S = 7200.0
INVALID_SESSION = ApiError("INVALID_SESSION_ID", "Session expired or invalid", status=401)


def oauth_routes(world: SalesforceWorld) -> list[Route]:
    """The token endpoint, userinfo, and a control route that ends, limits or moves sessions."""

    async def token(request: Request) -> Response:
        return _token_answer(world, await _asked(request))

    async def introspect(request: Request) -> Response:
        return _introspection(world, await _asked(request))

    async def userinfo(request: Request) -> Response:
        return _userinfo_answer(world, request)

    async def control(request: Request) -> Response:
        for word, value in (await request.json()).items():
            _TOKEN_CONTROLS[word](world, value)
        return Response(status_code=204)

    return [
        Route("/services/oauth2/token", token, methods=["POST"]),
        Route("/services/oauth2/introspect", introspect, methods=["POST"]),
        Route("/services/oauth2/userinfo", userinfo, methods=["GET", "POST"]),
        Route(PREFIX + "token", control, methods=["POST"]),
    ]


async def _asked(request: Request) -> Asked:
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    here = str(request.base_url).rstrip("/")
    return Asked(form, request.headers.get("authorization", ""), here)


def check_token(world: SalesforceWorld, authorization: str) -> None:
    """Refusal (401) unless the header carries the token of the day."""
    scheme, _, token = authorization.partition(" ")
    known = scheme in ("Bearer", "OAuth") and secrets.compare_digest(
        token.encode(), world.token.encode()
    )
    if not known or has_expired(world):
        raise Refusal(INVALID_SESSION)


def has_expired(world: SalesforceWorld) -> bool:
    """Whether the token has outlived `token_lifetime_s`, by the world's clock."""
    if world.token_lifetime_s is None:
        return False
    return world.now() >= world.token_issued + timedelta(seconds=world.token_lifetime_s)


def expire_token(world: SalesforceWorld) -> None:
    """Makes the token of the day worthless; the next login brings another."""
    world.token = new_token(world.org_id)
    world.token_issued = world.now()
    world.keep_secrets()
    world.tables.commit()


def _limit_lifetime(world: SalesforceWorld, seconds: Any) -> None:
    world.token_lifetime_s = None if seconds is None else float(seconds)
    world.token_issued = world.now()


_TOKEN_CONTROLS: dict[str, Callable[[SalesforceWorld, Any], None]] = {
    "lifetime_s": _limit_lifetime,
    "expire": lambda world, _: expire_token(world),
    "instance_url": lambda world, url: setattr(world, "login_host", str(url or "")),
}


def token_seconds(world: SalesforceWorld) -> float:
    """Seconds the token of the day will live; those of a usual session where it never ends by itself."""
    if world.token_lifetime_s is None:
        return USUAL_SESSION_S
    ends = world.token_issued + timedelta(seconds=world.token_lifetime_s)
    return max((ends - world.now()).total_seconds(), 0.0)


def _token_answer(world: SalesforceWorld, asked: Asked) -> Response:
    try:
        demand_grant(world, asked)
    except GrantRefused as refused:
        return _oauth_error(world, refused.error, refused.description)
    if has_expired(world):
        expire_token(world)
    here = world.login_host or asked.here
    return _told(
        world,
        {
            "access_token": world.token,
            "signature": base64.b64encode(secrets.token_bytes(32)).decode(),
            "scope": "api",
            "instance_url": here,
            "id": f"{here}/id/{world.org_id}/{world.user_id}",
            "token_type": "Bearer",
            "issued_at": str(int(world.now().timestamp() * 1000)),
        },
    )


def _introspection(world: SalesforceWorld, asked: Asked) -> Response:
    """What is known of a token: form and keys by help.salesforce.com, Token Introspection (read 2026-11)."""
    if not knows_app(world, asked) or world.switch("introspection") == "refused":
        return _oauth_error(world, "invalid_client", "invalid client credentials", 401)
    known = secrets.compare_digest(asked.form.get("token", "").encode(), world.token.encode())
    if not known or has_expired(world) or world.switch("introspection") == "inactive":
        return _told(world, {"active": False})
    issued = int(world.token_issued.timestamp())
    user = world.rows.get("User", world.user_id) or {}
    return _told(
        world,
        {
            "active": True,
            "scope": "api",
            "client_id": world.client_id,
            "username": user.get("Username"),
            "sub": f"https://login.salesforce.com/id/{world.org_id}/{world.user_id}",
            "token_type": "access_token",
            "exp": int(world.now().timestamp() + token_seconds(world)),
            "iat": issued,
            "nbf": issued,
        },
    )


def _told(world: SalesforceWorld, body: dict[str, Any], status: int = 200) -> Response:
    """An answer dated by the world's own clock: what it says of times is to be read by that."""
    dated = format_datetime(world.now(), usegmt=True)
    return JSONResponse(body, status_code=status, headers={"Date": dated})


def _oauth_error(
    world: SalesforceWorld, error: str, description: str, status: int = 400
) -> Response:
    return _told(world, {"error": error, "error_description": description}, status)


def _userinfo_answer(world: SalesforceWorld, request: Request) -> Response:
    try:
        check_token(world, request.headers.get("authorization", ""))
    except Refusal:
        return Response("Bad_OAuth_Token", status_code=403, media_type="text/plain")
    here = str(request.base_url).rstrip("/")
    user = world.rows.get("User", world.user_id) or {}
    return JSONResponse(
        {
            "sub": f"{here}/id/{world.org_id}/{world.user_id}",
            "user_id": world.user_id,
            "organization_id": world.org_id,
            "preferred_username": user.get("Username"),
            "name": user.get("Name"),
            "email": user.get("Email"),
            "active": bool(user.get("IsActive")),
            "language": user.get("LanguageLocaleKey"),
            "urls": {"rest": f"{here}/services/data/v{{version}}/"},
        }
    )
