"""Writes of fields that are ties: associate and detach, after the properties were written.

A parent goes before another one is set, so between two calls the company has none. It is not taken away for one that
nobody can be tied to; where the new one is refused all the same, the old one is put back, so that nobody takes our
own blank for somebody's edit. An answer that is lost leaves the request unknown: whoever asks for it again finishes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.pairs import (
    Failure,
    Pair,
    make,
    pair_input,
    take_away,
    type_input,
    unread,
    whole_inputs,
)
from crmsync.connectors.hubspot.reading import records_by_id
from crmsync.connectors.hubspot.tie_pages import read_ties
from crmsync.connectors.hubspot.ties import DEFINED, TIES, Tie, Types
from crmsync.connectors.shapes import understood
from crmsync.errors import CrmsyncError, Refused

# Fields whose old tie goes before the new one comes
STEPWISE: Mapping[str, frozenset[str]] = {
    owner: frozenset(name for (each, name), tie in TIES.items() if each == owner and not tie.whole)
    for owner, _ in TIES
}


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
                ends[at] = replace(
                    ends[at],
                    outcome=outcome,
                    message=message,
                    fields=(*ends[at].fields, name),
                )
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
        failures = _write_each(api, object_, tie, wishes)
    except Refused as refusal:
        return [(wish.at, "refused", refusal.message) for wish in wishes]
    except CrmsyncError as problem:
        return [(wish.at, "unknown", problem.message) for wish in wishes]
    return [(wish.at, *failures[wish.one]) for wish in wishes if wish.one in failures]


@understood("associations")
def _write_each(api: Api, object_: str, tie: Tie, wishes: Sequence[_Wish]) -> dict[str, Failure]:
    """Failures by the record whose tie it was."""
    restless: list[str] = []
    ids = [wish.one for wish in wishes]
    found = read_ties(api, object_, tie.to_object, ids, restless)
    held = {(one, other): types for one, other, types in found}
    calm = [wish for wish in wishes if wish.one not in restless]
    return unread(restless) | _write_calm(api, object_, tie, calm, held)


def _write_calm(
    api: Api, object_: str, tie: Tie, wishes: Sequence[_Wish], held: Mapping[Pair, Types]
) -> dict[str, Failure]:
    """Failures by record, of records whose ties are known."""
    failures = _impossible(api, tie, wishes, held)
    away = _to_detach(tie, _without(wishes, failures), held)
    failures |= _detach(api, object_, tie, away)
    made = _associate(api, object_, tie, _without(wishes, failures), held)
    failures |= made | _put_back(api, object_, tie, away, held, made)
    return {pair[0]: failure for pair, failure in failures.items()}


def _without(wishes: Sequence[_Wish], failures: Mapping[Pair, Failure]) -> list[_Wish]:
    failed = {one for one, _ in failures}
    return [wish for wish in wishes if wish.one not in failed]


def _impossible(
    api: Api, tie: Tie, wishes: Sequence[_Wish], held: Mapping[Pair, Types]
) -> dict[Pair, Failure]:
    """Wishes that would take a tie away for a record that is gone, or for the record itself. A call, if any does."""
    losing = {one for one, _ in _to_detach(tie, wishes, held)}
    wanted = [(w.one, w.other) for w in wishes if w.other is not None and w.one in losing]
    others = sorted({other for _, other in wanted})
    live = records_by_id(api, tie.to_object, others, []) if others else {}
    found: dict[Pair, Failure] = {}
    for one, other in wanted:
        if one == other:
            found[one, other] = "refused", f"{other} cannot be tied to itself"
        elif other not in live:
            found[one, other] = "refused", f"{other} is gone: nothing can be tied to it"
    return found


def _put_back(
    api: Api,
    object_: str,
    tie: Tie,
    away: Sequence[Pair],
    held: Mapping[Pair, Types],
    made: Mapping[Pair, Failure],
) -> dict[Pair, Failure]:
    """Failures to put back the ties that went for others that were refused: then nobody knows what stands."""
    refused = {pair[0]: message for pair, (end, message) in made.items() if end == "refused"}
    lost = [_Wish(0, one, other) for one, other in away if one in refused]
    as_left = {pair: _others(tie, types) for pair, types in held.items()}
    return {
        pair: (
            "unknown",
            f"the old tie was taken away and perhaps not put back: {refused[pair[0]]}",
        )
        for pair in _associate(api, object_, tie, lost, as_left)
    }


def _has(types: Types, tie: Tie) -> bool:
    return any(
        one.get("category") == DEFINED and int(one["typeId"]) == tie.type_id for one in types
    )


def _others(tie: Tie, types: Types) -> Types:
    return [one for one in types if not _has([one], tie)]


def _to_detach(tie: Tie, wishes: Sequence[_Wish], held: Mapping[Pair, Types]) -> list[Pair]:
    """Ties to take away: of blanks, and a parent before another one is set.

    A new primary company takes the mark from the old one by itself, whose tie stays.
    """
    wanted = {wish.one: wish.other for wish in wishes}
    return [
        pair
        for pair, types in held.items()
        if pair[0] in wanted
        and _has(types, tie)
        and (wanted[pair[0]] is None or (not tie.whole and wanted[pair[0]] != pair[1]))
    ]


def _detach(api: Api, object_: str, tie: Tie, pairs: Sequence[Pair]) -> dict[Pair, Failure]:
    kind = [{"associationCategory": DEFINED, "associationTypeId": tie.type_id}]
    verb = "archive" if tie.whole else "archive_labels"

    def send(part: Sequence[Pair]) -> Any:
        inputs = whole_inputs(part) if tie.whole else [pair_input(pair, kind) for pair in part]
        return api.ties_write(object_, tie.to_object, verb, inputs)

    return take_away(pairs, send)


def _associate(
    api: Api, object_: str, tie: Tie, wishes: Sequence[_Wish], held: Mapping[Pair, Types]
) -> dict[Pair, Failure]:
    pairs = [
        (wish.one, wish.other)
        for wish in wishes
        if wish.other is not None and not _has(held.get((wish.one, wish.other), []), tie)
    ]

    def send(part: Sequence[Pair]) -> Any:
        inputs = [pair_input(pair, _types(tie, held.get(pair, []))) for pair in part]
        return api.ties_write(object_, tie.to_object, "create", inputs)

    return make(pairs, send)


def _types(tie: Tie, held: Types) -> list[dict[str, Any]]:
    """The type wanted, and the labels the tie has: writing replaces them all."""
    kept = [type_input(one) for one in held if one.get("label") and not _has([one], tie)]
    return [{"associationCategory": DEFINED, "associationTypeId": tie.type_id}, *kept]
