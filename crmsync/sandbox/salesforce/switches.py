"""The switches of the simulated Salesforce: what no official page or recording settles.

Each says what is known, so that whoever has a real org at hand can settle it.
"""

from __future__ import annotations

from crmsync.sandbox.switching import Switch

ORG_SWITCHES = (
    Switch(
        "record_count_stale",
        False,
        "limits/recordCount is approximate and cached; recorded counts disagreed with queries "
        "(CumulusCI, read 2026-11). True: a count stays for 24 hours as it was first told.",
    ),
    Switch(
        "composite_counts_collections",
        False,
        "Whether sObject Collections count among the 5 queries a composite call may hold.",
    ),
    Switch(
        "tree_failure_status",
        400,
        "HTTP status of a refused composite/tree; copies of the guide show 400.",
        (400, 200),
    ),
)

# No Bulk 2.0 traffic was found recorded anywhere: all of these come from pages and client code.
BULK_SWITCHES = (
    Switch(
        "bulk_polls",
        1,
        "How often a job is asked about before it is complete; 0: at the first question. Unasked, "
        "it is complete after 60 seconds of the world's clock.",
        (),
    ),
    Switch(
        "bulk_page_rows",
        50_000,
        "Rows of a result page when maxRecords is not given: 'depends on the service', says the guide.",
        (),
    ),
    Switch(
        "bulk_header_every_page",
        True,
        "Whether later pages begin with the header line; airbyte parses each as if they did, one "
        "third-party page says the opposite.",
    ),
    Switch(
        "bulk_datetimes",
        "Z",
        "How instants end in CSV: .000Z or .000+0000.",
        ("Z", "+0000"),
    ),
    Switch("bulk_create_status", 200, "HTTP status of job creation.", (200, 201)),
    Switch("bulk_delete_status", 204, "HTTP status of a deleted job, empty body.", (204, 200)),
    Switch(
        "bulk_empty_results",
        "header",
        "What failedResults without failures holds: the header line or nothing.",
        ("header", "nothing"),
    ),
    Switch(
        "bulk_next_pages_key",
        "nextRecordsUrl",
        "How resultPages names the next five pages; its page spells it both ways.",
        ("nextRecordsUrl", "nextRecordUrl"),
    ),
    Switch(
        "bulk_line_end_check",
        "header",
        "Where another line end than the job's fails it: in the header line, or anywhere, also "
        "within quotes, as users report.",
        ("header", "anywhere"),
    ),
    Switch(
        "bulk_calls_count",
        True,
        "Whether Bulk 2.0 calls count as API requests; one third-party page says they do not.",
    ),
    Switch(
        "bulk_hard_delete",
        True,
        "Whether the API user holds the permission Bulk API Hard Delete, which no profile has by default.",
    ),
)

SWITCHES = (*ORG_SWITCHES, *BULK_SWITCHES)
