"""Switches of how the portal answers: limits, search, statuses and versions, apart from what its records are."""

from __future__ import annotations

from crmsync.sandbox.switching import Switch

_LIMITS = (
    Switch(
        "burst_limit",
        190,
        "calls of a token in ten seconds: 100 Free and Starter, 190 Professional and Enterprise, "
        "250 or 200 with the add-on, whose pages disagree",
    ),
    Switch(
        "daily_limit",
        625_000,
        "calls of an account in a day, Professional; a changelog of 2024 says 650,000",
    ),
    Switch("search_limit", 5, "searches of an account in a second; 4 before September 2024"),
    Switch(
        "association_limit",
        150,
        "calls to association batches in ten seconds, a budget of their own; 100 Free and Starter",
    ),
    Switch(
        "retry_after",
        0,
        "seconds in Retry-After of a 429; 0: none, as in every recording of search; whether the "
        "others have one is not documented",
    ),
    Switch(
        "burst_policy",
        "TEN_SECONDLY_ROLLING",
        "policyName of a 429 for too many calls; SECONDLY in older ones",
        ("TEN_SECONDLY_ROLLING", "SECONDLY"),
    ),
    Switch(
        "usage_age",
        300,
        "seconds for which currentUsage of the usage call stays as it was; it lagged behind the "
        "headers when somebody measured it, by how much is not known",
    ),
)
_SEARCH = (
    Switch(
        "search_lag",
        0,
        "seconds of the clock until a write is found; recorded: more than 2, less than 30",
    ),
    Switch(
        "search_unsorted",
        False,
        "rows come out of the order asked for, as seen in September 2026; promised nowhere",
    ),
    Switch(
        "search_short_pages",
        False,
        "a page may hold fewer rows than asked for and still have a next one; suspected, not shown",
    ),
    Switch(
        "search_ids_as_text",
        False,
        "whether hs_object_id, of type number, is sorted as text: 10 before 9",
    ),
    Switch(
        "search_id_filters_as_text",
        False,
        "whether filters on hs_object_id compare as text, too: 10 is less than 9",
    ),
    Switch(
        "search_cap",
        10_000,
        "how many results the pages of one search reach; fewer for tests of what goes beyond",
    ),
    Switch(
        "search_filters",
        "guide",
        "5 groups of 6 filters, 18 in all, by the guide; 5 of 10, 25 in all, by a changelog",
        ("guide", "changelog"),
    ),
)
_ANSWERS = (
    Switch(
        "most_page_rows",
        0,
        "rows of a page of records, owners or ties, at most, whatever was asked for; 0: as many as "
        "were asked for, which is what every recording shows",
    ),
    Switch(
        "create_status",
        201,
        "status of a created record; 201 by specification, 200 in a recording through a proxy",
        (201, 200),
    ),
    Switch(
        "conflict_names_id",
        True,
        "whether a 409 names the contact that is there; recorded both ways",
    ),
    Switch(
        "conflict_context",
        False,
        "whether a 409 has the id of that contact in context.existingId, too; recorded of entries of "
        "a 207 alone, which always have it",
    ),
    Switch(
        "nothing_read_status",
        207,
        "status of a batch read that finds none of its ids; 207 recorded, 404 reported",
        (207, 404),
    ),
    Switch(
        "trace_ids_echoed",
        True,
        "whether results of a batch repeat the objectWriteTraceId of their input, as the specification "
        "has it; false: only errors do, as in the one recording (2025-11)",
    ),
    Switch(
        "batch_order",
        "mixed",
        "results of batches come by id, of creates backwards, so that nobody relies on an order that is "
        "promised nowhere; inputs: as they were sent",
        ("mixed", "inputs"),
    ),
    Switch(
        "empty_properties",
        "null",
        "how a record tells a property that is asked for and empty: as null, in every recording; left out, "
        "by the guide",
        ("null", "left out"),
    ),
    Switch("null_clears", False, "what a JSON null does to a property that is written"),
    Switch(
        "email_upsert",
        "keeps",
        "what an upsert by e-mail does to what is not sent: keeps or blanks it, or is refused; "
        "the guide only says that partial ones are not supported",
        ("keeps", "blanks", "refused"),
    ),
    Switch(
        "unknown_path",
        "html",
        "a path nobody serves is a page of HTML, or json",
        ("html", "json"),
    ),
    Switch(
        "scope_refusal",
        "nested",
        "where a 403 names the scopes that are missing; recorded both ways",
        ("nested", "flat"),
    ),
)
_VERSIONS = (
    Switch(
        "write_rules",
        "2026-09",
        "from which version on an administrator's rules bind API writes; that older versions stay "
        "free is inferred",
        ("2026-09", "every", "never"),
    ),
    Switch(
        "versions_end",
        False,
        "true: a path is gone when the clock is past the end date announced for it",
    ),
    Switch(
        "dated_archive_status",
        204,
        "status of archived associations on dated paths; 200 in the specification",
        (204, 200),
    ),
)
_AUTOMATIONS = (
    Switch(
        "deal_moves_stage",
        False,
        "a new deal makes opportunities of its contacts and companies, a won one customers; an "
        "account's setting, not verified",
    ),
    Switch(
        "company_by_domain",
        False,
        "a new contact is tied to the company of its e-mail's domain; an account's setting, not "
        "verified",
    ),
)
MANNERS: tuple[Switch, ...] = (*_LIMITS, *_SEARCH, *_ANSWERS, *_VERSIONS, *_AUTOMATIONS)
