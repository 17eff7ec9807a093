"""Writes of fields that are sets of ties: what is there is read first, and only the rest is sent.

So a delta can be sent again after a lost answer. Labels that go are taken away before others come,
since a portal may allow a label only once a record: developers.hubspot.com, changelog "custom
association limits" (read 2026-11).

Calls for a batch of 100 records and one other object: a read, and at most one each that unties,
takes labels away, ties, and labels; the labels of the pair are asked for once a connector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from crmsync.connectors.base import WriteRequest, WriteResult
from crmsync.connectors.deltas import read_wish
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
from crmsync.connectors.hubspot.tie_pages import read_ties
from crmsync.connectors.hubspot.ties import SETS, Types, roles_of
from crmsync.connectors.shapes import understood
from crmsync.core.ties import NO_TIES, TieSet
from crmsync.errors import AccessDenied, CrmsyncError, Refused

Labels: TypeAlias = Callable[[str, str], Mapping[str, Mapping[str, Any]]]
"""Labels of people by their words, from one object to another."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one request wants of its ties to one other object: those of both sets together."""

    at: int
    one: str
    names: tuple[str, ...]
    add: TieSet = NO_TIES
    remove: TieSet = NO_TIES

    def pairs(self, wanted: TieSet) -> Iterator[tuple[Pair, str]]:
        """Pair and role of each tie."""
        return (((self.one, other), role) for other, role in sorted(wanted))


def write_sets(
    api: Api,
    labels: Labels,
    object_: str,
    requests: Sequence[WriteRequest],
    results: Sequence[WriteResult],
) -> list[WriteResult]:
    """The results, changed where a set was not written though its record's properties were."""
    ends = list(results)
    for to_object in dict.fromkeys(
        each.to_object for (owner, _), each in SETS.items() if owner == object_
    ):
        wishes = [_wish(at, one, ends[at], (object_, to_object)) for at, one in enumerate(requests)]
        wanted = [wish for wish in wishes if wish.names]
        for wish, (outcome, message) in _write(api, labels, (object_, to_object), wanted):
            ends[wish.at] = replace(
                ends[wish.at],
                outcome=outcome,
                message=message,
                fields=(*ends[wish.at].fields, *wish.names),
            )
    return ends


def _wish(at: int, request: WriteRequest, end: WriteResult, objects: Pair) -> _Wish:
    wish = _Wish(at, end.native_id or "", ())
    if end.outcome != "written" or not end.native_id:
        return wish
    for (owner, name), field in SETS.items():
        if name in request.cells and (owner, field.to_object) == objects:
            add, remove = read_wish(request.cells[name], roles=field.roles)
            names = (*wish.names, name)
            wish = replace(wish, names=names, add=wish.add | add, remove=wish.remove | remove)
    return wish


def _write(
    api: Api, labels: Labels, objects: Pair, wishes: Sequence[_Wish]
) -> Iterator[tuple[_Wish, Failure]]:
    """Wishes that did not come true."""
    if not wishes:
        return
    try:
        known = labels(*objects) if any(role for w in wishes for _, role in w.add) else {}
        unknown = {wish.at: _unknown(wish, known) for wish in wishes}
        failures = _write_known(api, known, objects, [w for w in wishes if not unknown[w.at]])
    except (Refused, AccessDenied) as refusal:
        yield from ((wish, ("refused", refusal.message)) for wish in wishes)
        return
    except CrmsyncError as problem:
        yield from ((wish, ("unknown", problem.message)) for wish in wishes)
        return
    for wish in wishes:
        if unknown[wish.at]:
            yield wish, ("refused", _no_such_label(unknown[wish.at], known, objects))
        elif wish.one in failures:
            yield wish, failures[wish.one]


def _unknown(wish: _Wish, known: Mapping[str, Any]) -> list[str]:
    return sorted({role for _, role in wish.add if role and role not in known})


def _no_such_label(names: Sequence[str], known: Mapping[str, Any], objects: Pair) -> str:
    missing = ", ".join(f"'{name}'" for name in names)
    there = ", ".join(f"'{name}'" for name in sorted(known)) or "none"
    return (
        f"no association label {missing} from {objects[0]} to {objects[1]}; there are: {there}. "
        "Create it in HubSpot (Settings > Objects > Associations), or map the role to one of these "
        "with `values`."
    )


@understood("associations")
def _write_known(
    api: Api, known: Mapping[str, Mapping[str, Any]], objects: Pair, wishes: Sequence[_Wish]
) -> dict[str, Failure]:
    """The failures of records, the unknown before the refused."""
    restless: list[str] = []
    found = read_ties(api, *objects, [wish.one for wish in wishes], restless)
    held = {(one, other): types for one, other, types in found}
    calm = [wish for wish in wishes if wish.one not in restless]
    return unread(restless) | _take_steps(_Steps(api, known, objects, held), calm)


def _take_steps(steps: _Steps, wishes: Sequence[_Wish]) -> dict[str, Failure]:
    """The failures of records whose ties are known."""
    failed: dict[Pair, Failure] = {}
    for step in (steps.untie, steps.unlabel, steps.tie, steps.label):
        failed = step(wishes) | failed
    by_record: dict[str, Failure] = {}
    for (one, _), failure in sorted(failed.items(), key=lambda each: each[1][0] == "unknown"):
        by_record[one] = failure
    return by_record


@dataclass(frozen=True, slots=True)
class _Steps:
    """The four writes, each of what is still to do; `held` are the types of every tie there is."""

    api: Api
    known: Mapping[str, Mapping[str, Any]]
    objects: Pair
    held: dict[Pair, Types]

    def untie(self, wishes: Sequence[_Wish]) -> dict[Pair, Failure]:
        """Takes whole ties away."""
        pairs = [
            pair
            for wish in wishes
            for pair, role in wish.pairs(wish.remove)
            if not role and pair in self.held
        ]
        failures = take_away(pairs, lambda part: self._send("archive", whole_inputs(part)))
        for pair in pairs:
            del self.held[pair]
        return failures

    def unlabel(self, wishes: Sequence[_Wish]) -> dict[Pair, Failure]:
        """Takes labels away; the ties stay."""
        gone: dict[Pair, list[Mapping[str, Any]]] = {}
        for wish in wishes:
            for pair, role in wish.pairs(wish.remove):
                labelled = roles_of(self.held.get(pair, []))
                if role in labelled:
                    gone.setdefault(pair, []).append(labelled[role])
        for pair, types in gone.items():
            self.held[pair] = [one for one in self.held[pair] if one not in types]
        inputs = {pair: [type_input(one) for one in types] for pair, types in gone.items()}
        return take_away(
            list(inputs),
            lambda part: self._send("archive_labels", [pair_input(p, inputs[p]) for p in part]),
        )

    def tie(self, wishes: Sequence[_Wish]) -> dict[Pair, Failure]:
        """Makes plain ties, but for pairs that get a label and with it a tie."""
        labelled = {pair for wish in wishes for pair, role in wish.pairs(wish.add) if role}
        pairs = [
            pair
            for wish in wishes
            for pair, role in wish.pairs(wish.add)
            if not role and pair not in self.held and pair not in labelled
        ]
        return make(
            pairs, lambda part: self._send("create_default", [pair_input(one) for one in part])
        )

    def label(self, wishes: Sequence[_Wish]) -> dict[Pair, Failure]:
        """Adds labels; those a tie has are sent too, since writing replaces them all."""
        new: dict[Pair, list[Mapping[str, Any]]] = {}
        for wish in wishes:
            for pair, role in wish.pairs(wish.add):
                if role and role not in roles_of(self.held.get(pair, [])):
                    new.setdefault(pair, []).append(self.known[role])
        inputs = {
            pair: [type_input(one) for one in (*self._labels_of(pair), *types)]
            for pair, types in new.items()
        }
        return make(
            list(inputs),
            lambda part: self._send("create", [pair_input(p, inputs[p]) for p in part]),
        )

    def _labels_of(self, pair: Pair) -> Types:
        return [one for one in self.held.get(pair, []) if one.get("label")]

    def _send(self, verb: str, inputs: Sequence[Any]) -> Any:
        return self.api.ties_write(*self.objects, verb, inputs)
