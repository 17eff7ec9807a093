"""What is not known for certain about Salesforce, as named switches: whoever builds on it tests both ways.

A switch belongs to a world and is kept with its rows.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.sandbox.switching import Switch, Value, turn, value_of
from crmsync.sandbox.tables import Tables

_ALL = (
    Switch(
        "trim_text",
        True,
        "text is trimmed and empty text becomes null on save; told by users, in no recording",
    ),
    Switch(
        "duplicate_result_key",
        "duplicateResut",
        "misspelt in every sample of v50 to v54; clients of 2026 also read duplicateResult",
    ),
    Switch(
        "bulk_alert_rules_block",
        True,
        "a duplicate rule that only alerts cannot be overridden where there is no header",
    ),
    Switch(
        "contact_makes_role",
        True,
        "ContactId on a new opportunity makes a primary contact role; the field is recorded, the role is not",
    ),
    Switch(
        "soap_login",
        True,
        "SOAP login() goes with Summer '27 and is off in new orgs; off here it refuses every login",
    ),
    Switch(
        "oauth_password",
        True,
        "the OAuth username-password flow is blocked in orgs made since Summer '23; off here it refuses every one",
    ),
    Switch(
        "jwt_general_audience",
        True,
        "login.salesforce.com and test.salesforce.com as audience of a JWT; some orgs are said to refuse them",
    ),
    Switch(
        "introspection",
        "tells",
        "whether the introspection endpoint tells the end of a token; some orgs call a token that works inactive",
        ("tells", "inactive", "refused"),
    ),
    Switch(
        "most_offset",
        2_000,
        "OFFSET goes to 2,000 by the SOQL guide; no official page was read",
    ),
    Switch(
        "most_page_rows",
        2_000,
        "a page of a query holds as many rows as asked for; the guide reserves to send fewer",
    ),
    Switch(
        "collections_tell_duplicates",
        False,
        "whether an item of a collection carries the match data of a duplicate rule",
    ),
)
_RIGHTS = (
    Switch(
        "tooling_refusal",
        "INSUFFICIENT_ACCESS",
        "What the Tooling API answers without View Setup and Configuration; no recording was found.",
        ("INSUFFICIENT_ACCESS", "INVALID_TYPE"),
    ),
)
_COMPOSITE = (
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

# What a write meets: each is told by users or derived, in no recording.
_WRITING = (
    Switch(
        "upsert_found_status",
        200,
        "What a single upsert of a record that is there answers: 200 with `created` from v46 on, or 204 "
        "without a body, as before it.",
        (200, 204),
    ),
    Switch(
        "upsert_key_in_body",
        False,
        "Whether the body of a single upsert may repeat the key of its address.",
    ),
    Switch(
        "slash_in_key",
        True,
        "Whether a key with a slash in an address, as %2F, finds its record; users report NOT_FOUND.",
    ),
    Switch(
        "deleted_record_status",
        404,
        "HTTP status of ENTITY_IS_DELETED, for a single write of a record in the bin.",
        (404, 400),
    ),
    Switch(
        "one_role_a_contact",
        False,
        "Whether an opportunity takes a contact in one role only; uniqueness is not enforced, say users.",
    ),
    Switch(
        "collections_count_once",
        True,
        "Whether sObject Collections count as one API request, or as one a record; stated for composite alone.",
    ),
)

# No Bulk 2.0 traffic was found recorded anywhere: all of these come from pages and client code.
_BULK = (
    Switch(
        "bulk_polls",
        1,
        "How often a job is asked about before it is complete; 0: at the first question. Unasked, "
        "it is complete after 60 seconds of the world's clock.",
    ),
    Switch(
        "bulk_page_rows",
        50_000,
        "Rows of a result page when maxRecords is not given: 'depends on the service', says the guide.",
    ),
    Switch(
        "bulk_most_rows",
        1_000_000,
        "Rows of a result page at most, whatever maxRecords says: the guide keeps a size limit to itself.",
    ),
    Switch(
        "bulk_packing",
        1,
        "How hard results are packed by gzip, 0 (as they are, still in gzip's form) to 9; no page says.",
        tuple(range(10)),
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
SWITCHES: Mapping[str, Switch] = {
    each.name: each for each in (*_ALL, *_RIGHTS, *_COMPOSITE, *_WRITING, *_BULK)
}


def switch_value(tables: Tables, name: str) -> Value:
    """How a switch stands; KeyError for one there is not."""
    return value_of(SWITCHES, tables, name)


def set_switch(tables: Tables, name: str, value: object) -> None:
    """Sets a switch; text is read as the switch's own type. ValueError for an unknown one or a wrong value."""
    turn(SWITCHES, tables, name, value)
