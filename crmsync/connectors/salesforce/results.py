"""One result a request from the answer of a Collection, whatever it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.duplicates import DUPLICATES, named_in, refs
from crmsync.connectors.salesforce.ids import id18
from crmsync.errors import Refused

_GONE = frozenset(("ENTITY_IS_DELETED", "NOT_FOUND", "CANNOT_UPDATE_CONVERTED_LEAD"))
_GONE_WITHOUT_FIELDS = frozenset(("INVALID_CROSS_REFERENCE_KEY",))


def read_results(api: Api, part: Sequence[WriteRequest], answer: Any) -> list[WriteResult]:
    """The results in the order of the requests; unknown where the answer does not name one."""
    if not isinstance(answer, list) or len(answer) != len(part):
        return [result(request, "unknown", "the answer does not name it") for request in part]
    ends = [_result(api, request, item) for request, item in zip(part, answer, strict=True)]
    return _without_confused(part, ends)


def _without_confused(
    part: Sequence[WriteRequest], ends: Sequence[WriteResult]
) -> list[WriteResult]:
    """The results; unknown where an id stands twice, or is not that of the record to be updated.

    Results come in the order of the request: whose id is elsewhere may be another record's.
    """
    ids = Counter(end.native_id for end in ends if end.outcome == "written")
    return [
        result(request, "unknown", "the answer names another record")
        if end.outcome == "written"
        and (ids[end.native_id] > 1 or _is_another(request.native_id, end.native_id))
        else end
        for request, end in zip(part, ends, strict=True)
    ]


def _is_another(asked: str | None, told: str | None) -> bool:
    return asked is not None and id18(asked) != told


def refused_alone(request: WriteRequest, refusal: Refused) -> WriteResult:
    """The result of a request whose call was refused as a whole."""
    return result(request, "refused", refusal.message)


def said_gone(refusal: Refused) -> bool:
    """True if the org itself says that a record is not there; a 404 of a layer before it says nothing.

    The status of ENTITY_IS_DELETED is not verified: no recording was found (read 2026-11).
    """
    return refusal.status in (400, 404) and any(code in refusal.message for code in _GONE)


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
    end = result(request, outcome, api.calls.clean(words), list(fields))
    if any(_code(error) == DUPLICATES for error in errors):
        return replace(end, outcome="refused", alike=refs(api.calls.system, named_in(errors)))
    return end


def _code(error: Mapping[str, Any]) -> str:
    """Collections say `statusCode` where single records say `errorCode`."""
    return str(error.get("statusCode") or error.get("errorCode") or "")
