"""The properties the platform computes itself when a record is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from sys import intern

from crmsync.sandbox.hubspot.activity_rules import activity_facts, first_activity
from crmsync.sandbox.hubspot.contact_properties import LIFECYCLE
from crmsync.sandbox.hubspot.objects import ACTIVITIES
from crmsync.sandbox.hubspot.stage_times import stage_times
from crmsync.sandbox.hubspot.wire import iso

Properties = dict[str, str]
# (id, properties after the write, changed names, instant) -> derived properties
Rule = Callable[[str, Properties, set[str], datetime], Properties]


def derive(
    object_name: str, id_: str, before: Properties, changes: Properties, at: datetime
) -> Properties:
    """What a write makes of the computed properties; the first write makes them all."""
    after = {**before, **changes}
    changed = {name for name, value in changes.items() if before.get(name, "") != value}
    derived: Properties = {} if before else dict(_FIRST[object_name](after))
    for rule in _RULES[object_name]:
        derived.update(rule(id_, {**after, **derived}, changed | derived.keys(), at))
    return derived | stage_times(object_name, before, {**after, **derived}, at)


def _first_contact(after: Properties) -> Properties:
    stage = after.get("lifecyclestage") or "lead"  # new API contacts got `lead`: recorded 2026-03
    return {
        "hs_is_contact": "true",
        "hs_pipeline": "contacts-lifecycle-pipeline",
        "lifecyclestage": stage,
        "num_notes": "0",
        "num_associated_deals": "0",
        "hs_marketable_status": "false",
        "hs_marketable_until_renewal": "false",
        "hs_is_unworked": "true",
    }


def _first_company(after: Properties) -> Properties:
    return {
        "hs_pipeline": "companies-lifecycle-pipeline",
        "lifecyclestage": after.get("lifecyclestage") or "lead",
        "num_associated_contacts": "0",
        "num_associated_deals": "0",
        # Recorded of creates, 2026-03 (NangoHQ/integration-templates).
        "hs_num_child_companies": "0",
        "hs_num_open_deals": "0",
        "num_notes": "0",
    }


def _first_deal(after: Properties) -> Properties:
    """A deal without a stage is in no pipeline, either: recorded 2026-03."""
    pipeline = after.get("pipeline") or ("default" if after.get("dealstage") else "")
    open_ = {"hs_is_closed_lost": "false", "hs_is_closed_won": "false"}
    return {"pipeline": pipeline, "num_associated_contacts": "0", "num_notes": "0", **open_}


def _contact_names(id_: str, after: Properties, changed: set[str], at: datetime) -> Properties:
    email = after.get("email", "")
    name = " ".join(filter(None, (after.get("firstname"), after.get("lastname"))))
    digits = "".join(filter(str.isdigit, after.get("phone") or after.get("mobilephone") or ""))
    return {
        "hs_all_contact_vids": id_,
        "hs_email_domain": email.partition("@")[2],
        "hs_full_name_or_email": name or email,
        "hs_searchable_calculated_phone_number": digits,
    }


def _stage_dates(_: str, after: Properties, changed: set[str], at: datetime) -> Properties:
    stage = after.get("lifecyclestage")
    if "lifecyclestage" not in changed or stage not in LIFECYCLE:
        return {}
    return {intern(f"hs_lifecyclestage_{stage}_date"): iso(at)}


def _owner_date(_: str, after: Properties, changed: set[str], at: datetime) -> Properties:
    if "hubspot_owner_id" not in changed:
        return {}
    return {"hubspot_owner_assigneddate": iso(at) if after.get("hubspot_owner_id") else ""}


def _amounts(_: str, after: Properties, changed: set[str], at: datetime) -> Properties:
    return {"amount_in_home_currency": after.get("amount", "")}


def _activity(name: str) -> Rule:
    def rule(id_: str, after: Properties, changed: set[str], at: datetime) -> Properties:
        told = activity_facts(name, id_, after, at)
        if name == "tasks" and "hs_task_status" in changed:
            told["hs_task_completion_date"] = iso(at) if told["hs_task_is_completed"] == "1" else ""
        return told

    return rule


def _first_activity(name: str) -> Callable[[Properties], Properties]:
    def first(after: Properties) -> Properties:
        return {key: after.get(key) or value for key, value in first_activity(name, after).items()}

    return first


_ACTIVITIES = tuple(one.name for one in ACTIVITIES)
_FIRST: dict[str, Callable[[Properties], Properties]] = {
    "contacts": _first_contact,
    "companies": _first_company,
    "deals": _first_deal,
    **{name: _first_activity(name) for name in _ACTIVITIES},
}

_RULES: dict[str, tuple[Rule, ...]] = {
    "contacts": (_contact_names, _stage_dates, _owner_date),
    "companies": (_owner_date,),
    "deals": (_owner_date, _amounts),
    **{name: (_activity(name), _owner_date) for name in _ACTIVITIES},
}
