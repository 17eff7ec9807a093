"""Query jobs of Bulk API 2.0: made, waited for, forgotten.

    UploadComplete -> InProgress -> JobComplete | Failed | Aborted

developer.salesforce.com, Bulk API 2.0, Query Jobs (read 2026-11). Whatever keeps the org from doing a
query in bulk is NoBulk: it can still be read by REST.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from crmsync.connectors.calls import Call
from crmsync.connectors.salesforce.api import Api
from crmsync.errors import AccessDenied, CrmsyncError, Refused
from crmsync.language import _

PATH = "jobs/query"
# A job of 100,000 records takes seconds, one that waits for others minutes. The first questions come
# quickly, later ones every 20 s: a wait of half an hour is about a hundred calls.
FIRST_WAIT_S, WAIT_GROWS, LONGEST_STEP_S = 0.02, 1.5, 20.0
LONGEST_JOB_S = 1800.0
TOLD_FROM_S = 60.0
_GOING = frozenset(("UploadComplete", "InProgress"))


class NoBulk(Exception):
    """The org does not do this query in bulk; the text says why."""


@dataclass(frozen=True, slots=True)
class Job:
    """A query job, its state, and how many records it has found."""

    id: str
    state: str
    processed: int


@contextmanager
def or_no_bulk() -> Iterator[None]:
    """Runs a block in which every refusal is NoBulk: an object without it, no permission, no job left."""
    try:
        yield
    except (Refused, AccessDenied) as refusal:
        raise NoBulk(refusal.message) from None


def make_job(api: Api, soql: str) -> Job:
    """A new query job. After a lost answer it is another one; Salesforce deletes the first after 7 days."""
    body = {
        "operation": "query",
        "query": soql,
        "contentType": "CSV",
        "columnDelimiter": "COMMA",
        "lineEnding": "LF",
    }
    with or_no_bulk():
        return _job(api.post_to_read(PATH, body, PATH))


def await_job(api: Api, job: Job, object_: str, note: Callable[[str], None]) -> Job:
    """The job when it is complete; NoBulk if it fails, is aborted, or takes more than half an hour."""
    waited_s, step_s = 0.0, FIRST_WAIT_S
    while job.state in _GOING:
        if waited_s >= LONGEST_JOB_S:
            raise NoBulk(_("the job was not done after {seconds:.0f} s").format(seconds=waited_s))
        api.calls.wait(step_s, _("a query in bulk of {object}").format(object=object_))
        waited_s, step_s = waited_s + step_s, min(step_s * WAIT_GROWS, LONGEST_STEP_S)
        with or_no_bulk():
            job = _job(api.get(f"{PATH}/{job.id}", PATH))
    if waited_s >= TOLD_FROM_S:
        text = _("{object}: the org took {seconds:.0f} s for the query in bulk")
        note(text.format(object=object_, seconds=waited_s))
    if job.state != "JobComplete":
        # A failed query job carries no message: jsforce, bulk2.ts (read 2026-11)
        raise NoBulk(_("the org ended the job as {state}").format(state=job.state))
    return job


def forget_job(api: Api, job: Job) -> None:
    """Deletes a job with its results; one that still runs is aborted before. A failure is none."""
    with suppress(CrmsyncError):
        try:
            _send(api, "DELETE", job)
        except Refused:
            _send(api, "PATCH", job, {"state": "Aborted"})
            _send(api, "DELETE", job)


def _send(api: Api, method: str, job: Job, body: Any = None) -> None:
    text = None if body is None else orjson.dumps(body)
    send = partial(api.session.send, method, f"{PATH}/{job.id}", body=text)
    api.calls.ask(Call(f"{method} {PATH}", send))


def _job(told: Any) -> Job:
    return Job(str(told["id"]), str(told["state"]), int(told.get("numberRecordsProcessed") or 0))
