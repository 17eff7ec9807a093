"""Every live record of an object by one query job, complete or an error, none twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa

from crmsync.connectors.salesforce.api import Api, select
from crmsync.connectors.salesforce.bulk.cells import wire_normal
from crmsync.connectors.salesforce.bulk.jobs import await_job, forget_job, make_job, or_no_bulk
from crmsync.connectors.salesforce.bulk.pages import result_pages
from crmsync.connectors.salesforce.reading import Progress


def read_in_bulk(
    api: Api,
    object_: str,
    types: Mapping[str, str],
    progress: Progress,
    note: Callable[[str], None],
) -> Iterator[pa.RecordBatch]:
    """Records that were not seen before, with these fields by describe type, in wire-normal text.

    NoBulk if the org does not do it, or not to its end: what was seen by then stays seen. The job is
    deleted in the end, however that comes.
    """
    job = make_job(api, select(types, object_))
    try:
        job = await_job(api, job, object_, note)
        progress.told = max(progress.told, job.processed)
        with or_no_bulk():
            for table in result_pages(api, job.id, list(types)):
                fresh = _fresh(table, progress.seen)
                if fresh.num_rows:
                    yield _normal(fresh, types)
    finally:
        forget_job(api, job)


def _fresh(table: pa.Table, seen: set[str]) -> pa.Table:
    """The rows whose ids were not seen before; they are from now on."""
    ids = table.column("Id").to_pylist()
    new = set(ids)
    if len(new) == len(ids) and seen.isdisjoint(new):
        seen |= new
        return table
    fresh = []
    for id_ in ids:
        fresh.append(id_ not in seen)
        seen.add(id_)
    return table.filter(pa.array(fresh))


def _normal(table: pa.Table, types: Mapping[str, str]) -> pa.RecordBatch:
    columns = [
        wire_normal(_whole(table.column(name)), describe_type)
        for name, describe_type in types.items()
    ]
    return pa.RecordBatch.from_arrays(columns, names=list(types))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
