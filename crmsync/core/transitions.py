"""Whether a step from one stage to another is legal, and by which rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from crmsync.core.lifecycle import OTHER, Lifecycle, Rule

# Where a mapping says nothing of a pair: up is free and down is not, and outside the ladder only people move
_SALES_SOURCED = ("lead", "opportunity")


@dataclass(frozen=True, slots=True)
class Step:
    """What a step is: under which rule it is legal, which stages it passes over, and what it is called.

    `tag` is `sales_sourced` for a lead that became an opportunity at once, else blank.
    """

    rule: Rule
    skipped: tuple[str, ...] = ()
    tag: str = ""

    def is_legal(self, seen: Collection[Rule]) -> bool:
        """True if the step needs nothing, or what it needs was seen: `recycled`, `all_deals_lost`, `by_hand`."""
        return self.rule == "forward" or (self.rule != "never" and self.rule in seen)


def step(lifecycle: Lifecycle, old: str | None, new: str) -> Step:
    """The step between two stages; `old` is None for who stood nowhere."""
    told = next((e.rule for e in lifecycle.transitions if old in e.from_ and new in e.to), None)
    if OTHER in (old, new) or new == old:
        return Step(told or ("forward" if old in (None, new) else "by_hand"))
    before, after = lifecycle.rank(old) or 0, lifecycle.rank(new) or 0
    if after < before:
        return Step(told or "never")
    tag = "sales_sourced" if (old, new) == _SALES_SOURCED else ""
    # The reasons to go back say nothing of the way up between the same stages.
    rule: Rule = told if told in ("by_hand", "never") else "forward"
    return Step(rule, tuple(lifecycle.between(old, new)), tag)
