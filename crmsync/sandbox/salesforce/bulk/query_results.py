"""The results of a bulk query: pages of CSV by locator, one after the other or side by side."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from crmsync.sandbox.salesforce.bulk.forms import written, written_columns
from crmsync.sandbox.salesforce.bulk.jobs import known_job
from crmsync.sandbox.salesforce.bulk.query_columns import Column, cells_of, columns_of
from crmsync.sandbox.salesforce.bulk.state import QueryJob
from crmsync.sandbox.salesforce.calls import Call, Reply
from crmsync.sandbox.salesforce.errors import NOT_FOUND, ApiError, Refusal, refuse
from crmsync.sandbox.salesforce.soql.grammar import parse
from crmsync.sandbox.salesforce.soql.run import queried_scope
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

BLOCK = 2_000  # rows that are text at a time
_RESULT_PAGES = 5
_FIRST_VERSION_OF_PAGES = 58


def get_results(world: SalesforceWorld, call: Call) -> Reply:
    """One page of rows as CSV; the header `Sforce-Locator` leads to the next, `null` to none."""
    job = _finished(world, call)
    start, size = _start(call, job), _size(world, call)
    rows = job.rows[start : start + size]
    end = start + len(rows)
    headers = {
        "Sforce-NumberOfRecords": str(len(rows)),
        # The literal text null on the last page: query_get_job_results (read 2026-11).
        "Sforce-Locator": _locator(end) if end < len(job.rows) else "null",
        "Content-Encoding": "gzip",  # always compressed: Bulk API guide, queries (read 2026-11)
    }
    header = start == 0 or bool(world.switch("bulk_header_every_page"))
    return Reply(200, headers=headers, csv=_pages(world, call, job, (start, end), header=header))


def get_result_pages(world: SalesforceWorld, call: Call) -> Reply:
    """Where up to five pages lie, to be fetched side by side."""
    # From v58: query-get-parallel-job-results (read 2026-11).
    if float(call.version) < _FIRST_VERSION_OF_PAGES:
        raise Refusal(NOT_FOUND)
    job = _finished(world, call)
    size, total = _size(world, call), len(job.rows)
    first = _start(call, job)
    starts = list(range(first, max(total, 1), size))[:_RESULT_PAGES]
    here = f"{call.prefix}jobs/query/{job.id}/"
    urls = [f"{here}results?locator={_locator(at)}&maxRecords={size}" for at in starts]
    after = first + size * _RESULT_PAGES
    body: dict[str, Any] = {
        "resultPages": [{"resultUrl": url} for url in urls],
        "done": after >= total,
    }
    if not body["done"]:
        key = str(world.switch("bulk_next_pages_key"))
        body[key] = f"{here}resultPages?locator={_locator(after)}&maxRecords={size}"
    return Reply(200, body)


def _finished(world: SalesforceWorld, call: Call) -> QueryJob:
    job = known_job(world, call, QueryJob)
    if call.version != job.version:
        # 409 for another version than the job was made with: query_get_job_results (read 2026-11).
        message = f"The job was created with API version {job.version}"
        raise Refusal(ApiError("API_VERSION_MISMATCH", message, status=409))
    if job.state != "JobComplete":
        raise refuse("INVALIDJOBSTATE", f"No results for a job in state {job.state}")
    return job


def _locator(start: int) -> str:
    # `MTAwMDA` in the guide is base64 of 10000 without its padding: query_get_job_results (read 2026-11).
    return base64.urlsafe_b64encode(str(start).encode()).decode().rstrip("=")


def _start(call: Call, job: QueryJob) -> int:
    locator = call.query.get("locator")
    if not locator:
        return 0
    try:
        text = base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)).decode()
    except ValueError:  # no base64, or no text in it
        text = ""
    if not text.isdecimal() or int(text) > len(job.rows):
        raise refuse("INVALID_QUERY_LOCATOR", "invalid query locator")
    return int(text)


def _size(world: SalesforceWorld, call: Call) -> int:
    asked = call.query.get("maxRecords")
    if asked is None:
        return max(int(world.switch("bulk_page_rows")), 1)
    if not asked.isdecimal() or not int(asked):
        raise refuse("INVALID_INPUT", f"maxRecords must be a positive number, not {asked}")
    return min(int(asked), max(int(world.switch("bulk_most_rows")), 1))


def _pages(
    world: SalesforceWorld, call: Call, job: QueryJob, span: tuple[int, int], *, header: bool
) -> Iterator[bytes]:
    """The rows of a span as CSV, a block at a time."""
    scope = queried_scope(world, parse(job.soql), call.asked())
    columns = columns_of(scope, str(world.switch("bulk_datetimes")))
    return _blocks(job, columns, span, header=header)


def _blocks(
    job: QueryJob, columns: list[Column], span: tuple[int, int], *, header: bool
) -> Iterator[bytes]:
    if header:
        yield written(job.form, [[column.name for column in columns]])
    start, end = span
    for at in range(start, end, BLOCK):
        yield block_of(job, columns, job.rows[at : min(at + BLOCK, end)])


def block_of(job: QueryJob, columns: list[Column], rows: list[Row]) -> bytes:
    """Some rows as CSV."""
    return written_columns(job.form, list(cells_of(columns, rows)))
