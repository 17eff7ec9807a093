"""Pairs that people decided to be two, and what they forbid while records are matched.

| records that share a mark | then |
|---|---|
| no two of them, or of their customers, were decided to be two | matched as ever |
| every two that could be linked were decided to be two | nobody is linked by this rule, and nobody is asked |
| some were, and others are open | nobody is linked by this rule or a later one: an ambiguity asks |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol, TypeAlias

from crmsync.core.records import Ref


@dataclass(frozen=True, slots=True)
class Apart:
    """Pairs that people decided to be two: they speak against the rule at `place` and every later one.

    `linked` are records of such pairs that a customer has already, by key.
    """

    pairs: frozenset[frozenset[Ref]] = frozenset()
    place: int = 0
    linked: Mapping[str, Iterable[Ref]] = field(default_factory=dict)


class Member(Protocol):
    """A record that is matched, and the key it has already."""

    @property
    def ref(self) -> Ref:
        """Its address."""
        ...

    @property
    def key(self) -> str | None:
        """The key of its customer, None for a record that is linked to nobody."""
        ...


Customer: TypeAlias = Ref | str
_NOBODY: frozenset[Ref] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """Whom people keep apart: from whom each record, from which rule on, and which of them each key has."""

    others: Mapping[Ref, set[Ref]]
    place: int
    of_key: defaultdict[str, set[Ref]]

    @classmethod
    def of(cls, apart: Apart) -> Kept:
        """The same, by record."""
        others: defaultdict[Ref, set[Ref]] = defaultdict(set)
        for one, other in (sorted(pair) for pair in apart.pairs):
            others[one].add(other)
            others[other].add(one)
        linked = {key: set(refs) for key, refs in apart.linked.items()}
        return cls(dict(others), apart.place, defaultdict(set, linked))

    def join(self, key: str, refs: Iterable[Ref]) -> None:
        """Notes that records were linked."""
        self.of_key[key] |= {ref for ref in refs if ref in self.others}

    def forbids(self, place: int, members: Sequence[Member]) -> bool:
        """True if members, or their customers, were decided to be two."""
        if not self.others or place < self.place:
            return False
        everybody = {ref for refs in self._customers(members).values() for ref in refs}
        return self._are_two(everybody, everybody)

    def settles(self, place: int, members: Sequence[Member]) -> bool:
        """True if every two that a later rule could link were decided to be two: then there is nothing to ask."""
        if place <= self.place or not self.forbids(place, members):
            return False
        customers = self._customers(members)
        systems = _systems(members)
        return all(
            self._are_two(customers[one], customers[other])
            for one, other in combinations(customers, 2)
            if _are_open(one, other) and not systems[one] & systems[other]
        )

    def _customers(self, members: Sequence[Member]) -> dict[Customer, set[Ref]]:
        """The records of each customer among the members, and those it has already that matter here."""
        found: dict[Customer, set[Ref]] = {}
        for member in members:
            known = set() if member.key is None else self.of_key[member.key]
            found.setdefault(member.key or member.ref, set(known)).add(member.ref)
        return found

    def _are_two(self, one: set[Ref], other: set[Ref]) -> bool:
        return any(self.others.get(ref, _NOBODY) & other for ref in one)


def _systems(members: Sequence[Member]) -> dict[Customer, set[str]]:
    """In which systems each customer has a record among the members."""
    found: defaultdict[Customer, set[str]] = defaultdict(set)
    for member in members:
        found[member.key or member.ref].add(member.ref.system)
    return found


def _are_open(one: Customer, other: Customer) -> bool:
    """False for two customers that have a key each: no rule makes them one."""
    return isinstance(one, Ref) or isinstance(other, Ref)
