"""Which records are one group: pairs joined one by one, the surest first.

| two groups | are joined by a pair |
|---|---|
| a record of one and a record of the other were vetoed | never |
| both have a record of a system that is declared clean | never |
| together they would be more than `largest` | never |
| each has two records or more, and only this pair ties them | if it is sure: a bridge joins no two crowds |
| else | yes |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Pair = tuple[int, int]


@dataclass(slots=True)
class _Groups:
    """The groups so far, each under one of its records; `ties` are pairs between two that were not joined."""

    largest: int
    sure: float
    kinds: Mapping[int, str]
    group: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    apart: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    ties: defaultdict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, record: int) -> int:
        if record not in self.group:
            self.group[record] = record
            self.members[record] = [record]
        return self.group[record]

    def offer(self, one: int, other: int, probability: float) -> None:
        """Joins the groups of two records if nothing speaks against it."""
        first, second = sorted((self.of(one), self.of(other)))
        if first == second or not self._may(first, second):
            return
        self._tie(first, second, 1)
        if self._is_bridge(first, second) and probability < self.sure:
            return
        self._join(first, second)

    def _may(self, first: int, second: int) -> bool:
        ours, theirs = self.members[first], self.members[second]
        if len(ours) + len(theirs) > self.largest:
            return False
        if any(self.apart[each] & set(theirs) for each in ours if each in self.apart):
            return False
        kinds = {self.kinds[each] for each in ours if each in self.kinds}
        return not any(self.kinds.get(each) in kinds for each in theirs if each in self.kinds)

    def _is_bridge(self, first: int, second: int) -> bool:
        small = min(len(self.members[first]), len(self.members[second]))
        return small > 1 and self.ties[first][second] < 2

    def _tie(self, first: int, second: int, count: int) -> None:
        told = self.ties[first].get(second, 0) + count
        self.ties[first][second] = self.ties[second][first] = told

    def _join(self, first: int, second: int) -> None:
        moved = self.members.pop(second)
        self.members[first] += moved
        for each in moved:
            self.group[each] = first
        for third, count in self.ties.pop(second, {}).items():
            del self.ties[third][second]
            if third != first:
                self._tie(first, third, count)


def join_records(
    pairs: Iterable[tuple[int, int, float]],
    vetoed: Iterable[Pair] = (),
    kinds: Mapping[int, str] | None = None,
    *,
    largest: int = 25,
    sure: float = 0.99,
) -> list[list[int]]:
    """The groups of two records and more, each sorted, in the order of their first.

    `pairs` are (record, record, probability) of those that may be one, in any order; `kinds` names for a record the
    system in which nobody is twice. The same pairs give the same groups, whatever their order.
    """
    groups = _Groups(largest, sure, kinds or {})
    for one, other in vetoed:
        groups.apart[one].add(other)
        groups.apart[other].add(one)
    ordered = sorted(pairs, key=lambda pair: (-pair[2], min(pair[:2]), max(pair[:2])))
    for one, other, probability in ordered:
        groups.offer(one, other, probability)
    return sorted(sorted(each) for each in groups.members.values() if len(each) > 1)
