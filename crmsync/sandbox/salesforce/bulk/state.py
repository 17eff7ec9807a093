"""What a bulk job is, of either kind, and the states it goes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from crmsync.sandbox.salesforce.bulk.forms import Form
from crmsync.sandbox.tables import Row

GOING = frozenset({"UploadComplete", "InProgress"})


class JobFailed(Exception):
    """Ends a job in state Failed; the text is its errorMessage."""


@dataclass(slots=True, kw_only=True)
class Job:
    """What query jobs and ingest jobs have in common."""

    id: str
    object: str
    operation: str
    version: str
    form: Form
    state: str
    created: datetime
    changed: datetime
    polls_left: int = 0
    patient: bool = False  # whether the next question still finds it queued
    work: Iterator[None] = field(default_factory=lambda: iter(()))
    processed: int = 0
    message: str | None = None


@dataclass(slots=True, kw_only=True)
class QueryJob(Job):
    """A query, and its rows once it ran: the rows themselves, which no later write changes."""

    soql: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one uploaded row: its id, whether it was created, or the error text."""

    id: str | None
    created: bool = False
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class IngestJob(Job):
    """An upload, and what became of its rows, in their order; rows after the last are unprocessed."""

    key: str | None = None
    assignment_rule: str | None = None
    data: bytes | None = None
    done: list[Done] = field(default_factory=list)
    failed: int = 0
