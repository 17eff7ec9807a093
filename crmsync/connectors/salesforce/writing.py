"""Writes through sObject Collections: 200 records a call, each with an end of its own.

The status is 200 even when every record failed; results come in the order of the request; a failed
one has no id: developer.salesforce.com, sObject Collections (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import result, write_batch
from crmsync.connectors.deltas import ALL, ROLES, has_own, own_cells, refused_ties
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.results import past_locks, read_results, refused_alone
from crmsync.connectors.salesforce.ties import TieField
from crmsync.connectors.salesforce.tying import write_ties
from crmsync.connectors.salesforce.values import to_json
from crmsync.connectors.shapes import understood

KEY_FIELD = "crmsync_key__c"
BATCH_SIZE = 200
# Assignment rules would change the owner of what we write: developer.salesforce.com, Assignment
# Rule Header (read 2026-11)
HEADERS = {"Sforce-Auto-Assign": "FALSE"}


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
        answer = api.patch(_path(object_, part[0]), body, HEADERS)
        with understood(object_):
            return read_results(api, part, answer)

    if not requests:
        return []
    return past_locks(api, requests, lambda part: write_batch(part, send, refused_alone))


def _path(object_: str, request: WriteRequest) -> str:
    if request.action == "update":
        return "composite/sobjects"
    return f"composite/sobjects/{object_}/{KEY_FIELD}"


def _record(object_: str, types: Mapping[str, str], request: WriteRequest) -> dict[str, Any]:
    record: dict[str, Any] = {"attributes": {"type": object_}}
    for name, text in own_cells(request).items():
        record[name] = to_json(text, types.get(name, "string"))
    if request.action == "update":
        return record | {"id": request.native_id}
    return record | {KEY_FIELD: request.key}
