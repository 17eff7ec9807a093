"""What a record can tell beside its mapped fields: the words that connectors and audits share for it."""

from __future__ import annotations

from collections.abc import Mapping

TEXT, INSTANT, FLAG, COUNT = "text", "instant", "flag", "count"

COMPANIONS: Mapping[str, str] = {
    "source": TEXT,
    "source_detail": TEXT,
    "source_detail_2": TEXT,
    "first_seen_at": INSTANT,
    "latest_source": TEXT,
    "latest_detail": TEXT,
    "latest_detail_2": TEXT,
    "latest_at": INSTANT,
    "made_by": TEXT,
    "made_by_id": TEXT,
    "marketable": FLAG,
    "marketable_until_renewal": FLAG,
    "marketable_reason": TEXT,
    "marketable_reason_id": TEXT,
    "legal_basis": TEXT,
    "opted_out": FLAG,
    "bounces": COUNT,
    "hard_bounce": TEXT,
    "bad_address": FLAG,
    "activities": COUNT,
    "last_activity_at": INSTANT,
    "last_contacted_at": INSTANT,
    "stage_since": INSTANT,
}
"""Each word and what kind of value it has."""
CONVERTED_ON, CONVERTED_DEAL = "converted_on", "converted_deal"
"""Of a lead that became a contact: on which day, and with which deal. Only the lifecycle and audits of leads ask."""
ENTERED, EXITED, OPTED_OUT = "entered:", "exited:", "opted_out:"
"""Begin the word for each stage (when it was last entered and left) and each type of subscription."""
