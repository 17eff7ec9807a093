"""Composite: up to 25 calls in one, later ones referring to what earlier ones answered.

The whole counts as one API request (resources-composite-composite-post, read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from crmsync.sandbox.salesforce.calls import Call, Reply, flag, json_object
from crmsync.sandbox.salesforce.errors import ApiError, Refusal, refuse, single_body
from crmsync.sandbox.salesforce.world import SalesforceWorld

Dispatch = Callable[[SalesforceWorld, Call], Reply]

_MOST_CALLS = 25
_MOST_QUERIES = 5
_REFERENCE = re.compile(r"@\{(\w+)((?:\.\w+|\[\d+\])*)\}", re.ASCII)
_NAME = re.compile(r"\w+", re.ASCII)
_NOT_ALLOWED_HEADERS = frozenset({"accept", "authorization", "content-type"})
_NOT_INSIDE = (["composite"], ["composite", "batch"])
_HALTED = ApiError(
    "PROCESSING_HALTED",
    "The transaction was rolled back since another operation in the same transaction failed.",
)


class _NoSuchReference(Exception):
    """A reference that leads nowhere."""


def composite(world: SalesforceWorld, call: Call, dispatch: Dispatch) -> Reply:
    """The answers to all subrequests, in their order; with allOrNone, all or none take effect."""
    body = json_object(call)
    requests = _checked(body.get("compositeRequest"), _counting(world))
    replies: dict[str, Reply] = {}
    with world.rows.undoing() as undo:
        for request in requests:
            replies[request["referenceId"]] = _answer(world, call, request, replies, dispatch)
    if flag(body.get("allOrNone")) and any(reply.status >= 400 for reply in replies.values()):
        world.rows.roll_back(undo)
        replies = {name: _halted(reply) for name, reply in replies.items()}
    return Reply(200, {"compositeResponse": [_shown(name, r) for name, r in replies.items()]})


def _counting(world: SalesforceWorld) -> tuple[str, ...]:
    """What in the URL of a subrequest makes it one of the five."""
    # Collections among them or not: resources-composite-composite-post leaves it open (read 2026-11).
    counts = world.switch("composite_counts_collections")
    return ("/query", "/composite/sobjects") if counts else ("/query",)


def _checked(requests: Any, counting: tuple[str, ...]) -> list[dict[str, Any]]:
    if not isinstance(requests, list) or not all(isinstance(each, dict) for each in requests):
        raise refuse("JSON_PARSER_ERROR", "The request body needs an array named compositeRequest")
    names = [str(request.get("referenceId", "")) for request in requests]
    urls = [str(request.get("url")) for request in requests]
    queries = [url for url in urls if any(word in url for word in counting)]
    if not requests:
        raise refuse("INVALID_INPUT", "A composite request needs at least one subrequest")
    if len(requests) > _MOST_CALLS:
        raise refuse("LIMIT_EXCEEDED", f"Limit of {_MOST_CALLS} subrequests exceeded")
    if len(queries) > _MOST_QUERIES:
        raise refuse("LIMIT_EXCEEDED", f"Limit of {_MOST_QUERIES} query subrequests exceeded")
    if len(set(names)) < len(names) or not all(_NAME.fullmatch(name) for name in names):
        message = "Each subrequest needs a referenceId of its own, of letters, digits, underscores"
        raise refuse("INVALID_INPUT", message)
    for request in requests:
        if _headers(request).keys() & _NOT_ALLOWED_HEADERS:
            raise refuse("INVALID_INPUT", "Header not allowed in a subrequest")
    return requests


def _answer(
    world: SalesforceWorld,
    call: Call,
    request: dict[str, Any],
    replies: dict[str, Reply],
    dispatch: Dispatch,
) -> Reply:
    try:
        resolved = _resolved({key: request.get(key) for key in ("url", "body")}, replies)
    except _NoSuchReference as error:
        return Reply(400, single_body((ApiError("PROCESSING_HALTED", str(error)),)))
    try:
        return dispatch(world, _subcall(call, request, resolved))
    except Refusal as refusal:
        return Reply(refusal.errors[0].status, single_body(refusal.errors))


def _subcall(call: Call, request: dict[str, Any], resolved: dict[str, Any]) -> Call:
    url = str(resolved["url"])
    if not url.startswith("/services/data/"):
        raise refuse("INVALID_INPUT", f"The url of a subrequest cannot be {url}")
    method = str(request.get("method", ""))
    return subcall(method, url, resolved["body"], _headers(request))


def subcall(method: str, url: str, body: Any, headers: dict[str, str]) -> Call:
    """The call a subrequest stands for; Refusal for a place no subrequest reaches."""
    pieces = urlsplit(url)
    path = pieces.path.removeprefix("/services/data/")
    segments = [unquote(part) for part in path.split("/") if part]
    if not segments or segments[1:2] == ["jobs"] or segments[1:] in _NOT_INSIDE:
        raise refuse("INVALID_INPUT", f"The url of a subrequest cannot be {url}")
    return Call(
        method=method.upper(),
        version=segments[0].removeprefix("v"),
        parts=tuple(segments[1:]),
        query=dict(parse_qsl(pieces.query, keep_blank_values=True)),
        headers=headers,
        body=body,
    )


def _headers(request: dict[str, Any]) -> dict[str, str]:
    given = request.get("httpHeaders")
    pairs = given.items() if isinstance(given, dict) else ()
    return {str(name).lower(): str(value) for name, value in pairs}


def _resolved(value: Any, replies: dict[str, Reply]) -> Any:
    """The value with each `@{name.path}` in its texts replaced by what that call answered."""
    if isinstance(value, dict):
        return {key: _resolved(each, replies) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, replies) for each in value]
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: _referred(match, replies), value)
    return value


def _referred(match: re.Match[str], replies: dict[str, Reply]) -> str:
    name, steps = match[1], re.findall(r"\w+", match[2])
    value = replies[name].body if name in replies else None
    for step in steps:
        value = _inside(value, step)
    if value is None or isinstance(value, dict | list):
        path = match[0][2:-1]
        raise _NoSuchReference(f"Invalid reference specified. No value for {path} found in {name}")
    return str(value)


def _inside(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    return None


def _halted(reply: Reply) -> Reply:
    """What a subrequest shows after a rollback: its own error, or that of the whole."""
    return reply if reply.status >= 400 else Reply(400, single_body((_HALTED,)))


def _shown(name: str, reply: Reply) -> dict[str, Any]:
    return {
        "body": reply.body,
        "httpHeaders": reply.headers,
        "httpStatusCode": reply.status,
        "referenceId": name,
    }
