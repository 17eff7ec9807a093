"""Switches about records: what becomes of them by merging, erasing, archiving, and what consent asks for."""

from __future__ import annotations

from crmsync.sandbox.switching import Switch

_MERGES = (
    Switch(
        "merge_keeps_primary",
        False,
        "a merge gives a new id that neither had; true: the beta Primary ID Preservation, in which "
        "that of the primary stays",
    ),
    Switch(
        "merge_values",
        "primary",
        "the primary's value stays unless it is blank, by the knowledge base of 2026; newest: the "
        "later of the two, as it said until 2020",
        ("primary", "newest"),
    ),
    Switch(
        "merge_lists",
        "primary",
        "static lists keep the primary alone, by one reading of the knowledge base; both: the "
        "memberships are combined, by another",
        ("primary", "both"),
    ),
    Switch(
        "merged_are_archived",
        False,
        "whether a list of archived records tells those that were merged away",
    ),
)
_LIVES = (
    Switch(
        "erased_email_blocked",
        True,
        "an erased address cannot be used again; false: only one that was erased without a contact, "
        "which is all the specification says",
    ),
    Switch("archive_touches", False, "whether archiving moves the modified date"),
    Switch("ties_touch", False, "whether a tie moves the modified date of both its ends"),
    Switch(
        "history_contacts",
        45,
        "versions of a property of a contact that are told, newest first; 0: all. Exports have that "
        "limit, of the API it is not verified",
    ),
    Switch("history_others", 20, "the same of every other object"),
    Switch(
        "history_order",
        "newest",
        "which version of a property is told first; assumed, not verified",
        ("newest", "oldest"),
    ),
    Switch(
        "email_case",
        "folded",
        "a contact's e-mail is kept in lower case; kept: as it was written. Either way two that differ in "
        "case alone are one address, as every simulator seen has it; not verified",
        ("folded", "kept"),
    ),
    Switch(
        "archived_owners_keep_user",
        False,
        "an archived owner has only userIdIncludingInactive, by the specification; recorded of 2023 "
        "with userId",
    ),
    Switch(
        "deal_needs_stage",
        True,
        "a deal is created with its stage, by the guide; false: one without is taken, and is in no "
        "pipeline, as recorded 2026-03",
    ),
    Switch(
        "stage_in_pipeline",
        True,
        "a deal stage must be of the deal's pipeline; the refusal of another was not seen",
    ),
)
_CONSENT = (
    Switch(
        "privacy_settings",
        False,
        "true: the account's data privacy setting is on, and a change of consent needs a legal "
        "basis and its explanation",
    ),
    Switch(
        "batch_consent",
        True,
        "false: no Marketing Hub Enterprise, and the batch calls of consent are refused",
    ),
    Switch(
        "optout_lag",
        0,
        "seconds of the clock until hs_email_optout follows a change of consent; whether it lags is "
        "not documented",
    ),
    Switch(
        "consent_stamps",
        True,
        "whether a change of consent moves the modified date of the contact that tells it; not "
        "documented",
    ),
    Switch(
        "resubscribe",
        True,
        "who opted out can be subscribed again through the API; the oldest API refused it",
    ),
)
RECORDS = (*_MERGES, *_LIVES, *_CONSENT)
