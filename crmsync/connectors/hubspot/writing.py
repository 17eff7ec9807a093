"""Writes in batches of 100, each request with an end of its own.

Results come in any order and are found by trace id or id; whatever is named neither among results
nor among errors is unknown, as is a 2xx with nothing in it (seen by rudder-transformer, 2026-11).
Without trace ids one bad input would fail a whole batch: developers.hubspot.com, Batch (2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result, write_batch
from crmsync.connectors.deltas import has_own, own_cells, refused_ties
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.problems import property_names, words
from crmsync.connectors.hubspot.reading import records_by_id
from crmsync.connectors.hubspot.ties import FIELDS, SETS
from crmsync.connectors.hubspot.tying import write_ties
from crmsync.connectors.hubspot.tying_sets import Labels, write_sets
from crmsync.connectors.hubspot.values import to_wire
from crmsync.connectors.shapes import understood
from crmsync.errors import CrmsyncError, Refused

KEY_PROPERTY = "crmsync_key"
TRACE = "objectWriteTraceId"


def write(
    api: Api,
    object_: str,
    types: Mapping[str, str],
    requests: Sequence[WriteRequest],
    labels: Labels,
) -> list[WriteResult]:
    """One result a request, in order: properties first, then the ties of what was written."""
    sets = {name: each.roles for (owner, name), each in SETS.items() if owner == object_}
    odd = refused_ties(requests, {name for owner, name in FIELDS if owner == object_}, sets)
    results = [odd.get(at) or result(request, "written") for at, request in enumerate(requests)]
    with_cells = [at for at, one in enumerate(requests) if at not in odd and has_own(one)]
    part = [requests[at] for at in with_cells]
    for at, one in zip(with_cells, _write_cells(api, object_, types, part), strict=True):
        results[at] = one
    results = write_ties(api, object_, requests, results)
    results = write_sets(api, labels, object_, requests, results)
    return _with_missing(api, object_, requests, results)


def _with_missing(
    api: Api, object_: str, requests: Sequence[WriteRequest], results: Sequence[WriteResult]
) -> list[WriteResult]:
    """The results; refused ties of a record that is gone are missing. Asked only where it may be."""
    doubted = {
        one.native_id: at
        for at, one in enumerate(results)
        if one.outcome == "refused" and one.native_id and not has_own(requests[at])
    }
    try:
        live = records_by_id(api, object_, list(doubted), []) if doubted else {}
    except CrmsyncError:
        return list(results)
    gone = {at for one, at in doubted.items() if one not in live}
    return [
        replace(one, outcome="missing") if at in gone else one for at, one in enumerate(results)
    ]


def _write_cells(
    api: Api, object_: str, types: Mapping[str, str], requests: Sequence[WriteRequest]
) -> list[WriteResult]:
    def send(part: Sequence[WriteRequest]) -> list[WriteResult]:
        verb = "update" if part[0].action == "update" else "upsert"
        inputs = [_input(types, request, str(at)) for at, request in enumerate(part)]
        answer = api.batch_write(object_, verb, inputs)
        with understood(object_):
            return account(api, part, answer)

    return write_batch(requests, send, _alone) if requests else []


def _input(types: Mapping[str, str], request: WriteRequest, trace: str) -> dict[str, Any]:
    cells = {
        name: to_wire(text, types.get(name, "string")) for name, text in own_cells(request).items()
    }
    if request.action == "update":
        return {"id": request.native_id, "properties": cells, TRACE: trace}
    return {
        "id": request.key,
        "idProperty": KEY_PROPERTY,
        "properties": {**cells, KEY_PROPERTY: request.key},
        TRACE: trace,
    }


def account(api: Api, part: Sequence[WriteRequest], answer: Any) -> list[WriteResult]:
    """One result a request from the envelope of a batch."""
    told = answer if isinstance(answer, dict) else {}
    found = dict(_refusals(api, part, told.get("errors") or ()))
    found |= _successes(part, told.get("results") or ())
    return [
        found.get(at) or result(request, "unknown", "the answer does not name it")
        for at, request in enumerate(part)
    ]


def _successes(
    part: Sequence[WriteRequest], items: Sequence[Mapping[str, Any]]
) -> dict[int, WriteResult]:
    found: dict[int, WriteResult] = {}
    for item in items:
        for at in _places(part, [item.get(TRACE)], [item.get("id"), _key_of(item)]):
            found[at] = _success(part[at], item)
    return found


def _success(request: WriteRequest, item: Mapping[str, Any]) -> WriteResult:
    native_id = str(item["id"])
    if request.action == "update" and native_id != request.native_id:
        message = f"the record was merged: {native_id} took the values"
        return result(request, "missing", message)
    return WriteResult(request.change_id, "written", native_id, bool(item.get("new")))


def _refusals(
    api: Api, part: Sequence[WriteRequest], errors: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, WriteResult]]:
    for error in errors:
        context = error.get("context") or {}
        ids = [*(context.get("ids") or ()), *(context.get("id") or ())]
        gone = error.get("category") == "OBJECT_NOT_FOUND"
        for at in _places(part, context.get(TRACE) or (), ids):
            outcome: Any = "missing" if gone and part[at].action == "update" else "refused"
            message = api.calls.clean(words(error))
            yield at, result(part[at], outcome, message, property_names(f"{message}{error}"))


def _places(part: Sequence[WriteRequest], traces: Sequence[Any], ids: Sequence[Any]) -> list[int]:
    """Places of the requests meant: by trace id if there is one, else by native id or key."""
    by_trace = {str(at): at for at in range(len(part))}
    places = [by_trace[str(one)] for one in traces if str(one) in by_trace]
    if places:
        return places
    wanted = {str(one) for one in ids if one is not None}
    return [at for at, one in enumerate(part) if (one.native_id or one.key) in wanted]


def _key_of(item: Mapping[str, Any]) -> Any:
    return (item.get("properties") or {}).get(KEY_PROPERTY)


def _alone(request: WriteRequest, refusal: Refused) -> WriteResult:
    if refusal.status == 404 and request.action == "update":
        return result(request, "missing", refusal.message)
    names = property_names(refusal.message + refusal.body)
    return result(request, "refused", refusal.message, names)
