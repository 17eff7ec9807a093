"""What became of the rows of an upload, as CSV: successful, failed, unprocessed."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from crmsync.sandbox.salesforce.bulk.forms import written
from crmsync.sandbox.salesforce.bulk.state import Done, IngestJob

_BLOCK = 10_000
# sf__Id is filled in failures from v53: get_job_failed_results (read 2026-11).
_FIRST_VERSION_WITH_ID = 53

Row = Sequence[str]
# The cells of one uploaded row in a result, None where it is not in it.
Show = Callable[[Done | None, Row], Row | None]
Numbered = tuple[int, list[str]]


def results(job: IngestJob, kind: str, *, empty_header: bool) -> Iterator[bytes]:
    """One of the three results, not in the order of the upload; `empty_header`: its header if empty."""
    rows = _uploaded(job)
    header = next(rows, (0, []))[1]
    extra, show = _KINDS[kind](job, header)
    head = written(job.form, [[*extra, *header]]) if header else b""
    if empty_header:
        yield head
        head = b""
    while block := list(islice(rows, _BLOCK)):
        found = (show(_done(job, number), row) for number, row in _shuffled(block))
        if shown := [cells for cells in found if cells is not None]:
            yield head + written(job.form, shown)
            head = b""


def kinds() -> list[str]:
    """Names of the results, as they stand in paths, in lower case."""
    return list(_KINDS)


def _uploaded(job: IngestJob) -> Iterator[Numbered]:
    """The rows of an upload with their numbers, the header line as 0, as far as they can be read."""
    text = io.TextIOWrapper(io.BytesIO(job.data or b""), "utf-8", "replace", newline="")
    reader = csv.reader(text, delimiter=job.form.separator)
    try:
        yield from enumerate(row for row in reader if row)
    except csv.Error:
        return


def _done(job: IngestJob, number: int) -> Done | None:
    return job.done[number - 1] if number <= len(job.done) else None


def _shuffled(rows: list[Numbered]) -> list[Numbered]:
    """Rows in another order, the same each time: results are not in input order."""
    # get_job_successful_results (read 2026-11).
    mixed = sorted(rows, key=lambda each: zlib.crc32(b"%d" % each[0]))
    return mixed if mixed != rows else rows[::-1]


def _successful(job: IngestJob, header: Row) -> tuple[Row, Show]:
    def show(done: Done | None, row: Row) -> Row | None:
        if done is None or done.error is not None:
            return None
        return [done.id or "", str(done.created).lower(), *row]

    return ("sf__Id", "sf__Created"), show


def _failed(job: IngestJob, header: Row) -> tuple[Row, Show]:
    names = [name.lower() for name in header]
    has_id = "id" in names and float(job.version) >= _FIRST_VERSION_WITH_ID
    place = names.index("id") if has_id else None

    def show(done: Done | None, row: Row) -> Row | None:
        if done is None or done.error is None:
            return None
        return ["" if place is None else row[place], done.error, *row]

    return ("sf__Id", "sf__Error"), show


def _unprocessed(job: IngestJob, header: Row) -> tuple[Row, Show]:
    return (), lambda done, row: row if done is None else None


# `unprocessedrecords` in the guide, `unprocessedRecords` in simple-salesforce: case does not count.
_KINDS = {
    "successfulresults": _successful,
    "failedresults": _failed,
    "unprocessedrecords": _unprocessed,
}
