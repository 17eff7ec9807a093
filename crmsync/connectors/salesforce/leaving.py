"""Who went while an object was read: pages of a query are of different moments, and so are parts of a job.

| while it is read | so |
|---|---|
| a record that came is merged into one that comes | both would be live, two customers with one's values |
| a record that came is deleted | it would be live until the next read |

The bin tells of both, by one query. A read that is one answer is of one moment, and nobody is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.changes import DELETED, OVERLAP, STAMP, moment_text
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.reading import Progress, Rows, read_found


@dataclass(slots=True)
class Leaving:
    """One read: since when, to the minute, and in the end whom it gave who is not there any more."""

    api: Api
    object: str
    begun: datetime = field(init=False)
    went: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.begun = self.api.calls.clock().replace(second=0, microsecond=0)

    def watched(
        self, progress: Progress, pages: Iterator[Rows | pa.RecordBatch]
    ) -> Iterator[Rows | pa.RecordBatch]:
        """The pages as they are, rows of REST or columns of a job; behind the last one the bin is asked."""
        answers, by_job = 0, False
        for page in pages:
            answers, by_job = answers + 1, not isinstance(page, list)
            yield page
        if answers > 1 or by_job:
            self.went |= {id18(one) for one in self._deleted() & progress.seen}

    def _deleted(self) -> set[str]:
        """Everybody in the bin who may have come into it since, and some from before."""
        since = moment_text(self.begun - OVERLAP)
        where = f"{DELETED} = true AND {STAMP} >= {since}"
        pages = read_found(self.api, self.object, ["Id"], where, archived=True)
        return {row["Id"] for rows in pages for row in rows}
