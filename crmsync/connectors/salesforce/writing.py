"""Writes through sObject Collections: 200 records a call, each with an end of its own.

The status is 200 even when every record failed; results come in the order of the request; a failed
one has no id: developer.salesforce.com, sObject Collections (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result, write_batch
from crmsync.connectors.deltas import ALL, ROLES, has_own, own_cells, refused_ties
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.asking import asked_alone
from crmsync.connectors.salesforce.locks import parents, past_locks
from crmsync.connectors.salesforce.references import with_culprits
from crmsync.connectors.salesforce.results import read_results, refused_alone
from crmsync.connectors.salesforce.ties import TieField
from crmsync.connectors.salesforce.tying import write_ties
from crmsync.connectors.salesforce.values import to_json
from crmsync.connectors.shapes import understood

KEY_FIELD = "crmsync_key__c"
BATCH_SIZE = 200


def write(
    api: Api,
    object_: str,
    types: Mapping[str, str],
    ties: Mapping[str, TieField],
    requests: Sequence[WriteRequest],
) -> list[WriteResult]:
    """One result a request, in order: fields first, then the ties of what was written."""
    sets = {name: each.kind == ROLES for name, each in ties.items() if each.kind in (ALL, ROLES)}
    odd = refused_ties(requests, ties, sets)
    results = [odd.get(at) or result(request, "written") for at, request in enumerate(requests)]
    with_cells = [at for at, one in enumerate(requests) if at not in odd and has_own(one)]
    part = [requests[at] for at in with_cells]
    for at, one in zip(with_cells, _write_cells(api, object_, types, part), strict=True):
        results[at] = one
    return write_ties(api, object_, ties, requests, results)


def _write_cells(
    api: Api, object_: str, types: Mapping[str, str], requests: Sequence[WriteRequest]
) -> list[WriteResult]:
    def send(part: Sequence[WriteRequest]) -> list[WriteResult]:
        body = {
            "allOrNone": False,
            "records": [_record(object_, types, request) for request in part],
        }
        answer = api.patch(_path(object_, part[0]), body)
        with understood(object_):
            return read_results(api, part, answer)

    def alone(request: WriteRequest) -> Any:
        return api.patch(
            _own_path(object_, request), _own_fields(types, request), "sobjects (one record)"
        )

    def once(part: Sequence[WriteRequest]) -> list[WriteResult]:
        return write_batch(part, send, refused_alone)

    if not requests:
        return []
    results = past_locks(api, requests, once, partial(parents, api, object_))
    results = with_culprits(api, object_, types, requests, results)
    return asked_alone(api, requests, results, alone)


def _path(object_: str, request: WriteRequest) -> str:
    if request.action == "update":
        return "composite/sobjects"
    return f"composite/sobjects/{object_}/{KEY_FIELD}"


def _own_path(object_: str, request: WriteRequest) -> str:
    """The path of one record: by its id, or by our key, which then must not stand in the body."""
    if request.action == "update":
        return f"sobjects/{object_}/{request.native_id}"
    return f"sobjects/{object_}/{KEY_FIELD}/{quote(request.key or '', safe='')}"


def _own_fields(types: Mapping[str, str], request: WriteRequest) -> dict[str, Any]:
    return {
        name: to_json(text, types.get(name, "string")) for name, text in own_cells(request).items()
    }


def _record(object_: str, types: Mapping[str, str], request: WriteRequest) -> dict[str, Any]:
    record = {"attributes": {"type": object_}, **_own_fields(types, request)}
    if request.action == "update":
        return record | {"id": request.native_id}
    return record | {KEY_FIELD: request.key}
