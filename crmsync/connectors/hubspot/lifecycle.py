"""Lifecycle stages that go back: cleared first, set by a request of its own afterwards.

A stage moves forward only. To go back it is cleared and then set; the inputs of one batch have no order, so
the two never travel together: developers.hubspot.com, contacts guide (read 2026-11). Whether a write that goes
straight back is ignored, refused or taken is not known, so none is ever sent. What the record holds in the end
is for the read-back to say.

A set that is refused puts the old stage back, so that nobody takes our own blank for somebody's edit. A set
without an answer leaves the request unknown, with the stage blank or set: whoever asks for it again finishes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.reading import records_by_id
from crmsync.core.records import Native, Schema

STAGE = "lifecyclestage"
OBJECTS = ("contacts", "companies")
Write = Callable[[Sequence[WriteRequest]], list[WriteResult]]


@dataclass(frozen=True, slots=True)
class Step:
    """A stage that goes back: from where, and to where."""

    old: str
    new: str


Steps = Mapping[int, Step]
"""Steps back by the place of their request."""


def steps_back(
    api: Api, schema: Schema, requests: Sequence[WriteRequest]
) -> tuple[Steps, frozenset[int]]:
    """The requests whose stage goes back, or may do so, and those whose record is gone: a call for a batch in
    which there is any stage.

    A stage that is not in the list of options has no place in the order, so it may be either way. A record that does
    not answer under its own id was merged: its stage would go to whoever took its place, straight back perhaps.
    """
    native = schema.fields.get(STAGE)
    asked = {
        at: stage
        for at, one in enumerate(requests)
        if one.action == "update" and (stage := one.cells.get(STAGE))
    }
    if schema.object not in OBJECTS or native is None or not asked:
        return {}, frozenset()
    ids = [requests[at].native_id or "" for at in asked]
    held = records_by_id(api, schema.object, ids, [STAGE])
    found: dict[int, Step] = {}
    for at, stage in asked.items():
        old = _stage_of(held.get(requests[at].native_id or ""))
        if old and old != stage and not _forward(native, old, stage):
            found[at] = Step(old, stage)
    return found, frozenset(at for at in asked if (requests[at].native_id or "") not in held)


def _stage_of(record: Mapping[str, Mapping[str, str | None]] | None) -> str | None:
    return record["properties"].get(STAGE) if record else None


def _forward(native: Native, old: str, new: str) -> bool:
    order = [value for value, _ in native.listed]
    return old in order and new in order and order.index(old) < order.index(new)


def cleared(requests: Sequence[WriteRequest], steps: Steps) -> list[WriteRequest]:
    """The requests as they are sent first: a stage that goes back is cleared."""
    return [
        replace(one, cells={**one.cells, STAGE: None}) if at in steps else one
        for at, one in enumerate(requests)
    ]


def set_again(
    write: Write,
    requests: Sequence[WriteRequest],
    results: Sequence[WriteResult],
    steps: Steps,
) -> list[WriteResult]:
    """The results once the cleared stages are set; `write` sends a part and raises nothing."""
    ends = list(results)
    wanted = {at: step.new for at, step in steps.items() if ends[at].outcome == "written"}
    back: dict[int, WriteResult] = {}
    for at, end in _sent(write, requests, wanted).items():
        if end.outcome == "refused":
            back[at] = end
        elif end.outcome != "written":
            ends[at] = replace(end, message=_half(end.message))
    restored = _sent(write, requests, {at: steps[at].old for at in back})
    for at, end in restored.items():
        ends[at] = _undone(requests[at], back[at], end)
    return ends


def _sent(
    write: Write, requests: Sequence[WriteRequest], stages: Mapping[int, str]
) -> dict[int, WriteResult]:
    part = [replace(requests[at], cells={STAGE: stage}) for at, stage in stages.items()]
    return dict(zip(stages, write(part), strict=True)) if part else {}


def _undone(request: WriteRequest, refused: WriteResult, restored: WriteResult) -> WriteResult:
    """The result of a stage that was refused once it was cleared: the old one stands again, or who knows."""
    if restored.outcome != "written":
        return replace(restored, outcome="unknown", message=_half(refused.message))
    alone = list(request.cells) == [STAGE]
    return replace(refused, outcome="refused" if alone else "written", fields=(STAGE,))


def _half(message: str) -> str:
    return f"the lifecycle stage was cleared and perhaps not set: {message}"
