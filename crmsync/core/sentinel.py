"""One record in each CRM that counts the runs that wrote there, and what its counter says of our state.

The state of crmsync can be put back to yesterday, copied to a second machine, or lost; a CRM can be put back
too. Whoever then goes on takes old values for edits. The record cannot be put back together with the state,
so the two disagree, and nothing is written.

    our state   the CRM            verdict
    5 by X      5 by X             fits
    5 by X      6 by our own op    fits: a run of ours moved it and died before it noted that
    5 by X      6 by anybody       newer: our state is an old copy, or another machine writes
    5 by X      4 by anybody       older: the CRM was put back
    5 by X      5 by Y             other: a copy of our state has moved it
    5 by X      no record          gone
    5 by X      an odd text        edited
    nothing     0                  fits: put in, and nobody has written yet
    nothing     more than 0        unknown: our state was lost, or it is another machine's record
    nothing     no record          absent: never put in

Must not know: how a record is read, or where the state keeps its own count.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from crmsync.core.mapping import WorkspaceMapping

PREFIX = "crmsync-sentinel-"
NAME = "crmsync (do not delete)"
ACTION = "sentinel"
"""The kind of the op that moves the counter, of the item in the footprint, and of its one cell."""

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
_TEXT = re.compile(r"\s*crmsync run (\d{1,12}) \(([^()\s]+)\)")
_EXPLAINED = (
    "This record counts the runs of crmsync that wrote here. Please do not edit or delete it."
)

Verdict = Literal["fits", "newer", "older", "other", "gone", "edited", "unknown", "absent"]


@dataclass(frozen=True, slots=True)
class SentinelMark:
    """How many runs have written to a system, and the last one of them."""

    counter: int
    run: str

    def after(self, run: str) -> SentinelMark:
        """The mark once another run has written."""
        return SentinelMark(self.counter + 1, run)

    def __str__(self) -> str:
        return f"{self.counter} ({self.run})"


@dataclass(frozen=True, slots=True)
class SentinelPlace:
    """The object of a system that has room for a sentinel, and its fields for a name and for the count."""

    object: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SentinelRecord:
    """A sentinel as its system holds it this moment."""

    object: str
    native_id: str
    text: str


def sentinel_key(workspace: str) -> str:
    """The key of a workspace's sentinel: its name where a key field of any kind keeps that, else a digest.

    Salesforce compares keys without regard to case and keeps 64 characters.
    """
    if _PLAIN.fullmatch(workspace):
        return PREFIX + workspace
    return PREFIX + hashlib.sha256(workspace.encode()).hexdigest()[:24]


def mark_text(mark: SentinelMark) -> str:
    """What stands in the record, for people too."""
    return f"crmsync run {mark}. {_EXPLAINED}"


def read_mark(text: str | None) -> SentinelMark | None:
    """The mark of a record's text, None if there is none in it."""
    found = _TEXT.match(text or "")
    return SentinelMark(int(found[1]), found[2]) if found else None


def judge(
    known: SentinelMark | None, underway: SentinelMark | None, record: SentinelRecord | None
) -> Verdict:
    """What a record says of our state; `underway` is where an op of ours that is not settled moves it."""
    if record is None:
        return "absent" if known is None else "gone"
    mark = read_mark(record.text)
    if mark is None:
        return "edited"
    if known is None:
        return "unknown" if mark.counter else "fits"
    if mark in (known, underway):
        return "fits"
    return _order(mark.counter - known.counter)


def _order(ahead: int) -> Verdict:
    if ahead == 0:
        return "other"
    return "newer" if ahead > 0 else "older"


def written_systems(mapping: WorkspaceMapping) -> frozenset[str]:
    """Systems in which the mapping writes a field of any record; where nothing is written nothing counts."""
    return frozenset(
        seat.system
        for entity in mapping.entities
        for seat in entity.seats
        if any(each.writes_to(seat.system) for each in entity.fields)
    )
