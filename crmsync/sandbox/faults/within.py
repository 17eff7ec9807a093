"""Faults that are a CRM's own business: which of them happen at a call, and the clock that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from starlette.types import Scope

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.faults.book import Fault

WITHIN = "crmsync.faults"
SKEW = "skew"


def faults_within(scope: Scope) -> Sequence[Fault]:
    """The faults that happen inside the CRM at this call."""
    found: Sequence[Fault] = scope.get(WITHIN, ())
    return found


def ahead(faults: Sequence[Fault]) -> int:
    """Seconds by which the clock is ahead."""
    return sum(each.parameter("seconds") for each in faults if each.kind == SKEW)


@contextmanager
def skewed(clock: Clock, faults: Sequence[Fault]) -> Iterator[None]:
    """The clock is wrong while the block runs, which must not wait for anything."""
    seconds = ahead(faults)
    clock.advance(seconds)
    try:
        yield
    finally:
        clock.advance(-seconds)
