"""Properties that audits ask for though nobody maps them: where a record came from, whether mail reaches it, since when
it stands where it stands. They travel in the same pages as the mapped ones, so they cost no call.

Names: developers.hubspot.com, properties of contacts, companies and deals, and recorded lists of properties of
NangoHQ/integration-templates (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from crmsync.core.companions import ENTERED, EXITED, OPTED_OUT
from crmsync.core.records import Native

_OF_ALL = {
    "source": "hs_analytics_source",
    "source_detail": "hs_analytics_source_data_1",
    "source_detail_2": "hs_analytics_source_data_2",
    "first_seen_at": "hs_analytics_first_timestamp",
    "latest_source": "hs_latest_source",
    "latest_detail": "hs_latest_source_data_1",
    "latest_detail_2": "hs_latest_source_data_2",
    "latest_at": "hs_latest_source_timestamp",
    "made_by": "hs_object_source",
    "made_by_id": "hs_object_source_id",
    "activities": "num_notes",
    "last_activity_at": "notes_last_updated",
    "last_contacted_at": "notes_last_contacted",
    "stage_since": "hs_v2_date_entered_current_stage",
}
_OF_CONTACTS = {
    "marketable": "hs_marketable_status",
    "marketable_until_renewal": "hs_marketable_until_renewal",
    "marketable_reason": "hs_marketable_reason_type",
    "marketable_reason_id": "hs_marketable_reason_id",
    "legal_basis": "hs_legal_basis",
    "opted_out": "hs_email_optout",
    "bounces": "hs_email_bounce",
    "hard_bounce": "hs_email_hard_bounce_reason_enum",
    "bad_address": "hs_email_bad_address",
}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "contacts": _OF_ALL | _OF_CONTACTS,
    "companies": _OF_ALL,
    "deals": _OF_ALL,
}
_ENTERED = "hs_v2_date_entered_"
_STAGES = {_ENTERED: ENTERED, "hs_v2_date_exited_": EXITED}
# One property a stage and pipeline would soon be more than a list's address holds, so of lifecycles alone; the
# moves of deals are in their histories
_WITH_STAGES = frozenset(("contacts", "companies"))
# Older than the above: what a contact has where those are not there
_BEFORE, _DATE = "hs_lifecyclestage_", "_date"
_SUBSCRIPTION = "hs_email_optout_"


def companions_of(object_: str, fields: Mapping[str, Native]) -> dict[str, str]:
    """What an object's properties tell beside the mapped ones, of those this token sees.

    None that is worked out: since nobody tells when it changes, it would have everything read every time.
    """
    return companions_named(object_, {n for n, each in fields.items() if not each.worked_out})


def companions_named(object_: str, known: Collection[str]) -> dict[str, str]:
    """The same for names of properties."""
    fixed = {told: name for told, name in _NAMES.get(object_, {}).items() if name in known}
    return fixed | dict(sorted(_numbered(object_, known, set(fixed.values()))))


def _numbered(
    object_: str, known: Collection[str], taken: Collection[str]
) -> Iterator[tuple[str, str]]:
    """One for each stage, and for each type of subscription."""
    for name in sorted(set(known) - set(taken)):
        if object_ in _WITH_STAGES:
            yield from _of_stage(name, known)
        if name.startswith(_SUBSCRIPTION) and name.removeprefix(_SUBSCRIPTION).isdecimal():
            yield OPTED_OUT + name.removeprefix(_SUBSCRIPTION), name


def _of_stage(name: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """When a stage was entered or left; the older date only where there is no newer one."""
    for prefix, told in _STAGES.items():
        if name.startswith(prefix):
            yield told + name.removeprefix(prefix), name
    if name.startswith(_BEFORE) and name.endswith(_DATE):
        stage = name.removeprefix(_BEFORE).removesuffix(_DATE)
        if f"{_ENTERED}{stage}" not in known:
            yield ENTERED + stage, name
