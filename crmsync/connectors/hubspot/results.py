"""One result a request from the envelope of a batch, whatever its status: 200, 201, 207 or another 2xx.

Results come in any order and are found by trace id, else by id or key, never by place; what is named neither
among results nor among errors is unknown, as is a 2xx with nothing in it (seen by rudder-transformer, 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result
from crmsync.connectors.hubspot.accounted import says_gone
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.conflicts import conflict_behind, conflict_in, doubled
from crmsync.connectors.hubspot.problems import property_names, words
from crmsync.errors import Refused

KEY_PROPERTY = "crmsync_key"
TRACE = "objectWriteTraceId"


def account(api: Api, object_: str, part: Sequence[WriteRequest], answer: Any) -> list[WriteResult]:
    """One result a request, in order."""
    told = answer if isinstance(answer, dict) else {}
    found = dict(_refusals(api, object_, part, told.get("errors") or ()))
    found |= _successes(part, told.get("results") or ())
    return [
        found.get(at) or result(request, "unknown", "the answer does not name it")
        for at, request in enumerate(part)
    ]


def refused_alone(api: Api, object_: str, request: WriteRequest, refusal: Refused) -> WriteResult:
    """The result of a request that was refused as a whole batch of its own."""
    if request.action == "update" and says_gone(refusal):
        return result(request, "missing", refusal.message)
    conflict = conflict_behind(refusal)
    if conflict:
        return doubled(api.calls.system, object_, request, conflict, refusal.message)
    return result(
        request, "refused", refusal.message, _cells_named(request, refusal.message + refusal.body)
    )


def _successes(
    part: Sequence[WriteRequest], items: Sequence[Mapping[str, Any]]
) -> dict[int, WriteResult]:
    found: dict[int, WriteResult] = {}
    for item in items:
        for at in _places(part, [item.get(TRACE)], [item.get("id"), _key_of(item)]):
            end = _success(part[at], item)
            odd = at in found and found[at].native_id != end.native_id
            found[at] = _another(part[at]) if odd else end
    return found


def _success(request: WriteRequest, item: Mapping[str, Any]) -> WriteResult:
    native_id = str(item["id"])
    if request.action == "update" and native_id != request.native_id:
        message = f"the record was merged: {native_id} took the values"
        return result(request, "missing", message)
    if request.action == "create" and _key_of(item) not in (None, request.key):
        return _another(request)
    return WriteResult(request.change_id, "written", native_id, bool(item.get("new")))


def _another(request: WriteRequest) -> WriteResult:
    return result(request, "unknown", "the answer names another record")


def _refusals(
    api: Api, object_: str, part: Sequence[WriteRequest], errors: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, WriteResult]]:
    for error in errors:
        context = error.get("context") or {}
        ids = [*(context.get("ids") or ()), *(context.get("id") or ())]
        places = _places(part, context.get(TRACE) or (), ids)
        # an error that names nobody is about the one there is
        for at in places or ([0] if len(part) == 1 else []):
            yield at, _refusal(api, object_, part[at], error)


def _refusal(
    api: Api, object_: str, request: WriteRequest, error: Mapping[str, Any]
) -> WriteResult:
    message = api.calls.clean(words(error))
    conflict = conflict_in(error)
    if conflict:
        return doubled(api.calls.system, object_, request, conflict, message)
    gone = error.get("category") == "OBJECT_NOT_FOUND" and request.action == "update"
    names = _cells_named(request, f"{message}{error}")
    return result(request, "missing" if gone else "refused", message, names)


def _cells_named(request: WriteRequest, told: str) -> list[str]:
    """The cells of a request that an error names; other things of it have names, too."""
    return [name for name in property_names(told) if name in request.cells]


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
