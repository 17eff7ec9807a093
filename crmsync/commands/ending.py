"""What to say of a run that ended short of what its plan said: why, and which command goes on from there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol

from crmsync.commands.doubles import Doubles
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
    @property
    def doubles(self) -> Doubles: ...  # noqa: D102


_SHOWN = 5
_LONGEST = 100
_REFUSED = re.compile(r"(?:access )?refused \(\d+\): ")
_WELL = "VERIFIED"
_REST = "…"
_UNCLEAR = "AMBIGUOUS"
_FAILED = "FAILED"


def reasons_of(store: Store, run: str) -> Reasons:
    """Why operations of a run did not end well, the most frequent first; without the values that a system quotes.

    What ended well has a reason only where a record does not show it yet.
    """
    ops = store.told_ops(run)
    told = Counter((str(op.state), _in_short(op.message)) for op in ops)
    return dict(told.most_common())


def _in_short(message: str) -> str:
    """What comes before the first colon: after it stand fields, and what a system says of a value."""
    return _REFUSED.sub("", message, count=1).partition(": ")[0].rstrip(":.")[:_LONGEST]


def name_the_way_on(error: CrmsyncError, store: Store, run: str) -> None:
    """Adds to what helps against an error that ended a run how to go on with the run, if anything is left of it."""
    if run in {each.id for each in store.unfinished_runs()}:
        then = f"Then go on with the run: crmsync resume {run}"
        error.remedy = f"{error.remedy} {then}" if error.remedy else then


def double_lines(doubles: Doubles, language: str) -> Iterator[str]:
    """Whose the values are that other records have already, what helps, and how many more there are."""
    from crmsync.reports.numbers import quantity
    from crmsync.reports.reasons import reason_text
    from crmsync.reports.taken_text import held_lines

    lines = sorted(doubles.lines.values(), key=lambda line: line.reason)
    for reason, same in groupby(lines[:_SHOWN], lambda line: line.reason):
        yield reason_text(reason, language)
        yield from (
            f"  {each}" for line in same for each in held_lines(line, language, links=doubles.link)
        )
    if len(lines) > _SHOWN:
        yield quantity("… {n} more line", "… {n} more lines", len(lines) - _SHOWN, language)


def told_reasons(applied: Ended) -> list[dict[str, Any]]:
    """Why operations did not end well, as JSON values."""
    return [
        {"state": state, "reason": reason, "times": times}
        for (state, reason), times in applied.reasons.items()
    ]


def _said(reason: str, language: str) -> str:
    """A reason in a language; known by itself, or as the head of a message that went on."""
    said = translate_said(reason, language)
    if said != reason:
        return said
    whole = translate_said(f"{reason}: {_REST}", language)
    return whole.removesuffix(f": {_REST}")


def next_steps(applied: Ended) -> list[str]:
    """Commands to type after a run: none if everything ended well.

    A run of which everything is known cannot be resumed: what a system did not take is in the next plan again.
    """
    short = any(number for state, number in applied.states.items() if state != _WELL)
    steps = {
        f"crmsync resume {applied.run}": applied.states.get(_UNCLEAR),
        f"crmsync runs {applied.run}": short,
        "crmsync plan": applied.states.get(_FAILED) and not applied.states.get(_UNCLEAR),
    }
    return [step for step, is_due in steps.items() if is_due]


def ending_lines(applied: Ended, language: str) -> Iterator[str]:
    """A line for each reason, then one for each command that goes on from here."""
    from crmsync.reports.cleaning import clean
    from crmsync.reports.numbers import number
    from crmsync.reports.words import STATES, named

    for (state, reason), times in list(applied.reasons.items())[:_SHOWN]:
        counted = translate("{n} {state}: {reason}", language)
        told = {"n": number(times, language), "state": named(STATES, state, language)}
        yield "  " + counted.format(**told, reason=clean(_said(reason, language), _LONGEST))
    yield from (f"    {line}" for line in double_lines(applied.doubles, language))
    said_of = {
        "resume": translate("What became of some writes is not known yet. Go on:", language),
        "runs": translate("What became of each, and why:", language),
        "plan": translate("A new plan holds what was not written:", language),
    }
    for step in next_steps(applied):
        yield f"{said_of[step.split()[1]]} {step}"
