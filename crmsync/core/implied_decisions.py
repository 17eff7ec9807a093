"""What follows of what people decided: if A is B and B is C, A is C; if B is not D, neither of them is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from crmsync.core.pair_decisions import Pair, Same
from crmsync.core.records import Ref

_MOST = 200
"""Of larger groups only what was said of each pair is told: nobody shows them."""


def implied(decided: Mapping[Pair, Same]) -> dict[Pair, Same]:
    """What was said of pairs, and what follows of others.

    Whoever was unsure of a pair is answered by what follows. `decided` has no contradiction in it.
    """
    group = _groups_of(pair for pair, word in decided.items() if word == "yes")
    found: dict[Pair, Same] = dict(decided)
    for members in {id(each): each for each in group.values()}.values():
        if len(members) <= _MOST:
            found |= {frozenset(two): "yes" for two in combinations(sorted(members), 2)}
    for one, other in (sorted(pair) for pair, word in decided.items() if word == "no"):
        ours, theirs = group.get(one, [one]), group.get(other, [other])
        if max(len(ours), len(theirs)) <= _MOST:
            found |= {frozenset((a, b)): "no" for a in ours for b in theirs}
    return found


def _groups_of(pairs: Iterable[Pair]) -> dict[Ref, list[Ref]]:
    """For every record its group: one list for all of its members."""
    members: dict[Ref, list[Ref]] = {}
    for a, b in (sorted(pair) for pair in pairs):
        one, other = members.setdefault(a, [a]), members.setdefault(b, [b])
        if one is not other:
            small, large = sorted((one, other), key=len)
            large += small
            members |= dict.fromkeys(small, large)
    return members
