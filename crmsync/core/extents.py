"""How much of a system is read: everything, or only what changed since the last read.

| asked | a full read | then |
|---|---|---|
| `full` | takes whatever it takes | everything |
| `changes` | takes whatever it takes, and the last six reads were not all of changes | what changed |
| nothing | there is nothing to go on from, or the calls of a day are not known | everything |
| nothing | takes at most a tenth of them | everything |
| nothing, `changes` | the last six reads were of changes | everything |
| nothing | takes more | what changed |

Reading everything is the better proof: it needs no stamp, and nothing that is missing can be there. Reading
changes is for systems that are large for the calls they allow. What bears no stamp and cancels out in the count
(one record comes into this user's sight, another leaves it) is found by the next read of everything, and so by
the seventh at the latest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Wish: TypeAlias = Literal["auto", "full", "changes"]
Why: TypeAlias = Literal["asked", "first", "unknown", "cheap", "due", "costly"]
SHARE = 0.10
"""A full read may take this share of the calls of a day."""
EVERY = 7
"""Of so many reads at least one is of everything."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Whether everything is read, why, and what a full read costs of how many calls a day."""

    whole: bool
    why: Why
    cost: int = 0
    allowed: int | None = None


def extent(wish: Wish, cost: int, allowed: int | None, since_full: int) -> Extent:
    """How much of a system is read; `since_full` counts reads of changes since the last of everything.

    A `cost` of 0 says that there is no earlier read to go on from.
    """
    is_due = since_full >= EVERY - 1
    if wish == "full" or (wish == "changes" and not is_due):
        return Extent(wish == "full", "asked", cost, allowed)
    if wish == "changes":
        return Extent(True, "due", cost, allowed)
    if not cost or not allowed:
        return Extent(True, "unknown" if cost else "first", cost, allowed)
    if cost <= SHARE * allowed:
        return Extent(True, "cheap", cost, allowed)
    return Extent(is_due, "due" if is_due else "costly", cost, allowed)
