"""Calls about bulk query jobs: create, ask, read results, abort, delete, list."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from crmsync.sandbox.salesforce.bulk.forms import form_of, written
from crmsync.sandbox.salesforce.bulk.jobs import (
    ask,
    basic_json,
    begin,
    delete_job,
    end_by_client,
    keep,
    known_job,
    listing,
    new_job_id,
    refuse_state,
    wanted_state,
)
from crmsync.sandbox.salesforce.bulk.query_columns import Column, check_query, columns_of
from crmsync.sandbox.salesforce.bulk.state import QueryJob
from crmsync.sandbox.salesforce.calls import Call, Reply, json_object
from crmsync.sandbox.salesforce.errors import NOT_FOUND, ApiError, Refusal, refuse
from crmsync.sandbox.salesforce.soql.fields import Scope
from crmsync.sandbox.salesforce.soql.grammar import parse
from crmsync.sandbox.salesforce.soql.run import found_rows, queried_scope
from crmsync.sandbox.salesforce.soql.tree import Query
from crmsync.sandbox.salesforce.world import SalesforceWorld

_BLOCK = 2_000
_RESULT_PAGES = 5
_FIRST_VERSION_OF_PAGES = 58
# Three of those that tap-salesforce lists (read 2026-11).
_WITHOUT_BULK = frozenset({"casestatus", "recentlyviewed", "taskstatus"})


def post_query_job(world: SalesforceWorld, call: Call) -> Reply:
    """A new query job; what cannot be asked in bulk is refused at once."""
    body = json_object(call)
    operation = body.get("operation")
    if operation not in ("query", "queryAll"):
        raise refuse("INVALIDOPERATION", f"operation must be query or queryAll, not {operation}")
    soql = body.get("query")
    if not isinstance(soql, str) or not soql.strip():
        raise refuse("MALFORMED_QUERY", "A query string has to be specified")
    form, query = form_of(body), parse(soql)
    check_query(query)
    scope = _scope(world, query, call)
    columns_of(scope, "")
    _count_query(world)
    now = world.now()
    job = QueryJob(
        id=new_job_id(world),
        object=scope.shape.name,
        operation=operation,
        version=call.version,
        form=form,
        state="UploadComplete",
        created=now,
        changed=now,
        soql=soql,
    )
    keep(world, job)
    begin(world, job, _work(world, job, call))
    return Reply(int(world.switch("bulk_create_status")), basic_json(world, job))


def get_query_job(world: SalesforceWorld, call: Call) -> Reply:
    """How a query job is doing; each question carries it on."""
    job = known_job(world, call, QueryJob)
    ask(world, job)
    return Reply(200, _told(world, job))


def patch_query_job(world: SalesforceWorld, call: Call) -> Reply:
    """Aborts a query job."""
    job = known_job(world, call, QueryJob)
    if wanted_state(call) != "Aborted":
        raise refuse_state(wanted_state(call))
    end_by_client(world, job)
    return Reply(200, basic_json(world, job))


def delete_query_job(world: SalesforceWorld, call: Call) -> Reply:
    """Forgets a query job."""
    return delete_job(world, known_job(world, call, QueryJob))


def list_query_jobs(world: SalesforceWorld, call: Call) -> Reply:
    """All query jobs of the last seven days."""
    return listing(world, call, QueryJob, _told)


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


def _scope(world: SalesforceWorld, query: Query, call: Call) -> Scope:
    name = query.source.parts[-1]
    if name.lower() in _WITHOUT_BULK:
        raise refuse("INVALIDENTITY", f"{name} is not supported by the Bulk API")
    return queried_scope(world, query, call.asked())


def _count_query(world: SalesforceWorld) -> None:
    # Both texts: airbyte, and public clients that read them (read 2026-11).
    bulk = world.bulk
    if bulk.queries >= bulk.daily_queries:
        message = f"Max bulk v2 query jobs ({bulk.daily_queries}) per 24 hrs has been reached"
        raise refuse("LIMIT_EXCEEDED", f"{message} ({bulk.queries + 1})")
    if bulk.result_mb >= bulk.daily_result_mb:
        stored = bulk.daily_result_mb * 1024
        message = f"Max bulk v2 query result size stored ({stored}) kb per 24 hrs has been exceeded"
        raise refuse("LIMIT_EXCEEDED", message)
    bulk.queries += 1


def _work(world: SalesforceWorld, job: QueryJob, call: Call) -> Iterator[None]:
    asked = call.asked(include_deleted=job.operation == "queryAll")
    query = parse(job.soql)
    scope, job.rows = found_rows(world, query, asked)
    job.processed = len(job.rows)
    sample = job.rows[:_BLOCK]
    measured = len(_block(job, columns_of(scope, "Z"), sample))
    world.bulk.result_bytes += measured * len(job.rows) // max(len(sample), 1)
    yield


def _told(world: SalesforceWorld, job: QueryJob) -> dict[str, Any]:
    # A failed query job carries no message: jsforce's reading of the guide (read 2026-11).
    return {
        **basic_json(world, job),
        "jobType": "V2Query",
        "numberRecordsProcessed": job.processed,
        "retries": 0,
        "totalProcessingTime": 0,
        "isPkChunkingSupported": True,
    }


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
    return int(asked)


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
    for at in range(start, end, _BLOCK):
        yield _block(job, columns, job.rows[at : min(at + _BLOCK, end)])


def _block(job: QueryJob, columns: list[Column], rows: list[Any]) -> bytes:
    cells = [column.cells(rows) for column in columns]
    return written(job.form, zip(*cells, strict=True))
