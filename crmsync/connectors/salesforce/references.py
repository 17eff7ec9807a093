"""Which cell a refusal is about that names none: an owner or a parent that is not there, or may not be one.

`INVALID_CROSS_REFERENCE_KEY` is said of a record that is gone and of one that leads to such a record, in
the same words: the record is looked for before it is taken for gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.deltas import own_cells
from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.connectors.salesforce.ids import id18
from crmsync.errors import CrmsyncError

NOWHERE = "INVALID_CROSS_REFERENCE_KEY"
# developer.salesforce.com, Status Codes and Error Responses (read 2026-11)
_OF_OWNERS = ("INACTIVE_OWNER_OR_USER", "TRANSFER_REQUIRES_READ")


def with_culprits(
    api: Api,
    object_: str,
    types: Mapping[str, str],
    requests: Sequence[WriteRequest],
    results: Sequence[WriteResult],
) -> list[WriteResult]:
    """The results; refusals that name no field name those that can be meant, and who is there is not missing."""
    named = {
        at: names
        for at, (request, one) in enumerate(zip(requests, results, strict=True))
        if (names := _culprits(types, request, one))
    }
    doubted = {
        at: id18(results[at].native_id or "") for at in named if results[at].outcome == "missing"
    }
    live = _live(api, object_, sorted(set(doubted.values()))) if doubted else set()
    ends = list(results)
    for at, names in named.items():
        if doubted.get(at, "") in {"", *live}:
            ends[at] = replace(ends[at], outcome="refused", fields=names)
    return ends


def _culprits(types: Mapping[str, str], request: WriteRequest, one: WriteResult) -> tuple[str, ...]:
    """Fields of a request that a refusal can be about; none where it says so itself, or is about another thing."""
    if one.outcome not in ("refused", "missing") or one.fields:
        return ()
    cells = own_cells(request)
    if one.message.startswith(_OF_OWNERS):
        return tuple(name for name in ("OwnerId",) if name in cells)
    if one.message.startswith(NOWHERE):
        return tuple(
            name for name, text in cells.items() if text and types.get(name) == "reference"
        )
    return ()


def _live(api: Api, object_: str, ids: Sequence[str]) -> set[str]:
    """Those of some records that are there; none if that cannot be told, and a later run looks again."""
    try:
        rows = api.rows(select(["Id"], object_, f" WHERE Id IN ({quoted(ids)})"))
    except CrmsyncError:
        return set()
    return {id18(str(row.get("Id"))) for row in rows}
