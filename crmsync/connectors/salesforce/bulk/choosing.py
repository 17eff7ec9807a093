"""By which way the records of an object are read: REST, or a query job above a size that COUNT() tells.

A job costs some ten calls, and the org makes it wait its turn, whatever its size; REST costs a call for
2,000 records. With 20,000 records REST is at the ten calls; beyond, a job is the cheaper way in calls,
and by far the quicker one to read. Salesforce itself begins to recommend it at 2,000:
salesforce-app-limits-platform-bulkapi (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from crmsync.connectors.ahead import ahead
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.bulk.jobs import NoBulk
from crmsync.connectors.salesforce.bulk.pages import rows_a_page
from crmsync.connectors.salesforce.bulk.reading import read_in_bulk
from crmsync.connectors.salesforce.leaving import Leaving
from crmsync.connectors.salesforce.reading import PAGE_ROWS, Progress, Rows, demand_all, read_pages
from crmsync.language import _, translate_said

# The count, the job, some ten questions for its state, its end, who went; a mapping reads some forty fields.
_JOB_CALLS, _USUAL_FIELDS = 14, 40


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads whole objects of one org. `notes` take what a person should know of the way it was done."""

    api: Api
    above: int | None
    notes: list[str]

    def pages(
        self, object_: str, types: Mapping[str, str], leaving: Leaving | None = None
    ) -> Iterator[Rows | pa.RecordBatch]:
        """Every live record once, with these fields by describe type; AnswerBroken if some are missing.

        Rows as REST tells them, or columns in wire-normal text; the second kind may turn into the first
        when the org ends a job in the middle. Calls are made a page ahead. `leaving` knows in the end who went.
        """
        progress = Progress(0)
        pages = self._pages(object_, types, progress)
        return ahead(leaving.watched(progress, pages) if leaving else pages)

    def _pages(
        self, object_: str, types: Mapping[str, str], progress: Progress
    ) -> Iterator[Rows | pa.RecordBatch]:
        progress.told = self.api.count(object_)
        if self.above is not None and progress.told > self.above:
            try:
                yield from read_in_bulk(self.api, object_, types, progress, self._note)
            except NoBulk as no:
                told = _("{object}: read by REST, not in bulk: {reason}")
                self._note(told.format(object=object_, reason=translate_said(str(no))))
            else:
                demand_all(self.api, object_, progress)
                return
        yield from read_pages(self.api, object_, list(types), progress)

    def rows(self, object_: str, types: Mapping[str, str]) -> Iterator[Rows]:
        """The same as rows, for what is taken apart record by record."""
        for page in self.pages(object_, types):
            yield page if isinstance(page, list) else _rows(page, types)

    def cost(self, rows: int) -> int:
        """How many calls it takes to read so many records, their count included, and who went meanwhile."""
        if self.above is not None and rows > self.above:
            return _JOB_CALLS + -(-rows // rows_a_page(_USUAL_FIELDS))
        pages = max(-(-rows // PAGE_ROWS), 1)
        return 1 + pages + (pages > 1)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _rows(page: pa.RecordBatch, types: Mapping[str, str]) -> Rows:
    """Columns as rows of REST; only booleans are another value there than their text."""
    flags = [name for name, describe_type in types.items() if describe_type == "boolean"]
    rows: Rows = page.to_pylist()
    for row in rows:
        row.update({name: row[name] == "true" for name in flags})
    return rows
