"""What people decided of pairs of records: one, two, or nobody knows; and what their decisions say together.

| decided of a pair | counts |
|---|---|
| several times, on several days | what was said last |
| in two ways on the same day | nothing: a contradiction, until somebody settles it |
| two, though others make them one (A is B, B is C, A is not C) | nothing of what was said inside that group |

Whoever is one with somebody is one with whom that one is one with: pairs that are one are groups.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from crmsync.core.records import Ref

Same: TypeAlias = Literal["yes", "no", "unsure"]
SAMES: tuple[Same, ...] = ("yes", "no", "unsure")
Pair: TypeAlias = frozenset[Ref]
Place: TypeAlias = tuple[str, Pair]


@dataclass(frozen=True, slots=True)
class PairDecision:
    """Whether two records are the `same` person, company or deal, who said so and when; `one` is the smaller."""

    entity: str
    one: Ref
    other: Ref
    same: Same
    by: str
    on: date
    note: str = ""

    def __post_init__(self) -> None:
        """ValueError for a record with itself, and for two in the wrong order."""
        if not self.one < self.other:
            raise ValueError(f"no pair in order: {self.one} {self.other}")

    @classmethod
    def of(
        cls, entity: str, refs: tuple[Ref, Ref], same: Same, by: str, on: date, note: str = ""
    ) -> PairDecision:
        """The decision about two records in whatever order; ValueError for a record with itself."""
        one, other = sorted(refs)
        return cls(entity, one, other, same, by, on, note)

    @property
    def pair(self) -> Pair:
        """The two records."""
        return frozenset((self.one, self.other))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Decisions that cannot all be true; `no` is the one that says two, `others` those that say one, in order.

    Of one pair decided twice on one day, `no` is the first of them in the order of `SAMES`, backwards.
    """

    no: PairDecision
    others: tuple[PairDecision, ...]

    @property
    def all(self) -> tuple[PairDecision, ...]:
        """All of them."""
        return (self.no, *self.others)


def newest(decisions: Iterable[PairDecision]) -> list[PairDecision]:
    """Of every pair what was said last, sorted: one decision, or several if one day has several words."""
    found: dict[Place, dict[Same, PairDecision]] = defaultdict(dict)
    for each in sorted(decisions, key=_rank):
        known = found[each.entity, each.pair]
        if any(other.on < each.on for other in known.values()):
            known.clear()
        known[each.same] = each
    return sorted((one for words in found.values() for one in words.values()), key=_rank)


def _rank(each: PairDecision) -> tuple[str, Ref, Ref, date, int, str, str]:
    return each.entity, each.one, each.other, each.on, SAMES.index(each.same), each.by, each.note


def contradictions(decisions: Iterable[PairDecision]) -> list[Contradiction]:
    """Everything that cannot be true together, in order; `decisions` are those of `newest`."""
    words: dict[Place, list[PairDecision]] = defaultdict(list)
    for each in sorted(decisions, key=_rank):
        words[each.entity, each.pair].append(each)
    found = [Contradiction(said[-1], tuple(said[:-1])) for said in words.values() if len(said) > 1]
    clear = [said[0] for said in words.values() if len(said) == 1]
    group = _groups_by_ref(clear)
    for no in (each for each in clear if each.same == "no"):
        members = group[no.entity, no.one]
        if members == group[no.entity, no.other]:
            inside = [each for each in clear if group[each.entity, each.one] == members]
            found.append(Contradiction(no, _way(no, inside)))
    return sorted(found, key=lambda each: _rank(each.no))


def _way(no: PairDecision, decisions: Sequence[PairDecision]) -> tuple[PairDecision, ...]:
    """The fewest decisions of one group that make one of two records of it."""
    beside: dict[Ref, list[tuple[Ref, PairDecision]]] = defaultdict(list)
    for each in decisions:
        if each.same == "yes":
            beside[each.one].append((each.other, each))
            beside[each.other].append((each.one, each))
    ways: dict[Ref, tuple[PairDecision, ...]] = {no.one: ()}
    waiting = deque([no.one])
    while no.other not in ways:
        here = waiting.popleft()
        for there, step in beside[here]:
            if there not in ways:
                ways[there] = (*ways[here], step)
                waiting.append(there)
    return ways[no.other]


def counted(decisions: Iterable[PairDecision]) -> dict[Place, PairDecision]:
    """What counts, by entity and pair; `decisions` are those of `newest`.

    Inside a group in which a contradiction is said nothing counts: neither what makes one of it nor what makes two.
    """
    said = list(decisions)
    group = _groups_by_ref(said)
    torn = {each for one in contradictions(said) for each in one.all}
    inside = {each: (group[each.entity, each.one], group[each.entity, each.other]) for each in said}
    doubted = {one for each in torn for one, other in [inside[each]] if one == other}
    return {
        (each.entity, each.pair): each
        for each in said
        if each not in torn
        and not (inside[each][0] == inside[each][1] and inside[each][0] in doubted)
    }


Group: TypeAlias = tuple[str, tuple[Ref, ...]]


def groups(decisions: Iterable[PairDecision]) -> list[tuple[Ref, ...]]:
    """Records that are one by what was said of pairs, two and more each; all sorted."""
    found = {refs for _entity, refs in _groups_by_ref(decisions).values() if len(refs) > 1}
    return sorted(found)


def apart(decisions: Iterable[PairDecision]) -> frozenset[Pair]:
    """Pairs that are said to be two."""
    return frozenset(each.pair for each in decisions if each.same == "no")


def _groups_by_ref(decisions: Iterable[PairDecision]) -> Mapping[tuple[str, Ref], Group]:
    """For every record that is named, its group: itself, and whoever it is one with."""
    members: dict[tuple[str, Ref], list[Ref]] = {}
    for each in decisions:
        one = members.setdefault((each.entity, each.one), [each.one])
        other = members.setdefault((each.entity, each.other), [each.other])
        if each.same == "yes" and one is not other:
            one, other = sorted((one, other), key=len, reverse=True)
            one += other
            members |= dict.fromkeys([(each.entity, ref) for ref in other], one)
    whole = {id(refs): tuple(sorted(refs)) for refs in members.values()}
    return {place: (place[0], whole[id(refs)]) for place, refs in members.items()}


def digest_of_decisions(decisions: Iterable[PairDecision]) -> str:
    """The digest of what was said to be one or two, blank where nothing was: who said so, and when, is no part."""
    said = sorted(
        [each.entity, str(each.one), str(each.other), each.same]
        for each in decisions
        if each.same != "unsure"
    )
    return hashlib.sha256(json.dumps(said).encode()).hexdigest() if said else ""
