"""Writes in batches of 100, each request with an end of its own.

| what happened to a batch | the results |
|---|---|
| 2xx, 207 too | by trace id: `results.py` |
| 4xx: all or nothing | halved until the culprits stand alone; nothing is sent again that was written |
| 423 after every attempt | the same; what stays locked is refused for now, and left to the next plan |
| lost, 5xx, no answer | unknown: looked up by its key or id before it is sent again, by whoever resumes |

A lifecycle stage that goes back takes two requests (`lifecycle.py`), an opt-out is no property to write
(`consent.py`) and goes ahead of a new address (`addresses.py`), and who is there already is told (`conflicts.py`).
Creates are upserts by our key alone: HubSpot takes companies of one name or domain twice, and no upsert by either.
Without trace ids one bad input would fail a whole batch; ids are never twice in one: developers.hubspot.com, Batch
(2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import FOR_NOW, Send, result, write_batch, write_later
from crmsync.connectors.deltas import has_own, own_cells, refused_ties
from crmsync.connectors.hubspot.addresses import opted_out_ahead, with_addresses
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.conflicts import with_holders
from crmsync.connectors.hubspot.consent import taken_back, without_opt_outs, write_opt_outs
from crmsync.connectors.hubspot.lifecycle import cleared, set_again, steps_back
from crmsync.connectors.hubspot.optouts import Basis
from crmsync.connectors.hubspot.reading import records_by_id
from crmsync.connectors.hubspot.results import KEY_PROPERTY as KEY_PROPERTY
from crmsync.connectors.hubspot.results import TRACE, account, refused_alone
from crmsync.connectors.hubspot.ties import FIELDS, SETS
from crmsync.connectors.hubspot.tying import write_ties
from crmsync.connectors.hubspot.tying_sets import Labels, write_sets
from crmsync.connectors.hubspot.values import to_wire
from crmsync.connectors.shapes import understood
from crmsync.core.records import Schema
from crmsync.errors import CrmsyncError, Refused, Unavailable

_LOCKED = 423


def write(
    api: Api, schema: Schema, requests: Sequence[WriteRequest], labels: Labels, basis: Basis
) -> list[WriteResult]:
    """One result a request, in order: properties first, then opt-outs, then ties of what was written.

    An opt-out that has to be at a new address goes before everything.
    """
    object_ = schema.object
    sets = {name: each.roles for (owner, name), each in SETS.items() if owner == object_}
    odd = refused_ties(requests, {name for owner, name in FIELDS if owner == object_}, sets)
    odd = taken_back(object_, requests) | odd
    ahead = opted_out_ahead(api, schema, basis, requests, odd)
    odd, requests = odd | ahead.ends, ahead.requests
    results = [odd.get(at) or result(request, "written") for at, request in enumerate(requests)]
    own = [without_opt_outs(object_, request) for request in requests]
    with_cells = [at for at, one in enumerate(own) if at not in odd and has_own(one)]
    ends = _write_cells(api, schema, [own[at] for at in with_cells])
    for at, one in zip(with_cells, ends, strict=True):
        results[at] = one
    results = write_opt_outs(api, basis, object_, requests, results)
    results = write_ties(api, object_, requests, results)
    results = write_sets(api, labels, object_, requests, results)
    results = _with_missing(api, object_, requests, results)
    return with_addresses(api, results, ahead)


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
        with understood(object_):
            live = records_by_id(api, object_, list(doubted), []) if doubted else {}
    except CrmsyncError:
        return list(results)
    gone = {at for one, at in doubted.items() if one not in live}
    return [
        replace(one, outcome="missing") if at in gone else one for at, one in enumerate(results)
    ]


def _write_cells(api: Api, schema: Schema, requests: Sequence[WriteRequest]) -> list[WriteResult]:
    ends: dict[int, WriteResult] = {}
    for places in _rounds(requests):
        part = [requests[at] for at in places]
        ends |= zip(places, _write_once(api, schema, part, is_first=not ends), strict=True)
    results = [ends[at] for at in range(len(requests))]
    return with_holders(api, schema.object, requests, results)


def _rounds(requests: Sequence[WriteRequest]) -> list[list[int]]:
    """Places of the requests in as many batches as it takes for no id to be twice in one."""
    rounds: list[list[int]] = []
    seen: list[set[str | None]] = []
    for at, request in enumerate(requests):
        id_ = request.native_id or request.key
        turn = next((n for n, ids in enumerate(seen) if id_ not in ids), len(seen))
        if turn == len(seen):
            seen.append(set())
            rounds.append([])
        seen[turn].add(id_)
        rounds[turn].append(at)
    return rounds


def _write_once(
    api: Api, schema: Schema, requests: Sequence[WriteRequest], *, is_first: bool
) -> list[WriteResult]:
    """The results of requests for different records; raises only if nothing at all was written yet."""
    object_ = schema.object
    send = _sender(api, schema)

    def alone(request: WriteRequest, refusal: Refused) -> WriteResult:
        return refused_alone(api, object_, request, refusal)

    try:
        steps, gone = steps_back(api, schema, requests)
    except CrmsyncError as problem:
        if is_first:
            raise
        return [result(request, "unknown", problem.message) for request in requests]
    first = write_batch if is_first else write_later
    there = [at for at in range(len(requests)) if at not in gone]
    firsts = cleared(requests, steps)
    sent = first([firsts[at] for at in there], send, alone) if there else []
    ends = dict(zip(there, sent, strict=True))
    results = [
        ends.get(at) or result(one, "missing", "the record is gone")
        for at, one in enumerate(requests)
    ]
    return set_again(lambda part: write_later(part, send, alone), requests, results, steps)


def _sender(api: Api, schema: Schema) -> Send:
    object_ = schema.object
    types = {name: native.type for name, native in schema.fields.items()}

    def send(part: Sequence[WriteRequest]) -> list[WriteResult]:
        verb = "update" if part[0].action == "update" else "upsert"
        inputs = [_input(types, request, str(at)) for at, request in enumerate(part)]
        try:
            answer = api.batch_write(object_, verb, inputs)
        except Unavailable as locked:
            if locked.status != _LOCKED:
                raise
            raise Refused(FOR_NOW + locked.message, where=locked.where, status=_LOCKED) from None
        with understood(object_):
            return account(api, object_, part, answer)

    return send


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
