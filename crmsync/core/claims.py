"""What a system refused because it holds the record already: kept, told to a person, and not sent again as it was.

A claim holds as long as nothing changes: neither the cells that were refused, nor the records the system
named. One of those that could be seen then and is gone now (merged, deleted) voids it; so does another value.

Must not know: how claims are kept, or what a system calls its rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from crmsync.core.planning import Change, Held, Line, canonical_json
from crmsync.core.records import Group, Ref, is_observed
from crmsync.core.values import text_of

CLAIMED = "claimed"
"""The reason code of a new record that a claim holds back, followed by the system."""
TAKEN = "taken"
"""That of values of a record that is there, followed by the system and the fields: another record has them."""


def is_taken(line: Line) -> TypeGuard[Held]:
    """True of values of a record that is there, which another record has."""
    return isinstance(line, Held) and line.reason.partition(":")[0] == TAKEN


@dataclass(frozen=True, slots=True)
class Claim:
    """Cells that a system refused by a duplicate rule, as canonical texts, and the records it named.

    `seen` are those of them that could be seen at that moment. What was said of a new record says nothing of
    an update, once the two are one customer.
    """

    action: str
    cells: Mapping[str, str | None]
    alike: tuple[Ref, ...] = ()
    seen: tuple[Ref, ...] = ()


Claims = Mapping[tuple[str, str], Sequence[Claim]]
"""Claims by key and system."""


def claim_text(claim: Claim) -> str:
    """A claim as one text, to be kept."""
    body = {
        "action": claim.action,
        "cells": dict(claim.cells),
        "alike": [_plain(ref) for ref in claim.alike],
        "seen": [_plain(ref) for ref in claim.seen],
    }
    return canonical_json(body).decode("utf-8", "surrogatepass")


def read_claim(text: str) -> Claim:
    """The claim behind its text."""
    body = json.loads(text)
    alike, seen = (tuple(Ref(*each) for each in body[name]) for name in ("alike", "seen"))
    return Claim(body["action"], body["cells"], alike, seen)


def _plain(ref: Ref) -> list[str]:
    return [ref.system, ref.object, ref.id]


def standing(claims: Claims, is_gone: Callable[[Ref], bool]) -> Claims:
    """The claims that nothing has voided since."""
    kept = {
        place: [each for each in found if not any(is_gone(ref) for ref in each.seen)]
        for place, found in claims.items()
    }
    return {place: found for place, found in kept.items() if found}


def claimed_cells(change: Change, claims: Claims) -> frozenset[str]:
    """Fields of a change that claims hold back; a new record is held back whole, or not at all."""
    return frozenset(name for _, names in _holding(change, claims) for name in names)


def held_by(change: Change, claims: Claims) -> Iterator[Held]:
    """What a person reads of what is held back: the records that the system means, its own first."""
    found = _holding(change, claims)
    texts = {cell.field: cell.after for cell in change.cells}
    values = {name: texts[name] for _, names in found for name in names}
    own = Ref(change.system, change.object, change.native_id) if change.native_id else None
    place = (change.entity, change.key, change.system, change.object)
    if found:
        yield _held(place, own, values, [claim for claim, _ in found])


def _held(
    place: tuple[str, str, str, str],
    own: Ref | None,
    values: Mapping[str, str | None],
    found: Sequence[Claim],
) -> Held:
    """One line of what claims hold back of a record: a new one whole, of one that is there some values."""
    system = place[2]
    others = sorted({str(ref) for claim in found for ref in claim.alike} - {str(own)})
    if own is None:
        return Held(*place, f"{CLAIMED}:{system}", tuple(others))
    fields = ",".join(values)
    return Held(*place, f"{TAKEN}:{system},{fields}", (str(own), *others), values)


def open_claims(group: Group, types: Mapping[str, str], claims: Claims) -> Iterator[Held]:
    """What is still held back of one customer: a record that is not there, values that its record does not hold."""
    for (key, system), found in sorted(claims.items()):
        mine = [
            claim for claim in found if key == group.key and _is_open(claim, group, system, types)
        ]
        for claim in mine:
            record = group.records.get(system) if claim.action == "update" else None
            own = record.ref if record else None
            values = _lacking(claim, group, system, types)
            yield _held((group.entity, key, system, ""), own, values, [claim])


def _is_open(claim: Claim, group: Group, system: str, types: Mapping[str, str]) -> bool:
    if claim.action == "create":
        return system not in group.records
    return system in group.records and bool(_lacking(claim, group, system, types))


def _lacking(
    claim: Claim, group: Group, system: str, types: Mapping[str, str]
) -> dict[str, str | None]:
    """The refused values that the record of a system still does not hold."""
    return {
        name: text
        for name, text in claim.cells.items()
        if name in types
        and is_observed(cell := group.cell(system, name))
        and text_of(cell, types[name]) != text
    }


def _holding(change: Change, claims: Claims) -> list[tuple[Claim, list[str]]]:
    """Claims with what each holds back of a change."""
    return list(_holds(change, claims))


def _holds(change: Change, claims: Claims) -> Iterator[tuple[Claim, list[str]]]:
    texts = {cell.field: cell.after for cell in change.cells}
    for claim in claims.get((change.key, change.system), ()):
        same = [name for name, text in texts.items() if claim.cells.get(name, "") == text]
        whole = change.action != "create" or dict(claim.cells) == texts
        if same and whole and claim.action == change.action:
            yield claim, same


def without(change: Change, fields: Collection[str]) -> Change:
    """The change without some cells, under the id that this gives it; maybe without any cell."""
    cells = tuple(cell for cell in change.cells if cell.field not in fields)
    return change if cells == change.cells else replace(change, cells=cells).with_id()
