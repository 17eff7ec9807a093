"""Where a record went when it was merged into another one or converted, and whether its link may follow.

Customers who share a record now are one, if no system has two live records of them:

| the customers who share a record have | then |
|---|---|
| one live record in each system, or none | they are one customer: all of it gets one key |
| two live records in some system | nobody is moved: a person merges those, too |

The one key is that of a live record that was linked; of several (merged crosswise) that of the first one in
order of address. A record that was merged away leads to the one in its place (`merged`, or `converted` into
another object); a live record that had another key gets this one (`joined`). A survivor nothing was settled
with begins without a base: a converted one, and a joined one.

Whoever knows of it says (old, new): HubSpot's `hs_merged_object_ids`, Salesforce's `MasterRecordId`, and
`ConvertedContactId` of a lead. Chains are followed to the record that is there; rings lead nowhere. What was
deleted is nobody's second record; what could not be read is, for it may be there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from crmsync.core.records import Ref


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """A record that was merged away, the one that took its place, and the key that has it now.

    A record that is there and changes its key takes its own place. `anew`: nothing was ever settled with the
    new one under this key, so what its system held last is no base for it.
    """

    key: str
    old: Ref
    new: Ref
    anew: bool = False

    @property
    def why(self) -> str:
        """`joined` for a record that is there, `converted` into another object, else `merged`."""
        if self.old == self.new:
            return "joined"
        return "merged" if self.old.object == self.new.object else "converted"


@dataclass(frozen=True, slots=True, order=True)
class NeedsMerge:
    """A record that two customers were merged into, and their records elsewhere, which are still apart."""

    survivor: Ref
    keys: tuple[str, ...]
    refs: tuple[Ref, ...]


def survivors(pairs: Iterable[tuple[Ref, Ref]], live: Collection[Ref]) -> dict[Ref, Ref]:
    """{merged record: the one live record it went into}; nothing for one that leads nowhere, or to two."""
    steps: dict[Ref, set[Ref]] = defaultdict(set)
    for old, new in pairs:
        steps[old].add(new)
    ends = {old: _ends(old, steps, live) for old in steps if old not in live}
    return {old: next(iter(found)) for old, found in ends.items() if len(found) == 1}


def _ends(start: Ref, steps: Mapping[Ref, set[Ref]], live: Collection[Ref]) -> set[Ref]:
    """Live records that can be reached; each record is looked at once, so a ring ends."""
    seen, waiting, found = {start}, [start], set()
    while waiting:
        for new in steps.get(waiting.pop(), ()):
            if new in live:
                found.add(new)
            elif new not in seen:
                seen.add(new)
                waiting.append(new)
    return found


def follow(
    links: Mapping[Ref, str], pairs: Iterable[tuple[Ref, Ref]], live: Collection[Ref]
) -> tuple[list[Move], list[NeedsMerge]]:
    """Which links move, and which must not, each sorted.

    `links` are the keys of all records of every customer that a merge touches; `live` those of them, and of the
    records that chains may end at, that were read, or that nobody can say to be gone.
    """
    ends = survivors(pairs, live)
    moves: list[Move] = []
    clashes: list[NeedsMerge] = []
    for refs in _customers(links, ends):
        olds = [ref for ref in refs if ref in ends]
        there = {ends.get(ref, ref) for ref in refs if ref in live or ref in ends}
        keys = {links[ref] for ref in refs}
        if len(keys) > 1 and len({ref.system for ref in there}) < len(there):
            clashes += _clashes({ends[old] for old in olds}, keys, there)
        elif olds:
            moves += _moves(olds, there, links, ends)
    return sorted(moves), sorted(clashes)


def _customers(links: Mapping[Ref, str], ends: Mapping[Ref, Ref]) -> list[list[Ref]]:
    """The records of each customer, those of customers who share one now together."""
    groups = {key: {key} for key in links.values()}
    holders: dict[Ref, str] = {}
    for ref, key in links.items():
        first = holders.setdefault(ends.get(ref, ref), key)
        if groups[first] is not groups[key]:
            fewer, more = sorted((groups[first], groups[key]), key=len)
            more |= fewer
            groups.update(dict.fromkeys(fewer, more))
    members: dict[int, list[Ref]] = defaultdict(list)
    for ref in sorted(links):
        members[id(groups[links[ref]])].append(ref)
    return list(members.values())


def _moves(
    olds: Collection[Ref], there: Collection[Ref], links: Mapping[Ref, str], ends: Mapping[Ref, Ref]
) -> Iterator[Move]:
    """Everything of customers who are one goes to one key."""
    key = links[min({ref for ref in there if ref in links} or set(olds))]
    joined = {ref for ref in there if links.get(ref, key) != key}
    kin = {(ends[old], old.object) for old in olds if links[old] == key}
    for old in olds:
        new = ends[old]
        is_its_own = links.get(new) == key or (new not in links and (new, new.object) in kin)
        yield Move(key, old, new, anew=not is_its_own)
    yield from (Move(key, ref, ref, anew=True) for ref in joined)


def _clashes(
    survivors_: Collection[Ref], keys: Collection[str], there: Collection[Ref]
) -> Iterator[NeedsMerge]:
    for new in survivors_:
        yield NeedsMerge(new, tuple(sorted(keys)), tuple(sorted({*there} - {new})))


def astray(
    links: Mapping[Ref, str], pairs: Iterable[tuple[Ref, Ref]], live: Collection[Ref]
) -> list[tuple[Ref, ...]]:
    """All records of each customer of whom one was converted into a record that was not read, sorted.

    It is hidden from this user, or was deleted at once. Of merges nothing is said: a record that was merged
    and then deleted is gone like any other.
    """
    steps = list(pairs)
    ends = survivors(steps, live)
    became = {old for old, new in steps if old.object != new.object}
    lost = {links[old] for old in became if old in links and old not in ends and old not in live}
    return sorted(tuple(sorted(r for r, key in links.items() if key == each)) for each in lost)
