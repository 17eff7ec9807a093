"""What is seen of each switch of the simulated portal, by value: one short look a switch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hubspot_fixtures import CONTACTS, DEALS, Served
from hubspot_looks import (
    ANA,
    DETAILS,
    after_the_end,
    archived_list,
    archived_owner,
    companies_made,
    conflict,
    consent_given,
    consented,
    dealt,
    elsewhere,
    email_upsert,
    erased,
    first_page,
    forbidden,
    found_at_once,
    ids_above,
    in_order,
    kept_email,
    late_optout,
    lifecycle,
    merge_lists,
    merged,
    moved,
    no_city,
    nulled,
    optout_written,
    ordered,
    pages_reach,
    refused_burst,
    resubscribed,
    rows_of_page,
    seven_filters,
    sorted_ids,
    status,
    tied,
    traced,
    unruly,
    untied,
    until_429,
    usage_grows,
    versions,
)

from crmsync.sandbox.hubspot import records

Look = Callable[[Served], Any]


@dataclass(frozen=True)
class Probe:
    """A look at the portal, and what it sees where the switch stands so; `along` is on beside it."""

    look: Look
    sees: Mapping[Any, Any]
    along: Mapping[str, Any] | None = None


LIMITED = {"rate_limited": True}
TIES = "/crm/v4/associations/contacts/companies/batch/read"
NO_TIES = {"inputs": [{"id": "1"}]}

PROBES: Mapping[str, Probe] = {
    "rate_limited": Probe(
        lambda portal: until_429(portal, "POST", f"{CONTACTS}/search", {}), {False: 12, True: 5}
    ),
    "writable_optout": Probe(optout_written, {False: 400, True: 200}),
    "lifecycle_backward": Probe(
        lifecycle,
        {"ignored": (200, "customer"), "accepted": (200, "lead"), "refused": (400, "customer")},
    ),
    "merge_keeps_primary": Probe(
        lambda portal: (ids := merged(portal))[0] == ids[1], {False: False, True: True}
    ),
    "merge_values": Probe(
        lambda portal: portal.contact(merged(portal)[0], "lastname")["lastname"],
        {"primary": "One", "newest": "Two"},
    ),
    "merge_lists": Probe(merge_lists, {"primary": 0, "both": 1}),
    "merged_are_archived": Probe(archived_list, {False: 0, True: 2}),
    "erased_email_blocked": Probe(erased, {True: 400, False: 201}),
    "archive_touches": Probe(
        lambda portal: moved(
            portal, lambda id_: records.archive(portal.world.portal, "contacts", id_)
        ),
        {False: False, True: True},
    ),
    "ties_touch": Probe(
        lambda portal: moved(portal, lambda id_: tied(portal, id_)), {False: False, True: True}
    ),
    "history_contacts": Probe(
        lambda portal: len(versions(portal, "contacts", "lastname")), {45: 45, 3: 3, 0: 60}
    ),
    "history_others": Probe(
        lambda portal: len(versions(portal, "companies", "name")), {20: 20, 3: 3, 0: 60}
    ),
    "history_order": Probe(
        lambda portal: versions(portal, "companies", "name")[0], {"newest": "59", "oldest": "40"}
    ),
    "email_case": Probe(kept_email, {"folded": (ANA, 409), "kept": ("Ana@Acme.example", 409)}),
    "archived_owners_keep_user": Probe(archived_owner, {False: False, True: True}),
    "deal_needs_stage": Probe(
        lambda portal: status(portal, "POST", DEALS, {"properties": {"dealname": "D"}}),
        {True: 400, False: 201},
    ),
    "stage_in_pipeline": Probe(elsewhere, {True: 400, False: 201}),
    "privacy_settings": Probe(
        lambda portal: consented(portal, "UNSUBSCRIBED"), {False: 200, True: 400}
    ),
    "batch_consent": Probe(
        lambda portal: status(
            portal, "POST", "/communication-preferences/v4/statuses/batch/read", {"inputs": [ANA]}
        ),
        {True: 200, False: 403},
    ),
    "optout_lag": Probe(late_optout, {0: ["true", "true"], 20: [None, "true"]}),
    "consent_stamps": Probe(
        lambda portal: moved(portal, lambda _: consent_given(portal)), {True: True, False: False}
    ),
    "resubscribe": Probe(resubscribed, {True: 200, False: 400}),
    "burst_limit": Probe(
        lambda portal: until_429(portal, "GET", DETAILS), {190: 12, 7: 7}, LIMITED
    ),
    "daily_limit": Probe(
        lambda portal: until_429(portal, "GET", DETAILS), {625_000: 12, 9: 9}, LIMITED
    ),
    "search_limit": Probe(
        lambda portal: until_429(portal, "POST", f"{CONTACTS}/search", {}), {5: 5, 4: 4}, LIMITED
    ),
    "association_limit": Probe(
        lambda portal: until_429(portal, "POST", TIES, NO_TIES), {150: 12, 3: 3}, LIMITED
    ),
    "retry_after": Probe(
        lambda portal: refused_burst(portal).headers.get("Retry-After"),
        {0: None, 8: "8"},
        {**LIMITED, "burst_limit": 2},
    ),
    "burst_policy": Probe(
        lambda portal: refused_burst(portal).json()["policyName"],
        {"TEN_SECONDLY_ROLLING": "TEN_SECONDLY_ROLLING", "SECONDLY": "SECONDLY"},
        {**LIMITED, "burst_limit": 2},
    ),
    "usage_age": Probe(usage_grows, {300: False, 0: True}),
    "search_lag": Probe(found_at_once, {0: [1, 1], 5: [0, 1]}),
    "search_unsorted": Probe(in_order, {False: True, True: False}),
    "search_short_pages": Probe(first_page, {False: 4, True: 2}),
    "search_ids_as_text": Probe(sorted_ids, {False: ["9", "10"], True: ["10", "9"]}),
    "search_id_filters_as_text": Probe(ids_above, {False: ["80"], True: ["9", "80"]}),
    "search_cap": Probe(pages_reach, {10_000: 200, 150: 400}),
    "search_filters": Probe(seven_filters, {"guide": 400, "changelog": 200}),
    "most_page_rows": Probe(rows_of_page, {0: 3, 2: 2}),
    "create_status": Probe(
        lambda portal: status(portal, "POST", CONTACTS, {"properties": {"lastname": "R"}}),
        {201: 201, 200: 200},
    ),
    "conflict_names_id": Probe(
        lambda portal: "Existing ID" in conflict(portal)["message"], {True: True, False: False}
    ),
    "conflict_context": Probe(
        lambda portal: "context" in conflict(portal), {False: False, True: True}
    ),
    "nothing_read_status": Probe(
        lambda portal: status(portal, "POST", f"{CONTACTS}/batch/read", NO_TIES),
        {207: 207, 404: 404},
    ),
    "trace_ids_echoed": Probe(traced, {True: True, False: False}),
    "batch_order": Probe(ordered, {"mixed": ["1", "2"], "inputs": ["2", "1"]}),
    "empty_properties": Probe(
        no_city,
        {"null": None, "left out": "nothing"},
    ),
    "null_clears": Probe(nulled, {False: "Vigo", True: None}),
    "email_upsert": Probe(
        email_upsert, {"keeps": (200, "Vigo"), "blanks": (200, None), "refused": (400, "Vigo")}
    ),
    "unknown_path": Probe(
        lambda portal: portal.http.get("/nowhere").headers["content-type"].split(";")[0],
        {"html": "text/html", "json": "application/json"},
    ),
    "scope_refusal": Probe(forbidden, {"nested": True, "flat": False}),
    "write_rules": Probe(unruly, {"2026-09": (201, 400), "every": (400, 400), "never": (201, 201)}),
    "versions_end": Probe(after_the_end, {False: 200, True: 404}),
    "dated_archive_status": Probe(untied, {204: 204, 200: 200}),
    "deal_moves_stage": Probe(dealt, {False: "lead", True: "opportunity"}),
    "company_by_domain": Probe(companies_made, {False: 0, True: 1}),
}
