"""The portal as a web application: token, limits, headers, and the table of paths."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crmsync.sandbox.control import RequestLog, control_routes
from crmsync.sandbox.faults.book import Fault
from crmsync.sandbox.faults.middleware import Faults
from crmsync.sandbox.faults.within import faults_within, skewed
from crmsync.sandbox.hubspot.association_calls import batch_read, batch_read_v3, list_ties
from crmsync.sandbox.hubspot.calls import Answer, Call, parse_query
from crmsync.sandbox.hubspot.consent import settle_consent
from crmsync.sandbox.hubspot.ends import has_ended
from crmsync.sandbox.hubspot.erasing import empty_bin
from crmsync.sandbox.hubspot.errors import Refusal, not_found
from crmsync.sandbox.hubspot.late_effects import settle_late, with_late_effects
from crmsync.sandbox.hubspot.oauth import oauth_routes
from crmsync.sandbox.hubspot.paths import METHODS, Found, find, split
from crmsync.sandbox.hubspot.rehearsing import portal_commands
from crmsync.sandbox.hubspot.rules import check_may_tie
from crmsync.sandbox.hubspot.scopes import check_scopes
from crmsync.sandbox.hubspot.tokens import caller_of
from crmsync.sandbox.hubspot.workflows import run_due
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.load_routes import load_routes

# About 8 KB of URL gives 414: developers.hubspot.com, error handling (read 2026-11).
MAX_URL = 8_192

_MARKUP = (
    "<html>\n<head>\n<title>Error 404 Not Found</title>\n</head>\n<body><h2>HTTP ERROR 404 Not Found</h2>\n"
    "<table>\n<tr><th>STATUS:</th><td>404</td></tr>\n</table>\n</body>\n</html>\n"
)
_READS = (batch_read, batch_read_v3, list_ties)


def hubspot_app(world: HubspotWorld) -> Starlette:
    """The application that serves one portal, its control and load endpoints first."""
    world.commands = portal_commands(world)

    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            faults = faults_within(request.scope)
            with skewed(world.clock, faults):
                answer = _answer(world, request, raw, faults)
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body, refusal.headers)
        world.tables.commit()
        return _response(answer)

    return Starlette(
        routes=[
            *control_routes(world, world.commands),
            *load_routes(world),
            *oauth_routes(world),
            Route("/{path:path}", endpoint, methods=METHODS),
        ],
        middleware=[Middleware(RequestLog, world=world), Middleware(Faults, world=world)],
    )


def _answer(world: HubspotWorld, request: Request, raw: bytes, faults: Sequence[Fault]) -> Answer:
    """The answer to one call; Refusal for any other than 2xx."""
    path, query = request.scope["raw_path"].decode("ascii"), request.scope["query_string"]
    if len(path) + len(query) > MAX_URL:
        raise Refusal(414, "Request-URI Too Long")
    found = find(request.method, path)
    version = found.named["version"] if found else "v3"
    caller = caller_of(world, request.headers.get("authorization", ""), version)
    if found is None or (world.switches.versions_end and has_ended(path, world.clock.now())):
        return _nowhere(world)
    check_scopes(caller, request.method, split(path), str(world.switches.scope_refusal))
    shown = world.portal.limits.count(world.clock.now(), caller, found.budget)
    _settle(world)
    world.portal.caller = caller
    call = Call(found.named, parse_query(query), raw)
    try:
        answer = with_late_effects(
            world.portal, faults, lambda: _handled(world, found, call, request.method)
        )
    except Refusal as refusal:
        refusal.headers = {**shown, **refusal.headers}
        raise
    return Answer(answer.status, answer.body, {**shown, **answer.headers})


def _settle(world: HubspotWorld) -> None:
    """What has happened by the world's clock since the call before."""
    world.portal.refresh()
    empty_bin(world.portal)
    settle_late(world.portal)
    settle_consent(world.portal)
    run_due(world.portal)
    world.before_call()


def _handled(world: HubspotWorld, found: Found, call: Call, method: str) -> Answer:
    writes_ties = found.ties and method != "GET" and found.handler not in _READS
    if writes_ties:
        check_may_tie(world.portal)
    answer = found.handler(world.portal, call)
    if writes_ties and answer.status == 204 and world.portal.caller.dated:
        # 200 in the specification of dated paths, 204 in the guides: see the switch.
        return Answer(world.switches.number("dated_archive_status"), answer.body, answer.headers)
    return answer


def _nowhere(world: HubspotWorld) -> Answer:
    """404 of a path that nobody serves."""
    if world.switches.unknown_path == "json":
        raise not_found()
    return Answer(404, _MARKUP)


def _response(answer: Answer) -> Response:
    """Every answer has a correlation id; a refusal repeats it in its body."""
    correlation_id = str(uuid4())
    headers = {"x-hubspot-correlation-id": correlation_id, **answer.headers}
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    body = answer.body
    if isinstance(body, str):
        return Response(body, answer.status, headers, "text/html;charset=utf-8")
    if answer.status >= 400:
        body = {**body, "correlationId": correlation_id}
    media_type = "application/json;charset=utf-8"
    return Response(orjson.dumps(body), answer.status, headers, media_type)
