"""What becomes of a verb when somebody merges two contacts, or deletes one, right after one of its calls.

Right is all as it was before, or all as it is afterwards. Of a list of records it is right, too, that nobody is in it
who went, and those who stayed are as they were before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from connectors.fault_matrix import Bench, Verb, ended, error_word, plain
from crmsync.errors import CrmsyncError
from crmsync.sandbox.faults.book import Fault, clear_faults, kinds_of, set_fault
from crmsync.sandbox.faults.meanwhile import somebody_goes

KINDS = ("merged-after", "archived-after")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)?")


@dataclass(frozen=True, slots=True)
class Told:
    """What a verb gives, in rows, and what stands there when all is over."""

    value: list[str]
    leaves: str


@dataclass(frozen=True, slots=True)
class Both:
    """A verb whose contact goes after its last call, and before its first; and its calls."""

    first: Told
    last: Told
    calls: int


def both(stand: Bench, verb: Verb, kind: str) -> Both:
    """The two runs to which all others are held."""
    with _opened(stand, verb) as connector:
        value = _scrubbed(plain(verb.run(connector)))
        calls = len(stand.world.requests)
        _goes(stand, kind)
        first = Told(value, _leaves(stand, verb))
    with _opened(stand, verb) as connector:
        _goes(stand, kind)
        value = _scrubbed(plain(verb.run(connector)))
        return Both(first, Told(value, _leaves(stand, verb)), calls)


def end_meanwhile(stand: Bench, verb: Verb, told: Both, kind: str, nth: int) -> str:
    """How a verb ends in a word, if somebody goes after its nth call; AssertionError if that is not honest.

    Whoever runs it the next time is told what is so afterwards.
    """
    with _opened(stand, verb) as connector:
        set_fault(stand.world, kind, nth=nth)
        try:
            word = _word(stand, verb, told, plain(verb.run(connector)))
        except CrmsyncError as error:
            word = error_word(error)
        clear_faults(stand.world)
        stand.world.clock.advance(3600)
    if verb.leaves is None:
        with stand.anew(verb) as following:
            assert _scrubbed(plain(verb.run(following))) == told.last.value, (
                "not even the next time"
            )
    return word


@contextmanager
def _opened(stand: Bench, verb: Verb) -> Iterator[Any]:
    """A connector to a fresh CRM whose clock is as far behind as it has to be."""
    with stand.opened(verb) as connector:
        stand.world.clock.advance(-stand.subject.lag_s)
        yield connector


def _word(stand: Bench, verb: Verb, told: Both, value: Any) -> str:
    word = ended(value) or "right"
    if word != "right":
        return word
    found = Told(_scrubbed(value), _leaves(stand, verb))
    unmixed = found.value in (told.first.value, told.last.value) or _as_before(verb, told, found)
    assert unmixed, f"neither before nor after: {found.value}"
    assert found.leaves in (told.first.leaves, told.last.leaves), f"half done: {found.leaves}"
    return word


def _as_before(verb: Verb, told: Both, found: Told) -> bool:
    """Whether these are records that are there still, some of them as they were."""
    if not verb.lists or not set(found.value) <= {*told.first.value, *told.last.value}:
        return False
    return [_id(row) for row in found.value] == [_id(row) for row in told.last.value]


def _id(row: str) -> str:
    return row.partition(",")[0]


def _goes(stand: Bench, kind: str) -> None:
    parameters = kinds_of(stand.subject.system)[kind].parameters
    somebody_goes(stand.world, Fault(kind, parameters=parameters))
    stand.world.tables.commit()


def _leaves(stand: Bench, verb: Verb) -> str:
    return str(verb.leaves(stand.world)) if verb.leaves else ""


def _scrubbed(value: Any) -> list[str]:
    """A value without instants: each run has its own."""
    rows = value if isinstance(value, list) else [value]
    return [_INSTANT.sub("then", str(row)) for row in rows]
