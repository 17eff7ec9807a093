"""Where a record went when it was merged into another one or converted, and whether its link may follow.

| the survivor | and the merged records belonged to | then |
|---|---|---|
| belongs to nobody | one customer | it takes their place: same key, same base |
| is of another object (converted) | one customer | the same, without a base: nothing was settled there |
| belongs to a customer | the same one, or one that has no record elsewhere | it stays, and the old ids lead to it |
| any | two customers that have records elsewhere | nobody is moved: a person merges the others, too |
| any | the same, and those were merged into one, too | all of it moves to the one customer there is now |

Whoever knows of it says (old, new): HubSpot's `hs_merged_object_ids`, Salesforce's `MasterRecordId`, and
`ConvertedContactId` of a lead. Chains are followed to the record that is there; rings lead nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from crmsync.core.records import Ref


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """A record that was merged away, the one that took its place, and the key that has it now.

    `anew`: nothing was ever settled with the new one, so what its system held last is no base for it.
    """

    key: str
    old: Ref
    new: Ref
    anew: bool = False

    @property
    def why(self) -> str:
        """`converted` into a record of another object, else `merged`."""
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

    `links` are the keys of all records of every customer that a merge touches; `live` the records that
    were read and that the chains may end at.
    """
    merged: dict[Ref, list[Ref]] = defaultdict(list)
    ends = survivors(pairs, live)
    for old, new in ends.items():
        if old in links:
            merged[new].append(old)
    members: dict[str, set[Ref]] = defaultdict(set)
    for ref, key in links.items():
        members[key].add(ends.get(ref, ref))
    owners = dict(links) | {new: _heir(new, olds, links, members) for new, olds in merged.items()}
    moves: list[Move] = []
    clashes: list[NeedsMerge] = []
    for new, olds in merged.items():
        key, keys = owners[new], {links[old] for old in olds}
        if any(owners[ref] != key for each in keys for ref in members[each] - {new}):
            clashes.append(_clash(new, {key, *keys}, members))
        else:
            anew = _is_anew(new, olds, key, links)
            moves += [Move(key, old, new, anew) for old in olds]
    return sorted(moves), sorted(clashes)


def _heir(
    new: Ref, olds: Collection[Ref], links: Mapping[Ref, str], members: Mapping[str, set[Ref]]
) -> str:
    """The key the survivor has from now on: its own, else that of a customer with records elsewhere."""
    keys = {links[old] for old in olds}
    return links.get(new) or min({key for key in keys if members[key] - {new}} or keys)


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


def _is_anew(new: Ref, olds: Collection[Ref], key: str, links: Mapping[Ref, str]) -> bool:
    """True if the base that the key has in this system is of a record of another object."""
    kin = any(old.object == new.object and links[old] == key for old in olds)
    return new not in links and not kin


def _clash(new: Ref, keys: Collection[str], members: Mapping[str, set[Ref]]) -> NeedsMerge:
    others = {ref for key in keys for ref in members[key]} - {new}
    return NeedsMerge(new, tuple(sorted(keys)), tuple(sorted(others)))
