"""Rows locked by somebody else: tried again by themselves, those of one parent together.

A contact, an opportunity or a role locks its account or opportunity while it is written, so rows of one
parent in several calls wait for each other. What stays locked is refused for now, and for good is
nothing: a later run plans it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.batches import FOR_NOW, chunks
from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.connectors.salesforce.ids import id18
from crmsync.errors import CrmsyncError
from crmsync.language import _

# What a write locks beside its own record: developer.salesforce.com, Record Locking Cheat Sheet (read 2026-11)
PARENTS: Mapping[str, str] = {"Contact": "AccountId", "Opportunity": "AccountId"}
LOCKED = "UNABLE_TO_LOCK_ROW"
# Seconds before each further attempt, and how many rows a call of it has: the fewer, the sooner it is over.
ATTEMPTS: tuple[tuple[float, int], ...] = ((0.5, 200), (1.0, 50), (2.0, 10))

Writes = Callable[[Sequence[WriteRequest]], list[WriteResult]]
Parents = Callable[[Sequence[WriteRequest]], Sequence[str]]


def past_locks(
    api: Api, requests: Sequence[WriteRequest], once: Writes, parents_of: Parents
) -> list[WriteResult]:
    """The results of `once`; locked rows are tried again alone, in the order of their parents."""
    results = once(requests)
    locked = _locked(results)
    order = _by_parent(locked, parents_of([requests[at] for at in locked])) if locked else []
    for wait_s, size in ATTEMPTS:
        if not order:
            return results
        api.calls.wait(wait_s, _("rows that somebody else has locked"))
        for part in chunks(order, size):
            for at, one in zip(part, _again(once, requests, results, part), strict=True):
                results[at] = one
        still = set(_locked(results))
        order = [at for at in order if at in still]
    for at in order:
        results[at] = replace(results[at], message=FOR_NOW + results[at].message)
    return results


def _again(
    once: Writes,
    requests: Sequence[WriteRequest],
    results: Sequence[WriteResult],
    part: Sequence[int],
) -> list[WriteResult]:
    """The results of a further attempt; as they were if it cannot be made: others were written before."""
    try:
        return once([requests[at] for at in part])
    except CrmsyncError:
        return [results[at] for at in part]


def _locked(results: Sequence[WriteResult]) -> list[int]:
    return [at for at, one in enumerate(results) if one.message.startswith(LOCKED)]


def _by_parent(places: Sequence[int], parents: Sequence[str]) -> list[int]:
    return [at for _, at in sorted(zip(parents, places, strict=True))]


def parents(api: Api, object_: str, requests: Sequence[WriteRequest]) -> list[str]:
    """The record that each write locks beside its own, "" where none is known: a query at most."""
    field = PARENTS.get(object_)
    if field is None:
        return ["" for _ in requests]
    unsaid = {id18(r.native_id) for r in requests if r.native_id and field not in r.cells}
    held = _held(api, object_, field, sorted(unsaid)) if unsaid else {}
    return [
        str(request.cells.get(field) or "")
        if field in request.cells
        else held.get(id18(request.native_id or ""), "")
        for request in requests
    ]


def _held(api: Api, object_: str, field: str, ids: Sequence[str]) -> dict[str, str]:
    """{id: parent}; nothing if it cannot be told, for the order is a help and no condition."""
    try:
        rows = api.rows(select(["Id", field], object_, f" WHERE Id IN ({quoted(ids)})"))
    except CrmsyncError:
        return {}
    return {id18(str(row.get("Id"))): str(row.get(field) or "") for row in rows}
