"""Calls about bulk ingest jobs: create, upload, close, ask, read results, abort, delete, list."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.salesforce.bulk.forms import form_of
from crmsync.sandbox.salesforce.bulk.ingest_results import kinds, results
from crmsync.sandbox.salesforce.bulk.ingest_run import OPERATIONS, work_of
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
from crmsync.sandbox.salesforce.bulk.state import GOING, IngestJob
from crmsync.sandbox.salesforce.calls import Call, Reply, json_object
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import NOT_FOUND, ApiError, Refusal, refuse
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.records import upsert_key
from crmsync.sandbox.salesforce.world import SalesforceWorld

# 150 MB once it is base64, which makes four bytes of three: bulk_api_2_limits (read 2026-11).
_LARGEST = 150_000_000 * 3 // 4


def post_ingest_job(world: SalesforceWorld, call: Call) -> Reply:
    """A new, open job."""
    body = json_object(call)
    operation, shape = _operation(world, body), _target(world, body)
    now = world.now()
    job = IngestJob(
        id=new_job_id(world),
        object=shape.name,
        operation=operation,
        version=call.version,
        form=form_of(body),
        state="Open",
        created=now,
        changed=now,
        key=_key(shape, body) if operation == "upsert" else None,
        assignment_rule=_assignment_rule(body),
    )
    keep(world, job)
    return Reply(int(world.switch("bulk_create_status")), _described(world, job))


def put_batches(world: SalesforceWorld, call: Call) -> Reply:
    """The upload, one a job: 201 with an empty body."""
    job = known_job(world, call, IngestJob)
    if not isinstance(call.body, bytes):
        message = "The Content-Type of an upload must be text/csv"
        raise Refusal(ApiError("UNSUPPORTED_MEDIA_TYPE", message, status=415))
    if job.state != "Open" or job.data is not None:
        raise refuse("INVALIDJOBSTATE", "A job takes one upload, and while it is open")
    if len(call.body) > _LARGEST:
        message = f"An upload holds {_LARGEST} bytes at most"
        raise Refusal(ApiError("REQUEST_ENTITY_TOO_LARGE", message, status=413))
    job.data = call.body
    return Reply(201)


def patch_ingest_job(world: SalesforceWorld, call: Call) -> Reply:
    """Closes the upload, or aborts the job."""
    job, state = known_job(world, call, IngestJob), wanted_state(call)
    if state == "Aborted":
        end_by_client(world, job)
    elif state != "UploadComplete":
        raise refuse_state(state)
    elif job.state != "Open":
        # As the R client salesforcer quotes it (read 2026-11).
        raise refuse("INVALIDJOBSTATE", "Closing already Completed Job not allowed")
    else:
        begin(world, job, work_of(world, job))
    return Reply(200, _described(world, job))


def get_ingest_job(world: SalesforceWorld, call: Call) -> Reply:
    """How a job is doing; each question carries it on."""
    job = known_job(world, call, IngestJob)
    ask(world, job)
    return Reply(200, _told(world, job))


def get_ingest_results(world: SalesforceWorld, call: Call) -> Reply:
    """The successful, failed or unprocessed rows of a job at its end."""
    job, kind = known_job(world, call, IngestJob), call.parts[3].lower()
    if kind not in kinds():
        raise Refusal(NOT_FOUND)
    if job.state in GOING | {"Open"}:
        raise refuse("INVALIDJOBSTATE", f"No results for a job in state {job.state}")
    empty_header = world.switch("bulk_empty_results") == "header"
    return Reply(200, csv=results(job, kind, empty_header=empty_header))


def delete_ingest_job(world: SalesforceWorld, call: Call) -> Reply:
    """Forgets a job."""
    return delete_job(world, known_job(world, call, IngestJob))


def list_ingest_jobs(world: SalesforceWorld, call: Call) -> Reply:
    """All ingest jobs of the last seven days."""
    return listing(world, call, IngestJob, _told)


def _operation(world: SalesforceWorld, body: dict[str, Any]) -> str:
    operation = body.get("operation")
    if operation not in OPERATIONS:
        raise refuse("INVALIDOPERATION", f"operation must be one of {', '.join(OPERATIONS)}")
    if operation == "hardDelete" and not world.switch("bulk_hard_delete"):
        # Needs the permission Bulk API Hard Delete: Bulk API guide, create_job (read 2026-11).
        raise refuse("FEATURENOTENABLED", "hard delete operation requires special user profile")
    return str(operation)


def _target(world: SalesforceWorld, body: dict[str, Any]) -> Shape:
    name = str(body.get("object"))
    shape = world.seen(name)
    if shape is None:
        raise refuse("INVALIDENTITY", f"{name} is not supported by the Bulk API")
    return shape


def _key(shape: Shape, body: dict[str, Any]) -> str:
    name = body.get("externalIdFieldName")
    if not isinstance(name, str) or not name:
        raise refuse("MISSING_ARGUMENT", "An upsert needs externalIdFieldName")
    try:
        return upsert_key(shape, name).name
    except Refusal as refusal:
        raise refuse("INVALID_INPUT", str(refusal)) from None


def _assignment_rule(body: dict[str, Any]) -> str | None:
    rule = body.get("assignmentRuleId")
    if rule is None:
        return None
    id_ = full_id(rule)
    if id_ is None or not id_.startswith("01Q"):
        raise refuse("MALFORMED_ID", f"malformed id {rule}", "assignmentRuleId")
    return id_


def _described(world: SalesforceWorld, job: IngestJob) -> dict[str, Any]:
    told = basic_json(world, job)
    # No leading slash: create_job (read 2026-11).
    told["contentUrl"] = f"services/data/v{job.version}/jobs/ingest/{job.id}/batches"
    if job.key is not None:
        told["externalIdFieldName"] = job.key
    if job.assignment_rule is not None:
        told["assignmentRuleId"] = job.assignment_rule
    return told


def _told(world: SalesforceWorld, job: IngestJob) -> dict[str, Any]:
    times = ("retries", "totalProcessingTime", "apiActiveProcessingTime", "apexProcessingTime")
    told = {
        **_described(world, job),
        "jobType": "V2Ingest",
        "numberRecordsProcessed": job.processed,
        "numberRecordsFailed": job.failed,
        **dict.fromkeys(times, 0),
    }
    return told if job.message is None else {**told, "errorMessage": job.message}
