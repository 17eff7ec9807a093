"""What one org knows of its bulk jobs. They are forgotten with the process; their numbers are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure asked for by hand: the job ends once so many rows are through, with this message."""

    after: int
    message: str


@dataclass(slots=True)
class BulkState:
    """The jobs of an org by id, oldest first, and what they have used of the daily limits.

    What a job is, is the affair of the package `bulk`.
    """

    jobs: dict[str, Any] = field(default_factory=dict)
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
