"""Bulk jobs as they live: found, begun, carried on from question to question, ended, forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar

from crmsync.sandbox.salesforce.bulk.state import GOING, Job, JobFailed
from crmsync.sandbox.salesforce.bulk_state import Failure
from crmsync.sandbox.salesforce.calls import Call, Reply, json_object
from crmsync.sandbox.salesforce.errors import NOT_FOUND, Refusal, refuse
from crmsync.sandbox.salesforce.ids import full_id, numbered_id
from crmsync.sandbox.salesforce.instants import wire_instant
from crmsync.sandbox.salesforce.world import SalesforceWorld

# Jobs and results are removed after 7 days: salesforce-app-limits-platform-bulkapi (read 2026-11).
_KEPT = timedelta(days=7)
# Nobody needs to ask for a job to be done: unasked, it is after this time.
_UNASKED = timedelta(seconds=60)
_LISTED = 1_000

Kind = TypeVar("Kind", bound=Job)


def counted(world: SalesforceWorld, segments: Sequence[str]) -> int:
    """How many API requests a call counts as, by its path below `/services/data/`."""
    is_bulk = segments[1:2] == ["jobs"]
    return int(not is_bulk or bool(world.switch("bulk_calls_count")))


def new_job_id(world: SalesforceWorld) -> str:
    """A job id that was never given before, not even before a restart."""
    last: int = (world.tables.get("~bulk", "jobs") or {}).get("last", 0) + 1
    world.tables.put("~bulk", "jobs", {"last": last})
    return numbered_id("750", last)


def keep(world: SalesforceWorld, job: Job) -> None:
    """Enters a new job."""
    world.bulk.jobs[job.id] = job


def known_job(world: SalesforceWorld, call: Call, kind: type[Kind]) -> Kind:
    """The job a call is about; Refusal (404) for one there is not, or not any more."""
    job = world.bulk.jobs.get(full_id(call.parts[2]) or "")
    if not isinstance(job, kind) or world.now() - job.created > _KEPT:
        raise Refusal(NOT_FOUND)
    return job


def begin(world: SalesforceWorld, job: Job, work: Iterator[None]) -> None:
    """Queues a job whose work is at hand: it goes on when it is asked about, or when time passes."""
    failure, world.bulk.fail_next = world.bulk.fail_next, None
    job.work = work if failure is None else _failing(job, work, failure)
    job.polls_left = int(world.switch("bulk_polls"))
    job.patient = job.polls_left > 1
    _enter(world, job, "UploadComplete")


def ask(world: SalesforceWorld, job: Job) -> None:
    """Carries a job on by one question: queued, then in progress, then at its end."""
    if job.state not in GOING:
        return
    if not job.polls_left:
        _run(world, job, None)
        return
    job.polls_left -= 1
    if job.patient:
        job.patient = False
    elif job.state == "UploadComplete":
        _run(world, job, 1)


def finish_due(world: SalesforceWorld) -> None:
    """Ends the jobs nobody asked about for long enough."""
    for job in world.bulk.jobs.values():
        if job.state in GOING and world.now() - job.changed >= _UNASKED:
            _run(world, job, None)


def end_by_client(world: SalesforceWorld, job: Job) -> None:
    """Aborts a job; what it has written stays. Refusal when it is at its end already."""
    if job.state not in GOING | {"Open"}:
        # HTTP 400 with this text: Bulk API guide, Abort a Query Job (read 2026-11).
        raise refuse("INVALIDJOBSTATE", "Aborting already Completed Job not allowed")
    _enter(world, job, "Aborted")


def delete_job(world: SalesforceWorld, job: Job) -> Reply:
    """Forgets a job and its results; Refusal while it is open or running."""
    # UploadComplete, JobComplete, Aborted or Failed: Bulk API guide, Delete a Job (read 2026-11).
    if job.state in ("Open", "InProgress"):
        raise refuse("INVALIDJOBSTATE", f"Deleting a job in state {job.state} not allowed")
    del world.bulk.jobs[job.id]
    return Reply(int(world.switch("bulk_delete_status")))


def wanted_state(call: Call) -> str:
    """The state a PATCH asks for."""
    return str(json_object(call).get("state"))


def refuse_state(state: str) -> Refusal:
    """The refusal of a state no client may set."""
    return refuse("INVALIDJOBSTATE", f"A job cannot be set to the state {state}")


def basic_json(world: SalesforceWorld, job: Job) -> dict[str, Any]:
    """What every description of a job says."""
    return {
        "id": job.id,
        "operation": job.operation,
        "object": job.object,
        "createdById": world.user_id,
        "createdDate": wire_instant(job.created),
        "systemModstamp": wire_instant(job.changed),
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(job.version),  # a number: query_walkthrough (read 2026-11)
        "lineEnding": job.form.line_end,
        "columnDelimiter": job.form.delimiter,
    }


def listing(world: SalesforceWorld, call: Call, kind: type[Job], told: Any) -> Reply:
    """The jobs of a kind, a thousand a page, as `told` makes each of them."""
    start = call.query.get("queryLocator", "0")
    if not start.isdecimal():
        raise refuse("INVALID_QUERY_LOCATOR", "invalid query locator")
    jobs = [
        job
        for job in world.bulk.jobs.values()
        if isinstance(job, kind) and world.now() - job.created <= _KEPT
    ]
    end = int(start) + _LISTED
    more = f"{call.prefix}{'/'.join(call.parts)}?queryLocator={end}" if end < len(jobs) else None
    page = [told(world, job) for job in jobs[int(start) : end]]
    return Reply(200, {"done": more is None, "records": page, "nextRecordsUrl": more})


def control_bulk(world: SalesforceWorld, body: Any) -> None:
    """The side door: `fail_next` {after, message}, `daily_batches`, `daily_queries`."""
    for word, value in body.items():
        _CONTROLS[word](world, value)


def _fail_next(world: SalesforceWorld, value: Any) -> None:
    message = str(value.get("message", "InternalServerError : the job was failed by hand"))
    world.bulk.fail_next = Failure(int(value.get("after", 0)), message)


def _daily_batches(world: SalesforceWorld, value: Any) -> None:
    world.bulk.daily_batches = int(value)


def _daily_queries(world: SalesforceWorld, value: Any) -> None:
    world.bulk.daily_queries = int(value)


_CONTROLS = {
    "fail_next": _fail_next,
    "daily_batches": _daily_batches,
    "daily_queries": _daily_queries,
}


def _run(world: SalesforceWorld, job: Job, steps: int | None) -> None:
    """Does some steps of a job's work, or all that is left and then ends it."""
    _enter(world, job, "InProgress")
    try:
        for _ in islice(job.work, steps):
            pass
    except JobFailed as failure:
        job.message = str(failure)
        _enter(world, job, "Failed")
    else:
        if steps is None:
            _enter(world, job, "JobComplete")
    world.tables.commit()


def _enter(world: SalesforceWorld, job: Job, state: str) -> None:
    job.state = state
    job.changed = world.now()


def _failing(job: Job, work: Iterator[None], failure: Failure) -> Iterator[None]:
    while job.processed < failure.after and next(work, job) is None:
        yield
    raise JobFailed(failure.message)
