"""Writes of fields that are ties: associate and detach, after the properties were written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.problems import words
from crmsync.connectors.hubspot.ties import DEFINED, TIES, Tie, Types, read_ties
from crmsync.connectors.shapes import understood
from crmsync.errors import CrmsyncError, Refused

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one request wants of one tie."""

    at: int
    one: str
    other: str | None


def write_ties(
    api: Api, object_: str, requests: Sequence[WriteRequest], results: Sequence[WriteResult]
) -> list[WriteResult]:
    """The results, changed where a tie was not written though its record's properties were."""
    ends = list(results)
    for (owner, name), tie in TIES.items():
        wishes = [_wish(at, request, ends[at], name) for at, request in enumerate(requests)]
        wanted = [wish for wish in wishes if wish is not None] if owner == object_ else []
        if wanted:
            for at, outcome, message in _write_tie(api, object_, tie, wanted):
                ends[at] = replace(ends[at], outcome=outcome, message=message, fields=(name,))
    return ends


def _wish(at: int, request: WriteRequest, end: WriteResult, name: str) -> _Wish | None:
    if end.outcome != "written" or end.native_id is None or name not in request.cells:
        return None
    return _Wish(at, end.native_id, request.cells[name])


def _write_tie(
    api: Api, object_: str, tie: Tie, wishes: Sequence[_Wish]
) -> list[tuple[int, Any, str]]:
    """(place, outcome, message) of wishes that did not come true."""
    try:
        return _write_each(api, object_, tie, wishes)
    except Refused as refusal:
        return [(wish.at, "refused", refusal.message) for wish in wishes]
    except CrmsyncError as problem:
        return [(wish.at, "unknown", problem.message) for wish in wishes]


@understood("associations")
def _write_each(
    api: Api, object_: str, tie: Tie, wishes: Sequence[_Wish]
) -> list[tuple[int, Any, str]]:
    held = {
        (one, other): types
        for one, other, types in read_ties(
            api, object_, tie.to_object, [wish.one for wish in wishes]
        )
    }
    _detach(api, object_, tie, _to_detach(tie, wishes, held))
    return _associate(api, object_, tie, wishes, held)


def _has(types: Types, tie: Tie) -> bool:
    return any(
        one.get("category") == DEFINED and int(one["typeId"]) == tie.type_id for one in types
    )


def _to_detach(tie: Tie, wishes: Sequence[_Wish], held: Mapping[Pair, Types]) -> list[Pair]:
    """Ties to take away: of blanks, and a parent before another one is set.

    A new primary company takes the mark from the old one by itself, whose tie stays.
    """
    wanted = {wish.one: wish.other for wish in wishes}
    return [
        pair
        for pair, types in held.items()
        if _has(types, tie)
        and (wanted[pair[0]] is None or (not tie.whole and wanted[pair[0]] != pair[1]))
    ]


def _detach(api: Api, object_: str, tie: Tie, pairs: Sequence[Pair]) -> None:
    if not pairs:
        return
    if tie.whole:
        inputs: list[Any] = [{"from": {"id": one}, "to": [{"id": other}]} for one, other in pairs]
        api.ties_write(object_, tie.to_object, "archive", inputs)
        return
    kind = [{"associationCategory": DEFINED, "associationTypeId": tie.type_id}]
    inputs = [_pair_input(pair, kind) for pair in pairs]
    api.ties_write(object_, tie.to_object, "archive_labels", inputs)


def _associate(
    api: Api, object_: str, tie: Tie, wishes: Sequence[_Wish], held: Mapping[Pair, Types]
) -> list[tuple[int, Any, str]]:
    pairs = {
        wish.at: (wish.one, wish.other)
        for wish in wishes
        if wish.other is not None and not _has(held.get((wish.one, wish.other), []), tie)
    }
    if not pairs:
        return []
    return _associate_all(
        pairs,
        lambda part: api.ties_write(
            object_,
            tie.to_object,
            "create",
            [_pair_input(pair, _types(tie, held.get(pair, []))) for pair in part],
        ),
    )


def _associate_all(
    pairs: Mapping[int, Pair], send: Callable[[list[Pair]], Any]
) -> list[tuple[int, Any, str]]:
    """Ends of ties; a batch refused as a whole is sent again one by one."""
    try:
        answer = send(list(pairs.values()))
    except Refused as refusal:
        if len(pairs) == 1:
            return [(at, "refused", refusal.message) for at in pairs]
        single = [_associate_all({at: pair}, send) for at, pair in pairs.items()]
        return [end for ends in single for end in ends]
    return _not_done(pairs, answer if isinstance(answer, dict) else {})


def _not_done(pairs: Mapping[int, Pair], answer: Mapping[str, Any]) -> list[tuple[int, Any, str]]:
    done = {
        (str(one.get("fromObjectId")), str(one.get("toObjectId")))
        for one in answer.get("results") or ()
    }
    errors = list(answer.get("errors") or ())
    reasons = "; ".join(words(one) for one in errors)
    outcome = "refused" if errors else "unknown"
    message = reasons or "the answer does not name the association"
    return [(at, outcome, message) for at, pair in pairs.items() if pair not in done]


def _types(tie: Tie, held: Types) -> list[dict[str, Any]]:
    """The type wanted, and the labels the tie has: writing replaces them all."""
    kept = [
        {"associationCategory": one["category"], "associationTypeId": int(one["typeId"])}
        for one in held
        if one.get("label") and not _has([one], tie)
    ]
    return [{"associationCategory": DEFINED, "associationTypeId": tie.type_id}, *kept]


def _pair_input(pair: Pair, types: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"from": {"id": pair[0]}, "to": {"id": pair[1]}, "types": list(types)}
