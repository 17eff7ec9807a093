"""Composite batch: up to 25 independent calls in one, done one after the other, never rolled back."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.salesforce.calls import Call, Reply, flag, json_object
from crmsync.sandbox.salesforce.composite import Dispatch, subcall
from crmsync.sandbox.salesforce.errors import ApiError, Refusal, refuse, single_body
from crmsync.sandbox.salesforce.world import SalesforceWorld

_MOST_CALLS = 25
# Status and code of the calls after the first failed one: resources_composite_batch (read 2026-11).
_HALTED = ApiError("BATCH_PROCESSING_HALTED", "Batch processing halted per request", status=412)


def batch(world: SalesforceWorld, call: Call, dispatch: Dispatch) -> Reply:
    """The answers to all subrequests, in their order; each of them counts as an API request."""
    body = json_object(call)
    requests = _checked(body.get("batchRequests"))
    world.count_calls(len(requests) - 1)
    halts = flag(body.get("haltOnError"))
    replies: list[Reply] = []
    for request in requests:
        halted = halts and any(reply.status >= 400 for reply in replies)
        replies.append(_failed(_HALTED) if halted else _answer(world, request, dispatch))
    return Reply(
        200,
        {
            "hasErrors": any(reply.status >= 400 for reply in replies),
            "results": [{"statusCode": each.status, "result": each.body} for each in replies],
        },
    )


def _checked(requests: Any) -> list[dict[str, Any]]:
    if not isinstance(requests, list) or not all(isinstance(each, dict) for each in requests):
        raise refuse("JSON_PARSER_ERROR", "The request body needs an array named batchRequests")
    if not requests:
        raise refuse("INVALID_INPUT", "A batch needs at least one subrequest")
    if len(requests) > _MOST_CALLS:
        raise refuse("LIMIT_EXCEEDED", f"Limit of {_MOST_CALLS} subrequests exceeded")
    return requests


def _answer(world: SalesforceWorld, request: dict[str, Any], dispatch: Dispatch) -> Reply:
    """One subrequest: its url begins with the version, its body is called richInput."""
    method, url = str(request.get("method", "")), str(request.get("url", ""))
    try:
        return dispatch(world, subcall(method, url, request.get("richInput"), {}))
    except Refusal as refusal:
        return _failed(*refusal.errors)


def _failed(*errors: ApiError) -> Reply:
    return Reply(errors[0].status, single_body(errors))
