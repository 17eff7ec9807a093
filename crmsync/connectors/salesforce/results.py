"""One result a request from the answer of a Collection, whatever it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.ids import id18
from crmsync.errors import Refused

LOCK_WAITS_S = (0.5, 1.0, 2.0)
_GONE = frozenset(("ENTITY_IS_DELETED", "NOT_FOUND", "CANNOT_UPDATE_CONVERTED_LEAD"))
_GONE_WITHOUT_FIELDS = frozenset(("INVALID_CROSS_REFERENCE_KEY",))
_LOCKED = "UNABLE_TO_LOCK_ROW"


def past_locks(
    api: Api,
    requests: Sequence[WriteRequest],
    once: Callable[[Sequence[WriteRequest]], list[WriteResult]],
) -> list[WriteResult]:
    """The results of `once`; rows locked by others are tried again a few times."""
    results = once(requests)
    for wait_s in LOCK_WAITS_S:
        locked = [at for at, one in enumerate(results) if one.message.startswith(_LOCKED)]
        if not locked:
            break
        api.calls.sleep(wait_s)
        again = once([requests[at] for at in locked])
        for at, one in zip(locked, again, strict=True):
            results[at] = one
    return results


def read_results(api: Api, part: Sequence[WriteRequest], answer: Any) -> list[WriteResult]:
    """The results in the order of the requests; unknown where the answer does not name one."""
    if not isinstance(answer, list) or len(answer) != len(part):
        return [result(request, "unknown", "the answer does not name it") for request in part]
    return [_result(api, request, item) for request, item in zip(part, answer, strict=True)]


def refused_alone(request: WriteRequest, refusal: Refused) -> WriteResult:
    """The result of a request whose call was refused as a whole."""
    return result(request, "refused", refusal.message)


def said_gone(refusal: Refused) -> bool:
    """True if the org itself says that a record is not there; a 404 of a layer before it says nothing."""
    return refusal.status == 404 and any(code in refusal.message for code in _GONE)


def _result(api: Api, request: WriteRequest, item: Any) -> WriteResult:
    if not isinstance(item, dict):
        return result(request, "unknown", "the answer does not name it")
    if item.get("success") is True and item.get("id"):
        native_id = id18(str(item["id"]))
        return WriteResult(request.change_id, "written", native_id, bool(item.get("created")))
    errors = [error for error in item.get("errors") or () if isinstance(error, dict)]
    if not errors:
        return result(request, "unknown", "neither done nor refused")
    return _refusal(api, request, errors)


def _refusal(api: Api, request: WriteRequest, errors: Sequence[Mapping[str, Any]]) -> WriteResult:
    words = "; ".join(f"{_code(error)}: {error.get('message', '')}" for error in errors)
    fields = dict.fromkeys(str(name) for error in errors for name in error.get("fields") or ())
    code = _code(errors[0])
    gone = code in _GONE or (code in _GONE_WITHOUT_FIELDS and not fields)
    outcome: Any = "missing" if gone and request.action == "update" else "refused"
    return result(request, outcome, api.calls.clean(words), list(fields))


def _code(error: Mapping[str, Any]) -> str:
    """Collections say `statusCode` where single records say `errorCode`."""
    return str(error.get("statusCode") or error.get("errorCode") or "")
