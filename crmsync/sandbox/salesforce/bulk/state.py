"""What one org knows of its bulk jobs. They are forgotten with the process; their numbers are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from crmsync.sandbox.salesforce.bulk.forms import Form
from crmsync.sandbox.tables import Row

GOING = frozenset({"UploadComplete", "InProgress"})


class JobFailed(Exception):
    """Ends a job in state Failed; the text is its errorMessage."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure asked for by hand: the job ends once so many rows are through, with this message."""

    after: int
    message: str


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


@dataclass(slots=True)
class BulkState:
    """The jobs of an org by id, oldest first, and what they have used of the daily limits."""

    jobs: dict[str, Job] = field(default_factory=dict)
    fail_next: Failure | None = None
    # 15,000 batches of 10,000 records, 10,000 query jobs and 1 TB of their results in 24 hours:
    # salesforce-app-limits-platform-bulkapi (read 2026-11).
    daily_batches: int = 15_000
    daily_queries: int = 10_000
    daily_result_mb: int = 976_562
    batches: int = 0
    queries: int = 0
    result_bytes: int = 0

    @property
    def result_mb(self) -> int:
        """How much of the daily storage for query results is used."""
        return self.result_bytes // 1024**2
