"""What a search for duplicates found, pair by pair: what is kept of it for audits.

A pair is a bridge if its group falls into two without it. Records of one customer hold together without any pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from crmsync.core.duplicate_groups import DuplicateGroup, DuplicatePair, Tier
from crmsync.core.records import Ref

Edge = frozenset[Ref]


@dataclass(frozen=True, slots=True)
class FoundPair:
    """Two records of a group that may be one: how probable that is, what a person said, how large the group is.

    `side` is how many records would go with the smaller part if this pair were cut; 0 if the group holds without it.
    """

    group: int
    size: int
    tier: Tier
    one: Ref
    other: Ref
    probability: float
    decided: str
    side: int


def found_pairs(group: DuplicateGroup) -> Iterator[FoundPair]:
    """The pairs of a group, those left out that somebody decided are two."""
    pairs = [each for each in group.pairs if each.decided != "no"]
    held = {
        frozenset((one.ref, other.ref))
        for one, other in combinations(group.records, 2)
        if one.key == other.key
    }
    edges = held | {_edge(each) for each in pairs}
    for each in pairs:
        side = 0 if _edge(each) in held else _cut(edges, each)
        size, word = len(group.records), each.decided or ""
        yield FoundPair(
            group.number, size, group.tier, each.one, each.other, each.probability, word, side
        )


def _edge(pair: DuplicatePair) -> Edge:
    return frozenset((pair.one, pair.other))


def _cut(edges: Collection[Edge], pair: DuplicatePair) -> int:
    """How many records the smaller part has without the pair; 0 if its records are still together."""
    rest = [each for each in edges if each != _edge(pair)]
    near = _reached(rest, pair.one)
    return 0 if pair.other in near else min(len(near), len(_reached(rest, pair.other)))


def _reached(edges: Iterable[Edge], start: Ref) -> set[Ref]:
    beside: defaultdict[Ref, set[Ref]] = defaultdict(set)
    for edge in edges:
        for each in edge:
            beside[each] |= edge
    found, new = {start}, {start}
    while new:
        new = {other for each in new for other in beside[each]} - found
        found |= new
    return found
