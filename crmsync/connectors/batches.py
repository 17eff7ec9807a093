"""Many things in pieces, and the results of a batch of writes, whatever became of the batch as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeVar

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.calls import AnswerLost
from crmsync.errors import AnswerBroken, CrmsyncError, Refused

T = TypeVar("T")
FOR_NOW = "locked by somebody else all the while, and left to the next plan: "
"""Before the words of a lock that outlived every attempt: it is refused for now."""
Send = Callable[[Sequence[WriteRequest]], list[WriteResult]]


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in pieces of at most `size`, in order."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def batched(items: Iterator[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`; what comes before a broken answer is given first."""
    part: list[T] = []
    try:
        for item in items:
            part.append(item)
            if len(part) == size:
                yield part
                part = []
    except AnswerBroken:
        if part:
            yield part
        raise
    if part:
        yield part


def result(
    request: WriteRequest,
    outcome: Literal["written", "refused", "missing", "unknown"],
    message: str = "",
    fields: Sequence[str] = (),
) -> WriteResult:
    """The result of one request for a record whose id is known, if at all, from the request."""
    return WriteResult(
        request.change_id, outcome, request.native_id, message=message, fields=tuple(fields)
    )


def write_batch(
    requests: Sequence[WriteRequest],
    send: Send,
    alone: Callable[[WriteRequest, Refused], WriteResult],
) -> list[WriteResult]:
    """One result a request, in order.

    A batch refused as a whole has written nothing: it is halved until the culprits stand alone, and
    `alone` says what their refusal means. A lost answer leaves the whole batch unknown. Raises what
    `send` raises only while nothing can have been written.
    """
    try:
        return send(requests)
    except (AnswerLost, AnswerBroken) as lost:
        return [result(request, "unknown", lost.message) for request in requests]
    except Refused as refusal:
        if len(requests) == 1:
            return [alone(requests[0], refusal)]
        middle = len(requests) // 2
        halves = (requests[:middle], requests[middle:])
        return [one for half in halves for one in write_later(half, send, alone)]


def write_later(
    requests: Sequence[WriteRequest],
    send: Send,
    alone: Callable[[WriteRequest, Refused], WriteResult],
) -> list[WriteResult]:
    """As `write_batch`, when others of the batch may have been written already."""
    try:
        return write_batch(requests, send, alone)
    except CrmsyncError as problem:
        return [result(request, "unknown", problem.message) for request in requests]
