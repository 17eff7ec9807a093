"""Tokens: the client-credentials flow, userinfo, and the check of every API call.

All logins of one user share a session, so a token is only replaced when it has expired.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crmsync.sandbox.control import PREFIX
from crmsync.sandbox.salesforce.errors import ApiError, Refusal
from crmsync.sandbox.salesforce.world import SalesforceWorld, new_token

INVALID_SESSION = ApiError("INVALID_SESSION_ID", "Session expired or invalid", status=401)


def oauth_routes(world: SalesforceWorld) -> list[Route]:
    """The token endpoint, userinfo, and a control route that ends or limits tokens."""

    async def token(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        return _token_answer(world, request, form)

    async def userinfo(request: Request) -> Response:
        return _userinfo_answer(world, request)

    async def control(request: Request) -> Response:
        for word, value in (await request.json()).items():
            _TOKEN_CONTROLS[word](world, value)
        return Response(status_code=204)

    return [
        Route("/services/oauth2/token", token, methods=["POST"]),
        Route("/services/oauth2/userinfo", userinfo, methods=["GET", "POST"]),
        Route(PREFIX + "token", control, methods=["POST"]),
    ]


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
}


def _token_answer(world: SalesforceWorld, request: Request, form: dict[str, str]) -> Response:
    if form.get("grant_type") != "client_credentials":
        return _oauth_error("unsupported_grant_type", "grant type not supported")
    if _credentials(request, form) != (world.client_id, world.client_secret):
        return _oauth_error("invalid_client", "invalid client credentials")
    if has_expired(world):
        expire_token(world)
    here = str(request.base_url).rstrip("/")
    return JSONResponse(
        {
            "access_token": world.token,
            "signature": base64.b64encode(secrets.token_bytes(32)).decode(),
            "scope": "api",
            "instance_url": here,
            "id": f"{here}/id/{world.org_id}/{world.user_id}",
            "token_type": "Bearer",
            "issued_at": str(int(world.now().timestamp() * 1000)),
        }
    )


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Key and secret from the Basic header, else from the form."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        key, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # no base64, or no text in it
        return "", ""
    return key, secret


def _oauth_error(error: str, description: str) -> Response:
    body = {"error": error, "error_description": description}
    return JSONResponse(body, status_code=400)


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
