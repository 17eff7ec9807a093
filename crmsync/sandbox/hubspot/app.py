"""The portal as a web application: token, limits, headers, and the table of paths."""

from __future__ import annotations

from uuid import uuid4

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crmsync.sandbox.control import RequestLog, control_routes
from crmsync.sandbox.faults.middleware import Faults
from crmsync.sandbox.faults.within import faults_within, skewed
from crmsync.sandbox.hubspot.calls import Answer, Call, parse_query
from crmsync.sandbox.hubspot.erasing import empty_bin
from crmsync.sandbox.hubspot.errors import Refusal, not_found
from crmsync.sandbox.hubspot.limits import Limits
from crmsync.sandbox.hubspot.paths import METHODS, UNLIMITED, find
from crmsync.sandbox.hubspot.rehearsing import portal_commands
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.load_routes import load_routes

# About 8 KB of URL gives 414: developers.hubspot.com, error handling (read 2026-11).
MAX_URL = 8_192

_UNAUTHENTICATED = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can "
    "find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)


def hubspot_app(world: HubspotWorld) -> Starlette:
    """The application that serves one portal, its control and load endpoints first."""
    limits = Limits()
    world.commands = portal_commands(world)

    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            with skewed(world.clock, faults_within(request.scope)):
                answer = _answer(world, limits, request, raw)
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body, refusal.headers)
        world.tables.commit()
        return _response(answer)

    return Starlette(
        routes=[
            *control_routes(world, world.commands),
            *load_routes(world),
            Route("/{path:path}", endpoint, methods=METHODS),
        ],
        middleware=[Middleware(RequestLog, world=world), Middleware(Faults, world=world)],
    )


def _answer(world: HubspotWorld, limits: Limits, request: Request, raw: bytes) -> Answer:
    """The answer to one call; Refusal for any other than 2xx."""
    path, query = request.scope["raw_path"].decode("ascii"), request.scope["query_string"]
    if len(path) + len(query) > MAX_URL:
        raise Refusal(414, "Request-URI Too Long")
    if request.headers.get("authorization") != f"Bearer {world.token}":
        headers = {"x-hubspot-auth-failure": "401 Unauthorized"}
        raise Refusal(401, _UNAUTHENTICATED, "INVALID_AUTHENTICATION", headers=headers)
    found = find(request.method, path)
    if found is None:
        raise not_found()
    handler, named = found
    enforce = bool(world.switches.rate_limited)
    shown = limits.count(world.clock.now(), handler in UNLIMITED, enforce)
    world.portal.refresh()
    empty_bin(world.portal)
    try:
        answer = handler(world.portal, Call(named, parse_query(query), raw))
    except Refusal as refusal:
        refusal.headers = {**shown, **refusal.headers}
        raise
    return Answer(answer.status, answer.body, {**shown, **answer.headers})


def _response(answer: Answer) -> Response:
    """Every answer has a correlation id; a refusal repeats it in its body."""
    correlation_id = str(uuid4())
    headers = {"x-hubspot-correlation-id": correlation_id, **answer.headers}
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    body = answer.body
    if answer.status >= 400:
        body = {**body, "correlationId": correlation_id}
    media_type = "application/json;charset=utf-8"
    return Response(orjson.dumps(body), answer.status, headers, media_type)
