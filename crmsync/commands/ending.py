"""What to say of a run that ended short of what its plan said: why, and which command goes on from there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from crmsync.errors import CrmsyncError
from crmsync.language import translate, translate_said

if TYPE_CHECKING:
    from crmsync.store.store import Store

Reasons = Mapping[tuple[str, str], int]
"""How many operations ended in a state for a reason, by state and reason."""


class Ended(Protocol):
    """A run that ended: how many operations in which state, and why those that did not end well."""

    @property
    def run(self) -> str: ...  # noqa: D102
    @property
    def states(self) -> Mapping[str, int]: ...  # noqa: D102
    @property
    def reasons(self) -> Reasons: ...  # noqa: D102


_SHOWN = 5
_LONGEST = 100
_REFUSED = re.compile(r"refused \(\d+\): ")
_WELL = "VERIFIED"
_UNCLEAR = "AMBIGUOUS"


def reasons_of(store: Store, run: str) -> Reasons:
    """Why operations of a run did not end well, the most frequent first; without the values that a system quotes."""
    states = [state for state in store.counts(run) if state != _WELL]
    ops = store.ops(run, states) if states else []
    told = Counter((str(op.state), _in_short(op.message)) for op in ops if op.message)
    return dict(told.most_common())


def _in_short(message: str) -> str:
    """What comes before the first colon: after it stand fields, and what a system says of a value."""
    return _REFUSED.sub("", message, count=1).partition(": ")[0].rstrip(":.")[:_LONGEST]


def name_the_way_on(error: CrmsyncError, store: Store, run: str) -> None:
    """Adds to what helps against an error that ended a run how to go on with the run, if anything is left of it."""
    if run in {each.id for each in store.unfinished_runs()}:
        then = f"Then go on with the run: crmsync resume {run}"
        error.remedy = f"{error.remedy} {then}" if error.remedy else then


def next_steps(applied: Ended) -> list[str]:
    """Commands to type after a run: none if everything ended well."""
    steps = [f"crmsync resume {applied.run}"] if applied.states.get(_UNCLEAR) else []
    short = any(number for state, number in applied.states.items() if state != _WELL)
    return [*steps, f"crmsync runs {applied.run}"] if short else steps


def ending_lines(applied: Ended, language: str) -> Iterator[str]:
    """A line for each reason, then one for each command that goes on from here."""
    from crmsync.reports.cleaning import clean
    from crmsync.reports.numbers import number
    from crmsync.reports.words import STATES, named

    for (state, reason), times in list(applied.reasons.items())[:_SHOWN]:
        said = clean(translate_said(reason, language), _LONGEST)
        yield f"  {number(times, language)} {named(STATES, state, language)}: {said}"
    said_of = {
        "resume": translate("What became of some writes is not known yet. Go on:", language),
        "runs": translate("What became of each, and why:", language),
    }
    for step in next_steps(applied):
        yield f"{said_of[step.split()[1]]} {step}"
