"""Groups of records that may be one: how sure, what a person would do about it, and which record would stay.

| records of one group | then |
|---|---|
| two and more in one object of one system | they are merged there: one stays, the others go into it |
| in several systems, none linked to one of the others | they are linked: a line of a plan, if somebody decides so |
| a lead and a contact of one system | the lead is converted into the contact; no CRM merges the two |

Which record stays: what decides is the first of SURVIVAL in which the two best differ. Nothing is merged here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from crmsync.core.pair_decisions import Same
from crmsync.core.records import Ref

Tier = Literal["sure", "review"]
TIERS: tuple[Tier, ...] = ("sure", "review")


@dataclass(frozen=True, slots=True)
class DuplicateRecord:
    """One record of a group. `key` is its customer's; `linked` are other systems that hold the same customer.

    `facts` are what it was compared by, as (field of ours, value); `filled` are how many fields of ours hold a value,
    `ties` how many records it is tied to. `created_at` is ISO 8601 in UTC, blank where nobody knows.
    """

    ref: Ref
    key: str
    name: str
    facts: tuple[tuple[str, str], ...] = ()
    linked: tuple[str, ...] = ()
    filled: int = 0
    ties: int = 0
    created_at: str = ""
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """One fact of a pair: what was compared, how alike it is, and what that weighs in bits; above 0 speaks for it.

    `told` is how alike it is in words that are true of this very pair, where a level holds several cases.
    """

    what: str
    level: str
    bits: float
    told: str = ""


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two records that may be one: how probable that is, by which facts, heaviest first, and which guard held it down.

    `decided` is what a person said of the two before.
    """

    one: Ref
    other: Ref
    probability: float
    seen: tuple[Alike, ...]
    guard: str = ""
    decided: Same | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Records of one object of a system that would become one: the one that stays, those that go, and why that one."""

    survivor: Ref
    losers: tuple[Ref, ...]
    why: str
    better: int = 0
    than: int = 0


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Records that may be one, sorted, and the pairs that say so, the surest first.

    `only` are the system and the object in which merges are asked for; None is any.
    """

    entity: str
    number: int
    tier: Tier
    records: tuple[DuplicateRecord, ...]
    pairs: tuple[DuplicatePair, ...]
    only: tuple[str | None, str | None] = (None, None)

    def merges(self) -> list[Merge]:
        """What would be merged inside each system, in order of system and object."""
        system, object_ = self.only
        return [
            _merge(each)
            for place, each in _by_object(self.records)
            if len(each) > 1 and system in (None, place[0]) and object_ in (None, place[1])
        ]

    def is_link(self) -> bool:
        """True if merging inside each system would still leave two systems that share no customer."""
        keys: dict[str, set[str]] = defaultdict(set)
        for each in self.records:
            keys[each.ref.system].add(each.key)
        apart = [keys[system] for system in sorted(keys)]
        reached = apart.pop(0)
        while near := [each for each in apart if each & reached]:
            reached = reached.union(*near)
            apart = [each for each in apart if each not in near]
        return bool(apart)

    def is_mixed(self) -> bool:
        """True if a system has records of several objects in it: a lead and a contact."""
        objects = defaultdict(set)
        for each in self.records:
            objects[each.ref.system].add(each.ref.object)
        return any(len(each) > 1 for each in objects.values())

    def is_decided(self) -> bool:
        """True if somebody said of every pair of it whether it is one: nobody is asked again."""
        return bool(self.pairs) and all(each.decided for each in self.pairs)

    def opted_out(self) -> bool:
        """True if some of the records opted out and some did not: whoever stays has to keep it."""
        return len({each.opted_out for each in self.records}) > 1


SURVIVAL: Mapping[str, Callable[[DuplicateRecord], Any]] = {
    "linked": lambda each: len(each.linked),
    "ties": lambda each: each.ties,
    "filled": lambda each: each.filled,
}
"""What makes a record the one that stays, the weightiest first; then the older one, then the smaller id."""


def _merge(records: Sequence[DuplicateRecord]) -> Merge:
    ordered = sorted(records, key=_rank)
    first, second = ordered[:2]
    why = next((name for name, of in SURVIVAL.items() if of(first) != of(second)), "")
    losers = tuple(each.ref for each in ordered[1:])
    if why:
        return Merge(first.ref, losers, why, SURVIVAL[why](first), SURVIVAL[why](second))
    return Merge(first.ref, losers, "older" if first.created_at != second.created_at else "first")


def _rank(each: DuplicateRecord) -> tuple[Any, ...]:
    marks = [-of(each) for of in SURVIVAL.values()]
    return (*marks, not each.created_at, each.created_at, each.ref)


def _by_object(
    records: Iterable[DuplicateRecord],
) -> Iterator[tuple[tuple[str, str], list[DuplicateRecord]]]:
    found: dict[tuple[str, str], list[DuplicateRecord]] = defaultdict(list)
    for each in records:
        found[each.ref.system, each.ref.object].append(each)
    return iter(sorted(found.items()))


def tier_of(
    members: Collection[int], pairs: Iterable[tuple[int, int, float]], *, review: float, sure: float
) -> Tier:
    """`sure` if sure pairs tie all members together and no pair of them is below `review`; else `review`.

    `pairs` are those of the members, with their probability: 0 for those that were not compared, or hardly alike.
    """
    known = list(pairs)
    if any(p < review for _, _, p in known):
        return "review"
    reached = {min(members)}
    sure_pairs = [(one, other) for one, other, p in known if p >= sure]
    while more := {
        each for pair in sure_pairs if reached & {*pair} for each in pair if each not in reached
    }:
        reached |= more
    return "sure" if reached == set(members) else "review"


@dataclass(frozen=True, slots=True)
class TierCount:
    """How many groups of an entity a tier has: records in them, those that merges would take away, and new links."""

    entity: str
    tier: Tier
    groups: int
    records: int
    surplus: int
    links: int


def count_tiers(groups: Iterable[DuplicateGroup]) -> list[TierCount]:
    """The counts of every entity and tier that has a group, in order of both."""
    found: dict[tuple[str, int], list[DuplicateGroup]] = defaultdict(list)
    for each in groups:
        found[each.entity, TIERS.index(each.tier)].append(each)
    return [
        TierCount(
            entity,
            TIERS[tier],
            len(each),
            sum(len(group.records) for group in each),
            sum(len(merge.losers) for group in each for merge in group.merges()),
            sum(group.is_link() for group in each),
        )
        for (entity, tier), each in sorted(found.items())
    ]
