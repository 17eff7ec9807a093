"""The table of everything below `jobs/`."""

from __future__ import annotations

from collections.abc import Callable

from crmsync.sandbox.salesforce.bulk import ingest_calls, query_calls, query_results
from crmsync.sandbox.salesforce.calls import Call, Reply
from crmsync.sandbox.salesforce.world import SalesforceWorld

BULK_ROUTES: list[tuple[tuple[str, ...], dict[str, Callable[[SalesforceWorld, Call], Reply]]]] = [
    (
        ("jobs", "query"),
        {"GET": query_calls.list_query_jobs, "POST": query_calls.post_query_job},
    ),
    (
        ("jobs", "query", "*"),
        {
            "GET": query_calls.get_query_job,
            "PATCH": query_calls.patch_query_job,
            "DELETE": query_calls.delete_query_job,
        },
    ),
    (("jobs", "query", "*", "results"), {"GET": query_results.get_results}),
    (("jobs", "query", "*", "resultPages"), {"GET": query_results.get_result_pages}),
    (
        ("jobs", "ingest"),
        {"GET": ingest_calls.list_ingest_jobs, "POST": ingest_calls.post_ingest_job},
    ),
    (
        ("jobs", "ingest", "*"),
        {
            "GET": ingest_calls.get_ingest_job,
            "PATCH": ingest_calls.patch_ingest_job,
            "DELETE": ingest_calls.delete_ingest_job,
        },
    ),
    (("jobs", "ingest", "*", "batches"), {"PUT": ingest_calls.put_batches}),
    (("jobs", "ingest", "*", "*"), {"GET": ingest_calls.get_ingest_results}),
]
