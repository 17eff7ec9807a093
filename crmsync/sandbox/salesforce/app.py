"""The simulated Salesforce over HTTP: reads a request into a `Call`, sends a `Reply` back."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crmsync.sandbox.control import RequestLog, control_routes
from crmsync.sandbox.faults.middleware import Faults
from crmsync.sandbox.faults.within import faults_within, skewed
from crmsync.sandbox.load_routes import load_routes
from crmsync.sandbox.salesforce.bulk.jobs import counted, finish_due
from crmsync.sandbox.salesforce.bulk.sending import csv_response
from crmsync.sandbox.salesforce.calls import Call, Reply, refused
from crmsync.sandbox.salesforce.errors import ApiError, Refusal, refuse
from crmsync.sandbox.salesforce.late_effects import settle_late, with_late_effects
from crmsync.sandbox.salesforce.oauth import check_token, oauth_routes
from crmsync.sandbox.salesforce.org import versions
from crmsync.sandbox.salesforce.rehearsing import rehearsal_commands
from crmsync.sandbox.salesforce.routing import dispatch
from crmsync.sandbox.salesforce.soap.endpoint import soap_routes
from crmsync.sandbox.salesforce.world import SalesforceWorld

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_ROOT = "/services/data"
# 16,384 bytes for the URI alone (414), and for all headers together (431):
# help.salesforce.com 000386264 (read 2026-11).
_LONGEST = 16_384
_KEY = re.compile(rb'(\n *"(?:[^"\\]|\\.)*"): ')
_COLONS_IN_VALUES = (b'\\": ', b' ": ')


def salesforce_app(world: SalesforceWorld) -> Starlette:
    """An ASGI app that answers for one world; its control routes ask for no token."""

    world.commands = rehearsal_commands(world)

    async def answer(request: Request) -> Response:
        raw = await request.body()
        with skewed(world.clock, faults_within(request.scope)):
            reply = _answered(world, request, raw)
        world.tables.commit()  # a read may find that it is night, and keep house
        return _response(world, request, reply)

    return Starlette(
        routes=[
            *control_routes(world, world.commands),
            *load_routes(world),
            *oauth_routes(world),
            *soap_routes(world),
            Route(_ROOT + "{rest:path}", answer, methods=_METHODS),
        ],
        middleware=[Middleware(RequestLog, world=world), Middleware(Faults, world=world)],
    )


def _answered(world: SalesforceWorld, request: Request, raw: bytes) -> Reply:
    """The reply to a request, every refusal included."""
    try:
        _check_size(request)
        segments = _segments(request)
        if not segments:
            return Reply(200, versions())
        check_token(world, request.headers.get("authorization", ""))
        _demand_allowance(world)
        world.count_calls(counted(world, segments))
        world.keep_house()
        finish_due(world)
        settle_late(world)
        world.before_call()
        call = _call(request, segments, raw)
        faults = faults_within(request.scope)
        return with_late_effects(world, faults, lambda: dispatch(world, call))
    except Refusal as refusal:
        return refused(refusal.errors)


def _demand_allowance(world: SalesforceWorld) -> None:
    """Refusal (403) when the calls of the day are used up; the text is that of public issues (read 2026-11)."""
    if world.calls >= world.allowance.daily:
        message = "TotalRequests Limit exceeded."
        raise Refusal(ApiError("REQUEST_LIMIT_EXCEEDED", message, status=403))


def _check_size(request: Request) -> None:
    target = len(request.scope["raw_path"]) + len(request.scope["query_string"]) + 1
    headers = sum(len(name) + len(value) + 4 for name, value in request.scope["headers"])
    if target > _LONGEST:
        raise Refusal(ApiError("URI_TOO_LONG", "URI Too Long", status=414))
    if headers > _LONGEST:
        raise Refusal(ApiError("HEADERS_TOO_LARGE", "Request Header Fields Too Large", status=431))


def _segments(request: Request) -> list[str]:
    """The path below `/services/data/`, cut before it is decoded: a value may hold a `/`."""
    path = request.scope["raw_path"].decode("latin-1").split("?")[0]
    return [unquote(part) for part in path.removeprefix(_ROOT).split("/") if part]


def _call(request: Request, segments: list[str], raw: bytes) -> Call:
    query = request.scope["query_string"].decode("latin-1")
    return Call(
        method=request.method,
        version=segments[0].removeprefix("v"),
        parts=tuple(segments[1:]),
        query=dict(parse_qsl(query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=_parsed(request, raw),
    )


def _parsed(request: Request, raw: bytes) -> Any:
    """The body: parsed JSON, bytes of CSV as they came, None for none."""
    if request.headers.get("content-type", "").lower().startswith("text/csv"):
        return raw
    try:
        return orjson.loads(raw) if raw else None
    except orjson.JSONDecodeError as error:
        raise refuse("JSON_PARSER_ERROR", str(error)) from None


def _pretty(body: Any) -> bytes:
    """Indented JSON with a blank before each colon, as recorded bodies of real orgs have it: grouparoo
    recordings (read 2026-11)."""
    text = orjson.dumps(body, option=orjson.OPT_INDENT_2)
    if any(each in text for each in _COLONS_IN_VALUES):
        return _KEY.sub(rb"\1 : ", text)
    return text.replace(b'": ', b'" : ')  # ten times as fast, and pages are megabytes


def _response(world: SalesforceWorld, request: Request, reply: Reply) -> Response:
    # On every REST answer, errors too: grouparoo recordings (read 2026-11).
    headers = {
        **reply.headers,
        "Sforce-Limit-Info": f"api-usage={world.calls}/{world.allowance.daily}",
    }
    if reply.csv is not None:
        return csv_response(request, reply, headers, int(world.switch("bulk_packing")))
    if reply.body is None:
        return Response(status_code=reply.status, headers=headers)
    pretty = request.headers.get("x-prettyprint") == "1"
    content = _pretty(reply.body) if pretty else orjson.dumps(reply.body)
    headers["Content-Type"] = "application/json;charset=UTF-8"
    return Response(content, status_code=reply.status, headers=headers)
