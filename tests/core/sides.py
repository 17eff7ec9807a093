"""Random sides of one field, for every policy by what its entry in POLICIES says of its types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from crmsync.core.merging import Keeps, Outcome, merge
from crmsync.core.policies import POLICIES, Rule, Side
from crmsync.core.records import ABSENT, UNKNOWN, UNSET, Cell, Invalid, Value, is_observed

NAMES = ("a", "b", "c")
LADDER = ("lead", "mql", "customer")
START = datetime(2026, 3, 1, tzinfo=UTC)
POOLS: dict[str, tuple[Value, ...]] = {
    "text": ("Ana", "Ana María", "Ana María de la Torre", "Bo", "Bo Derek"),
    "choice": LADDER,
    "choices": tuple(frozenset(each) for each in ("a", "b", "ab", "bc", "abc")),
    "flag": (True, False),
}
HIDDEN: tuple[Cell, ...] = (ABSENT, UNKNOWN, Invalid("?"))


@dataclass(frozen=True, slots=True)
class Case:
    """One field to merge; `lengths` is how many characters each system keeps, None for all."""

    rule: Rule
    sides: tuple[Side, ...]
    lengths: dict[str, int | None]

    def keeps(self) -> Keeps:
        """What each system keeps of a text; of anything else, all."""

        def kept(system: str, value: Value | None) -> Value | Invalid | None:
            length = self.lengths.get(system)
            return value[:length].rstrip() if length and isinstance(value, str) else value

        return kept

    def merge(self) -> Outcome:
        """The outcome."""
        return merge(self.rule, self.sides, self.keeps())

    def with_sides(self, sides: Sequence[Side]) -> Case:
        """The same rule over other sides."""
        return replace(self, sides=tuple(sides))

    def after(self, outcome: Outcome) -> Case:
        """The sides once every write is verified and every base has moved."""
        written = {write.system: write.after for write in outcome.writes}
        bases = {**dict(outcome.settled), **written}
        return self.with_sides(
            [
                replace(
                    side,
                    cell=written.get(side.system, side.cell),
                    base=bases.get(side.system, side.base),
                )
                for side in self.sides
            ]
        )


def type_of(policy: str) -> str:
    """A type that a policy admits."""
    return next(iter(sorted(POLICIES[policy].types)), "text")


@st.composite
def cases(draw: Any, policy: str, *, free: bool = False, cut: bool = True) -> Case:
    """Two or three sides. `free`: all of them speak and can be written; `cut`: some keep less."""
    type_ = type_of(policy)
    pool = st.sampled_from((None, *POOLS[type_]))
    rule = Rule(
        policy,
        draw(st.sampled_from(NAMES)) if POLICIES[policy].names_a_system else None,
        draw(st.sampled_from(("ignore", "propagate", "ask"))),
        LADDER if type_ == "choice" else (),
    )
    names = NAMES[: draw(st.sampled_from((2, 2, 3)))]
    lengths = {
        name: draw(st.sampled_from((None, None, 3))) if cut and type_ == "text" else None
        for name in names
    }
    case = Case(rule, (), lengths)
    common = draw(pool)
    return case.with_sides([_side(draw, case, name, common, pool, free) for name in names])


def _side(draw: Any, case: Case, name: str, common: Value | None, pool: Any, free: bool) -> Side:
    kept = case.keeps()
    base = kept(name, common)
    move = draw(st.sampled_from(("same", "same", "edit", "edit", "hidden", "unset")))
    cell: Cell = base if move == "same" else kept(name, draw(pool))
    assert not isinstance(base, Invalid)
    return Side(
        name,
        draw(st.sampled_from(HIDDEN)) if move == "hidden" else cell,
        UNSET if move == "unset" else base,
        START + timedelta(minutes=draw(st.integers(0, 9))),
        speaks=free or draw(st.sampled_from((True, True, True, False))),
        writable=free or draw(st.sampled_from((True, True, True, False))),
    )


def observed(case: Case) -> list[Side]:
    """The sides that are evidence."""
    return [side for side in case.sides if is_observed(side.cell)]
