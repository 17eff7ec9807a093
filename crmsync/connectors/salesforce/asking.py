"""Asking again alone what a duplicate rule refused in a batch: whom it means, and which cell.

`DUPLICATES_DETECTED` of a Collection does not say who is there already, and does not say which cell of
an update it is about. So a create is sent again as the upsert by its key that it is, an update cell by
cell. Either writes nothing that was not to be written anyway, and nothing is done twice by it.

A composite call would take 25 of these at once, but it reads `@{name}` in a text as a reference, and
texts of people may hold that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.calls import AnswerLost
from crmsync.connectors.deltas import own_cells
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.duplicates import SaidDouble, refs
from crmsync.connectors.salesforce.ids import id18
from crmsync.errors import CrmsyncError, Refused

# Calls for one batch of 200 records; who is beyond them is refused without a name.
MOST_ASKED = 50

Sends = Callable[[WriteRequest], Any]


def asked_alone(
    api: Api, requests: Sequence[WriteRequest], results: Sequence[WriteResult], send: Sends
) -> list[WriteResult]:
    """The results; those that a duplicate rule refused are asked again, to learn whom and which cell it means."""
    ends = list(results)
    left = MOST_ASKED
    for at, (request, one) in enumerate(zip(requests, results, strict=True)):
        parts = _parts(request) if one.alike is not None else []
        known = bool(one.alike) and len(parts) < 2
        if parts and not known and len(parts) <= left:
            left -= len(parts)
            ends[at] = _joined(one, {name: _asked(api, one, part, send) for name, part in parts})
    return ends


def _parts(request: WriteRequest) -> list[tuple[str, WriteRequest]]:
    """What of a request is asked by itself, by the field it is about; a create is asked whole."""
    if request.action == "create":
        return [("", request)]
    return [
        (name, replace(request, cells={name: text})) for name, text in own_cells(request).items()
    ]


def _asked(api: Api, one: WriteResult, part: WriteRequest, send: Sends) -> WriteResult:
    try:
        answer = send(part)
    except SaidDouble as double:
        return replace(one, alike=refs(api.calls.system, double.named))
    except Refused as refusal:
        unasked = refusal.status in (
            404,
            414,
        )  # the address was not understood: nothing new is known
        return one if unasked else replace(one, alike=None, message=refusal.message)
    except AnswerLost as lost:
        return WriteResult(one.change_id, "unknown", one.native_id, message=lost.message)
    except CrmsyncError:
        return one
    told = answer if isinstance(answer, dict) else {}
    native_id = one.native_id or (id18(str(told["id"])) if told.get("id") else None)
    outcome: Any = "written" if native_id else "unknown"
    return WriteResult(one.change_id, outcome, native_id, bool(told.get("created")))


def _joined(one: WriteResult, parts: Mapping[str, WriteResult]) -> WriteResult:
    """One result for a record whose cells were asked one by one: what was refused is named."""
    ends = list(parts.values())
    lost = next((end for end in ends if end.outcome == "unknown"), None)
    if lost is not None:
        return lost
    refused = {name: end for name, end in parts.items() if end.outcome == "refused"}
    if not refused:
        return ends[0]
    alike = [end.alike for end in refused.values() if end.alike is not None]
    end = ends[0] if len(ends) == 1 else one
    return replace(
        end,
        outcome="written" if len(refused) < len(ends) else "refused",
        message="; ".join(dict.fromkeys(each.message for each in refused.values())),
        fields=tuple(name for name in refused if name),
        alike=tuple(dict.fromkeys(ref for each in alike for ref in each)) if alike else None,
    )
