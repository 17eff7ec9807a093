"""The section of searches for duplicates: crmsync beside its rivals, on records of which the truth is known."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.duplicates.__main__ import Asked, lines

SEEDS = (11, 12, 13)
"""The search was tuned on other ones."""
_ROWS, _QUICK = 10_000, 1_000


def tell_duplicates(say: Callable[[str], None], *, quick: bool = False) -> str:
    """Tables of people, companies and deals, each engine in a process of its own; quick ones of one seed."""
    rows, seeds = (_QUICK, SEEDS[:1]) if quick else (_ROWS, SEEDS)
    told: list[str] = []
    for kind in ("people", "firms", "deals"):
        for seed in seeds:
            found = list(lines(Asked(kind, rows, seed)))
            say(f"duplicates: {kind}, seed {seed}: {found[-1]}")
            told.append("\n".join(found))
    return "\n\n".join(told) + _FOOT


_FOOT = """

P, R and F1 are of pairs over whole groups, B3 is B-cubed F1, FMR the share of groups of two and more that hold several
people, companies or deals, big the largest group; pair P, pair R and ECE are of the pairs that an engine scored itself.
`e-mail`, `domain` and `key` are exact, normalised; `rules` are hand-written; `splink` has its usual settings at its
usual cut. Each engine runs at the cut it ships with. `python -m benchmarks.duplicates` has other sizes and kinds.
"""
