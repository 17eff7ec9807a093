"""Ways into a system as its settings tell them, for connectors with more than one. Knows settings only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from crmsync.connectors.settings import problem_of
from crmsync.errors import Problem

Marks = tuple[tuple[tuple[str, ...], str], ...]
"""Settings that tell which way is meant, each group with the name of the way."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: the settings it cannot do without, one of each group, and those it may have."""

    name: str
    needs: tuple[tuple[str, ...], ...]
    may: tuple[str, ...] = ()
    ends: str = ""

    @property
    def settings(self) -> frozenset[str]:
        """Every setting that has a meaning for it."""
        return frozenset(self.may).union(*self.needs)


def without_other_ways(
    given: Mapping[str, str], writing: frozenset[str], way: Way, credentials: Collection[str]
) -> dict[str, str]:
    """Settings without the credentials of another way than `way`, which is the one given for writing.

    `writing` names the credentials that have a `_write` form; a read credential of another way goes.
    """
    return {
        name: text
        for name, text in given.items()
        if name not in credentials or name in way.settings or name in writing
    }


def two_ways(system: str, given: Mapping[str, str], marks: Marks, remedy: str) -> Iterator[Problem]:
    """One problem where settings of several ways are given."""
    marked = [[each for each in names if each in given] for names, _way in marks]
    found = [names for names in marked if names]
    if len(found) > 1:
        names = " and ".join(f"`{each[0]}`" for each in found)
        yield problem_of(system, f"{names} are different ways in", remedy, found[-1][0])


def missing_settings(
    system: str, way: Way, given: Mapping[str, str], credentials: Collection[str], nothing: str
) -> Iterator[Problem]:
    """Nothing at all is one problem, with `nothing` for a remedy; half a way is one for each half that lacks.

    What lacks has no line: its problem stands at the half that is given.
    """
    there = [name for name in given if name in credentials]
    if not there:
        yield problem_of(system, "no complete credential", nothing)
        return
    for names in way.needs:
        if not any(name in given for name in names):
            ways = " or ".join(f"`{name}`" for name in names)
            needed = ", ".join(f"`{each[0]}`" for each in way.needs)
            message = f"{ways} is missing"
            yield problem_of(system, message, f"{way.name} takes {needed}", there[0])


def idle_settings(
    system: str, way: Way, given: Mapping[str, str], credentials: Collection[str]
) -> Iterator[Problem]:
    """One problem for each credential that has no use with this way."""
    for name in sorted(set(credentials) & given.keys() - way.settings):
        message = f"`{name}` has no use with {way.name}"
        yield problem_of(system, message, "remove it, or the settings of the other way in", name)
