"""Matching as properties: one record, one customer; keys that stay; no order (I27)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from crmsync.core.matching import Ambiguity, Candidate, Match, key_of, match
from crmsync.core.records import Ref

RULES = ("email", "phone")
Crowd = tuple[Candidate, ...]


@st.composite
def candidates(draw: Any) -> Crowd:
    """Records of three systems with few marks; some are linked, at most one a system to a key."""
    found: list[Candidate] = []
    taken: set[tuple[str, str]] = set()
    for number in range(draw(st.integers(2, 8))):
        system = draw(st.sampled_from(("alpha", "beta", "gamma")))
        marks = (
            draw(st.sampled_from((None, "m1", "m2"))),
            draw(st.sampled_from((None, "p1", "p2"))),
        )
        key = draw(st.sampled_from((None, None, "k1", "k2")))
        if (system, key or "") in taken:
            key = None
        taken.add((system, key or str(number)))
        found.append(Candidate(Ref(system, "contact", str(number)), marks, key))
    return tuple(found)


def _match(crowd: Sequence[Candidate]) -> tuple[list[Match], list[Ambiguity]]:
    return match("lineage", "contact", RULES, crowd)


def links_each_record_once(crowd: Crowd) -> None:
    """I27: one record belongs to one customer, one customer has one record a system, for good."""
    matches, ambiguities = _match(crowd)
    linked = Counter(ref for each in matches for ref in each.refs)
    assert all(times == 1 for times in linked.values()), "linked twice"
    known = {each.ref for each in crowd if each.key is not None} | linked.keys()
    assert all(set(each.refs) - known for each in ambiguities), "linked, although a person is asked"
    seats = Counter((each.key, each.ref.system) for each in crowd if each.key is not None)
    seats.update((each.key, ref.system) for each in matches for ref in each.refs)
    assert all(times == 1 for times in seats.values()), f"two records for one customer: {seats}"
    known = {each.ref for each in crowd if each.key is not None}
    assert not known & linked.keys(), "a record that was linked is linked anew"


def several_candidates_are_never_linked(crowd: Crowd) -> None:
    """I27: where one system has two records with a mark, none of those with it is linked by it."""
    matches, _ = _match(crowd)
    linked = {ref: each.how for each in matches for ref in each.refs}
    marks = Counter((c.ref.system, c.marks[0]) for c in crowd if c.marks[0] is not None)
    for each in crowd:
        if each.marks[0] is not None and marks[each.ref.system, each.marks[0]] > 1:
            assert linked.get(each.ref) != "email", f"linked by a mark that two share: {each}"


def the_order_of_records_does_not_matter(crowd: Crowd) -> None:
    """I22 for matching: any order of records gives the same links and the same questions."""
    assert (
        _match(crowd)
        == _match(crowd[::-1])
        == _match(sorted(crowd, key=lambda c: c.marks[1] or ""))
    )


def objections_are_heard(crowd: Crowd) -> None:
    """I27: no link by the first rule of two records that the second, asked for objections, takes elsewhere."""
    matches, ambiguities = match("lineage", "contact", RULES, crowd, objectors={0: [1]})
    again = match("lineage", "contact", RULES, crowd[::-1], objectors={0: [1]})
    assert (matches, ambiguities) == again, "the order of records decided"
    known = {each.ref for each in crowd if each.key is not None}
    known |= {ref for each in matches for ref in each.refs}
    assert all(set(each.refs) - known for each in ambiguities), "linked and asked"
    for each in matches:
        members = [c for c in crowd if c.ref in each.refs or c.key == each.key]
        marks = {c.marks[0] for c in crowd if c.ref in each.refs}
        members = [c for c in members if c.marks[0] in marks] if each.how == "email" else []
        for one, other in permutations(members, 2):
            met = {
                c.ref
                for c in crowd
                if c.marks[1] == one.marks[1] and c.ref.system == other.ref.system
            }
            assert one.marks[1] is None or not met or other.ref in met, (
                f"an objection was not heard: {each}"
            )


def nothing_is_left_for_the_next(crowd: Crowd) -> None:
    """I27: over the links it made itself, a matching links nobody and asks the same."""
    matches, ambiguities = _match(crowd)
    keys = {ref: each.key for each in matches for ref in each.refs}
    after = [replace(each, key=keys.get(each.ref, each.key)) for each in crowd]
    assert _match(after) == ([], ambiguities), "the next plan knows more"


def keys_are_stable(crowd: Crowd) -> None:
    """Lost state leads to the same keys: the smallest ref alone makes the key, and a known one stays."""
    forgotten = [replace(each, key=None) for each in crowd]
    found = _match(forgotten)[0]
    first = {key_of("lineage", "contact", [min(each.refs)]) for each in found}
    assert {each.key for each in found} <= first, "not the key of the first ref"
    keys = {candidate.ref: candidate.key for candidate in crowd}
    for each in _match(crowd)[0]:
        partners = {keys[ref] for ref in keys if keys[ref] == each.key}
        fresh = {key_of("lineage", "contact", one.refs) for one in _match(crowd)[0]}
        assert partners or each.key in fresh, f"a key from nowhere: {each}"
