"""What people decided of pairs, as shares by which the next search weighs.

A share that was set by hand counts like `WEIGHT` pairs, so a few decisions move it a little and thousands replace it.
Levels that are the only ones to tell of two colleagues keep their shares: nobody decided about random colleagues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from crmsync.core.saved_duplicates import Shares

LEAST = 50
"""With fewer pairs that people said are one, nothing is changed."""
WEIGHT = 200.0


@dataclass(frozen=True, slots=True)
class DecidedPair:
    """A pair that people looked at: the records, whether they are one, and the level seen by comparison."""

    one: str
    other: str
    same: bool
    seen: Mapping[str, str | None]


def learn_shares(
    shares: Shares,
    decided: Iterable[DecidedPair],
    fixed: Mapping[str, Collection[str]],
    *,
    least: int = LEAST,
    weight: float = WEIGHT,
) -> Shares:
    """The shares among pairs that are one, moved towards what people decided: (share x weight + seen) / (weight + all).

    `fixed` levels, by comparison, keep theirs, and so does what the others of a comparison add up to. A pair that
    people said is one and is not counts for neither. With fewer than `least` pairs that are one nothing is changed.
    """
    same = _agreed(decided)
    if len(same) < least:
        return shares
    return {
        name: _learned(
            levels, set(fixed.get(name, ())), Counter(each.get(name) for each in same), weight
        )
        for name, levels in shares.items()
    }


def _agreed(decided: Iterable[DecidedPair]) -> list[Mapping[str, str | None]]:
    """What was seen of each pair that all who looked said is one."""
    said: dict[tuple[str, ...], set[bool]] = {}
    seen: dict[tuple[str, ...], Mapping[str, str | None]] = {}
    for each in decided:
        pair = tuple(sorted((each.one, each.other)))
        said.setdefault(pair, set()).add(each.same)
        seen.setdefault(pair, each.seen)
    return [seen[pair] for pair, words in said.items() if words == {True}]


def _learned(
    levels: Mapping[str, float], fixed: Collection[str], counts: Counter[str | None], weight: float
) -> Mapping[str, float]:
    free = {name: share for name, share in levels.items() if name not in fixed}
    total, seen = sum(free.values()), sum(counts[name] for name in free)
    if not total:
        return levels
    return {
        name: (share / total * weight + counts[name]) / (weight + seen) * total
        if name in free
        else share
        for name, share in levels.items()
    }
