"""Calls about bulk query jobs: create, ask, abort, delete, list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crmsync.sandbox.salesforce.bulk.forms import form_of
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
from crmsync.sandbox.salesforce.bulk.query_columns import check_query, columns_of
from crmsync.sandbox.salesforce.bulk.query_results import BLOCK, block_of
from crmsync.sandbox.salesforce.bulk.state import QueryJob
from crmsync.sandbox.salesforce.calls import Call, Reply, json_object
from crmsync.sandbox.salesforce.errors import refuse
from crmsync.sandbox.salesforce.soql.fields import Scope
from crmsync.sandbox.salesforce.soql.grammar import parse
from crmsync.sandbox.salesforce.soql.run import found_rows, queried_scope
from crmsync.sandbox.salesforce.soql.tree import Query
from crmsync.sandbox.salesforce.world import SalesforceWorld

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
    sample = job.rows[:BLOCK]
    measured = len(block_of(job, columns_of(scope, "Z"), sample))
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
