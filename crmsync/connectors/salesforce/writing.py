"""Writes through sObject Collections: 200 records a call, each with an end of its own.

The status is 200 even when every record failed; results come in the order of the request; a failed
one has no id: developer.salesforce.com, sObject Collections (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result, write_batch
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.values import to_json
from crmsync.connectors.shapes import understood
from crmsync.errors import Refused

KEY_FIELD = "crmsync_key__c"
BATCH_SIZE = 200
LOCK_WAITS_S = (0.5, 1.0, 2.0)
# Assignment rules would change the owner of what we write: developer.salesforce.com, Assignment
# Rule Header (read 2026-11)
HEADERS = {"Sforce-Auto-Assign": "FALSE"}

_GONE = frozenset(("ENTITY_IS_DELETED", "NOT_FOUND", "CANNOT_UPDATE_CONVERTED_LEAD"))
_GONE_WITHOUT_FIELDS = frozenset(("INVALID_CROSS_REFERENCE_KEY",))
_LOCKED = "UNABLE_TO_LOCK_ROW"


def write(
    api: Api, object_: str, types: Mapping[str, str], requests: Sequence[WriteRequest]
) -> list[WriteResult]:
    """One result a request, in order; rows locked by others are tried again a few times."""
    results = _write_once(api, object_, types, requests)
    for wait_s in LOCK_WAITS_S:
        locked = [at for at, one in enumerate(results) if one.message.startswith(_LOCKED)]
        if not locked:
            break
        api.calls.sleep(wait_s)
        again = _write_once(api, object_, types, [requests[at] for at in locked])
        for at, one in zip(locked, again, strict=True):
            results[at] = one
    return results


def _write_once(
    api: Api, object_: str, types: Mapping[str, str], requests: Sequence[WriteRequest]
) -> list[WriteResult]:
    def send(part: Sequence[WriteRequest]) -> list[WriteResult]:
        body = {
            "allOrNone": False,
            "records": [_record(object_, types, request) for request in part],
        }
        answer = api.patch(_path(object_, part[0]), body, HEADERS)
        with understood(object_):
            return _results(api, part, answer)

    return write_batch(requests, send, _alone)


def _path(object_: str, request: WriteRequest) -> str:
    if request.action == "update":
        return "composite/sobjects"
    return f"composite/sobjects/{object_}/{KEY_FIELD}"


def _record(object_: str, types: Mapping[str, str], request: WriteRequest) -> dict[str, Any]:
    record: dict[str, Any] = {"attributes": {"type": object_}}
    for name, text in request.cells.items():
        record[name] = to_json(text, types.get(name, "string"))
    if request.action == "update":
        return record | {"id": request.native_id}
    return record | {KEY_FIELD: request.key}


def _results(api: Api, part: Sequence[WriteRequest], answer: Any) -> list[WriteResult]:
    if not isinstance(answer, list) or len(answer) != len(part):
        return [result(request, "unknown", "the answer does not name it") for request in part]
    return [_result(api, request, item) for request, item in zip(part, answer, strict=True)]


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


def _alone(request: WriteRequest, refusal: Refused) -> WriteResult:
    return result(request, "refused", refusal.message)
