"""Settings that say how far facts are read, checked alike for every connector: days, counts, true or false."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crmsync.connectors.settings import Checked, problem_of
from crmsync.errors import Problem

_MOST_DAYS = 36_500
_MOST_COUNTED = 1_000_000


def day_problems(system: str, given: Mapping[str, str], names: Iterable[str]) -> Iterator[Problem]:
    """What is no number of days."""
    for name in names:
        text = given.get(name, "0")
        if not _is_count(text, _MOST_DAYS):
            message = f"{name} '{text}' is no number of days"
            yield problem_of(system, message, f"give 0 to {_MOST_DAYS}; 0 leaves it out", name)


def count_problems(
    system: str, given: Mapping[str, str], names: Iterable[str]
) -> Iterator[Problem]:
    """What is no whole number."""
    for name in names:
        text = given.get(name, "0")
        if not _is_count(text, _MOST_COUNTED):
            message = f"{name} '{text}' is no whole number"
            yield problem_of(system, message, f"give 0 to {_MOST_COUNTED}", name)


def flag_problems(system: str, given: Mapping[str, str], names: Iterable[str]) -> Iterator[Problem]:
    """What is neither true nor false."""
    for name in names:
        text = given.get(name, "true")
        if text.lower() not in ("true", "false"):
            message = f"{name} '{text}' is neither true nor false"
            yield problem_of(system, message, "give true or false", name)


def flag(chosen: Checked, name: str) -> bool:
    """A setting that was checked; true unless it says false."""
    return chosen.get(name, "true").lower() == "true"


def _is_count(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and int(text) <= most
