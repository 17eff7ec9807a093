"""The values that go into the store and come out of it, where the core has none of its own.

Must not know: SQL. Every instant is aware and UTC; every JSON object comes out as a dict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from crmsync.core.records import Ref
from crmsync.core.sentinel import SentinelMark

Cells: TypeAlias = Mapping[str, str | None]
"""Canonical texts by field name; None is a blank."""
DigestOf: TypeAlias = Callable[[str, str, Cells], str]
"""The digest of one side's base: (entity, system, cells) -> text."""

State: TypeAlias = Literal[
    "PLANNED",
    "INTENT",
    "SENT",
    "ACKED",
    "VERIFIED",
    "REWRITTEN",
    "IGNORED",
    "FAILED",
    "AMBIGUOUS",
    "DROPPED",
    "BLOCKED",
]
OPEN_STATES: tuple[State, ...] = ("INTENT", "SENT", "ACKED", "AMBIGUOUS")
"""A write may have happened, and it is not yet known how it ended."""
UNFINISHED_STATES: tuple[State, ...] = ("PLANNED", *OPEN_STATES)

Status: TypeAlias = Literal["running", "done", "partial", "failed", "interrupted"]
RESUMABLE: tuple[Status, ...] = ("running", "partial", "interrupted")


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A record that belongs to a key, and by which rule it was found."""

    entity: str
    key: str
    ref: Ref
    how: str


@dataclass(frozen=True, slots=True)
class KeptLink:
    """A link with where it comes from: the rule, the run, since when, and who approved the plan, if anybody."""

    entity: str
    key: str
    ref: Ref
    how: str
    run_id: str
    since: datetime
    approver: str | None = None


@dataclass(frozen=True, slots=True)
class CursorRow:
    """Up to where an object was read, and the run whose snapshot holds all of it up to there.

    `since_full` counts the reads of changes since the last one of everything.
    """

    system: str
    object: str
    run_id: str
    cursor: str
    since_full: int = 0


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A record that was merged away or converted and the one in its place; `run_id` and `since` once it is kept.

    `new_object` is blank where both are of the same object.
    """

    entity: str
    old: Ref
    new_id: str
    why: str
    run_id: str = ""
    since: datetime | None = None
    new_object: str = ""

    @property
    def new(self) -> Ref:
        """The record in its place."""
        return Ref(self.old.system, self.new_object or self.old.object, self.new_id)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A canonical text that one system would not keep; None if it would not be cleared."""

    entity: str
    key: str
    system: str
    field: str
    value: str | None


@dataclass(frozen=True, slots=True)
class SentinelRow:
    """How far we know a system's sentinel: its record and its mark."""

    system: str
    native_id: str
    mark: SentinelMark


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a rebase forgets, or would: bases, refused values, and runs that stopped half way."""

    bases: int
    refused: int
    runs: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run: what was asked, how it ended. `calls` counts requests by system."""

    id: str
    verb: str
    status: Status
    started_at: datetime
    finished_at: datetime | None = None
    plan_id: str | None = None
    approver: str | None = None
    note: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class KeptScore:
    """The score of one audit run, 0 to 100; only scores of one basis are compared."""

    run: str
    basis: str
    at: datetime
    overall: float


@dataclass(frozen=True, slots=True)
class Op:
    """One change of a plan as the journal knows it. `id` is the change's id within its run.

    `change` is the plan line as JSON, to be read with `planning.read_line(json.loads(op.change))`.
    `pre_image` is what the record held just before the write, `held` what it held after.
    """

    run_id: str
    id: str
    seq: int
    change: str
    entity: str
    key: str
    system: str
    object: str
    action: str
    native_id: str | None
    state: State
    pre_image: Cells | None
    held: Cells | None
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write, until it is given back. A higher `fence` has taken it over."""

    holder: str
    since: datetime
    fence: int
