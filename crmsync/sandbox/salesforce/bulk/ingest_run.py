"""An upload carried out: 200 rows at a time through the same writing as Collections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from crmsync.sandbox.salesforce.bulk.ingest_rows import (
    Column,
    check_line_ends,
    columns_of,
    read_rows,
    record_of,
)
from crmsync.sandbox.salesforce.bulk.state import Done, IngestJob, JobFailed
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import ApiError
from crmsync.sandbox.salesforce.items import (
    Record,
    Step,
    carried_out,
    create_item,
    delete_item,
    update_item,
    upsert_steps,
)
from crmsync.sandbox.salesforce.options import WriteOptions, bulk_options
from crmsync.sandbox.salesforce.recycling import hard_delete
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.salesforce.writes import Outcome

# Batches of 10,000 records, of which 200 are one transaction: salesforce-app-limits-platform-bulkapi
# (read 2026-11).
_BATCH = 10_000
_CHUNK = 200
_XSD = {
    **dict.fromkeys(("double", "currency", "percent"), "double"),
    **{"int": "int", "boolean": "boolean", "date": "date", "datetime": "dateTime"},
}

Rows = list[list[str]]
Steps = Callable[[SalesforceWorld, Shape, IngestJob, list[Record]], list[Step]]


def work_of(world: SalesforceWorld, job: IngestJob) -> Iterator[None]:
    """The work of a job, to be carried on chunk by chunk; JobFailed where it cannot go on."""
    data = job.data or b""
    check_line_ends(data, job.form, everywhere=world.switch("bulk_line_end_check") == "anywhere")
    rows = read_rows(data, job.form)
    header = next(rows, None)
    if header is None:
        raise JobFailed("InvalidBatch : the upload has no header line")
    shape = world.shapes[job.object.lower()]
    columns = columns_of(world, shape, header)
    while chunk := list(islice(rows, _CHUNK)):
        if job.processed % _BATCH == 0:
            _count_batch(world)
        _carry_out(world, job, columns, chunk)
        yield


def _count_batch(world: SalesforceWorld) -> None:
    if world.bulk.batches >= world.bulk.daily_batches:
        # Rows beyond the daily allocation are in no result: get_job_failed_results (read 2026-11).
        raise JobFailed("ExceededQuota : the daily number of batches is used up")
    world.bulk.batches += 1


def _carry_out(world: SalesforceWorld, job: IngestJob, columns: list[Column], rows: Rows) -> None:
    shape = world.shapes[job.object.lower()]
    first = job.processed + 1
    records = [record_of(columns, row, first + place) for place, row in enumerate(rows)]
    steps = _STEPS[job.operation](world, shape, job, records)
    outcomes = carried_out(world, "PUT", f"/jobs/ingest/{job.id}/batches", steps)
    for row, outcome in zip(rows, outcomes, strict=True):
        done = _done(outcome, columns, row)
        job.done.append(done)
        job.failed += done.error is not None
    job.processed += len(rows)


def _done(outcome: Outcome, columns: list[Column], row: list[str]) -> Done:
    if not outcome.errors:
        return Done(outcome.id, bool(outcome.created))
    return Done(None, error=";".join(_told(error, columns, row) for error in outcome.errors))


def _told(error: ApiError, columns: list[Column], row: list[str]) -> str:
    """`CODE:message:FIELDS --`, as results spell an error."""
    # `REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --` in the Bulk API
    # guide, `...:--` where no field is named (read 2026-11).
    code, message = error.code, error.message
    if code == "JSON_PARSER_ERROR":
        # There is no JSON here; the text is that of public clients' notes (read 2026-11).
        code, message = "INVALID_TYPE_ON_FIELD_IN_RECORD", _bad_cell(error, columns, row)
    fields = ",".join(error.fields)
    return f"{code}:{message}:{fields}{' ' if fields else ''}--"


def _bad_cell(error: ApiError, columns: list[Column], row: list[str]) -> str:
    for place, column in enumerate(columns):
        if column.field.name in error.fields:
            kind = _XSD.get(column.field.type, "string")
            return (
                f"Failed to deserialize field at col {place}. Due to, '{row[place]}' is not a "
                f"valid value for the type xsd:{kind}"
            )
    return error.message


def _creates(
    world: SalesforceWorld, shape: Shape, job: IngestJob, records: list[Record]
) -> list[Step]:
    options = _options(world, job)

    def create_one(record: Record) -> Outcome:
        outcome = create_item(world, shape, record, options)
        return outcome if outcome.errors else Outcome(outcome.id, created=True)

    return [partial(create_one, record) for record in records]


def _updates(
    world: SalesforceWorld, shape: Shape, job: IngestJob, records: list[Record]
) -> list[Step]:
    options = _options(world, job)
    return [partial(update_item, world, shape, record, options) for record in records]


def _upserts(
    world: SalesforceWorld, shape: Shape, job: IngestJob, records: list[Record]
) -> list[Step]:
    return upsert_steps(world, shape, job.key or "Id", records, _options(world, job))


def _options(world: SalesforceWorld, job: IngestJob) -> WriteOptions:
    """Assignment rules run where the job names one: create_job, assignmentRuleId (read 2026-11)."""
    return bulk_options(world, auto_assign=job.assignment_rule is not None)


def _deletes(
    world: SalesforceWorld, shape: Shape, job: IngestJob, records: list[Record]
) -> list[Step]:
    return [partial(delete_item, world, str(record.get("Id", "")), shape) for record in records]


def _hard_deletes(
    world: SalesforceWorld, shape: Shape, job: IngestJob, records: list[Record]
) -> list[Step]:
    deletes = _deletes(world, shape, job, records)
    return [partial(_hard_delete, world, shape, step) for step in deletes]


def _hard_delete(world: SalesforceWorld, shape: Shape, delete: Step) -> Outcome:
    """A delete whose record does not stay in the recycle bin, nor those that went with it."""
    outcome = delete()
    if outcome.id and (world.rows.get(shape.name, outcome.id) or {}).get("IsDeleted"):
        hard_delete(world, shape, outcome.id)
    return outcome


_STEPS: dict[str, Steps] = {
    "insert": _creates,
    "update": _updates,
    "upsert": _upserts,
    "delete": _deletes,
    "hardDelete": _hard_deletes,
}
OPERATIONS = tuple(_STEPS)
