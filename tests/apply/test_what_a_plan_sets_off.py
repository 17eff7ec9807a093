"""Flows and rules of an org are kept with every pull, and a plan says which of them may run on what it writes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import pytest

from apply.pairs import Pair, Person
from crmsync.commands.doctor import Check, doctor
from crmsync.commands.doctor_review import _version
from crmsync.commands.planfile import read_plan
from crmsync.connectors.salesforce.versions import version_of
from crmsync.reports.plan_text import plan_text
from crmsync.sandbox.faults.book import set_fault
from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.profiles import LEAST, choose_profile, import_permission_set
from crmsync.sandbox.salesforce.switches import set_switch

FLOW = {
    "kind": "flow",
    "name": "Shout",
    "object": "Contact",
    "starts_on": ["Title"],
    "reads": ["Email"],
}
RULE = {
    "kind": "validation", "object": "Contact", "name": "Boss_needs_title", "message": "A board member has a title.",
    "when": [{"field": "Department", "is": "equal", "value": "Board"}, {"field": "Title", "is": "blank"}],
}  # fmt: skip


def declared(pair: Pair, *told: dict[str, Any]) -> None:
    for each in told:
        declare(pair.servers.salesforce, each)
    pair.servers.salesforce.tables.commit()


def side_table(pair: Pair, name: str) -> list[dict[str, Any]]:
    """Rows of a side table of the newest pull of Salesforce."""
    snapshot = pair.workspace.snapshots()["salesforce", name]
    return [
        row
        for part in sorted(snapshot.folder.glob("*.parquet"))
        for row in pq.read_table(part).to_pylist()
    ]


def checks(pair: Pair, topic: str) -> list[Check]:
    return [each for each in doctor(pair.workspace) if each.topic == topic]


def test_a_plan_names_the_flow_and_the_rule_that_look_at_what_it_writes(person: Person) -> None:
    pair = person.pair
    other = {**FLOW, "name": "Elsewhere", "starts_on": ["Birthdate"]}
    declared(
        pair,
        FLOW,
        other,
        RULE,
        {**FLOW, "name": "Off", "active": False},
        {**FLOW, "name": "Of_leads", "object": "Lead", "starts_on": []},
    )
    person.in_hubspot(jobtitle="Head of sales")
    pair.pull()
    plan = pair.plan()
    assert [
        (each["kind"], each["name"], each["records"], each["cells"])
        for each in plan.header.sets_off
    ] == [
        ("flow", "Shout", 1, {"contact.job_title": 1}),
        ("validation", "Boss_needs_title", 1, {"contact.job_title": 1}),
    ]
    text = plan_text(plan.header, plan.lines, "en")
    assert "2 automations and rules may run on what this plan writes:" in text
    assert "flow Shout: salesforce Contact, 1 record (contact.job_title 1)" in text


def test_what_a_plan_sets_off_is_read_back_from_its_file(person: Person) -> None:
    pair = person.pair
    declared(pair, FLOW)
    person.in_hubspot(jobtitle="Head of sales")
    pair.pull()
    plan = pair.plan()
    assert asdict(read_plan(pair.plan_file).header)["sets_off"] == list(plan.header.sets_off)


def test_a_plan_that_writes_nothing_sets_off_nothing(person: Person) -> None:
    declared(person.pair, FLOW, RULE)
    person.pair.pull()
    assert list(person.pair.plan().header.sets_off) == []


def test_a_pull_keeps_flows_and_rules_with_the_fields_they_name(pair: Pair) -> None:
    before = {
        **FLOW,
        "name": "Before",
        "trigger": "RecordBeforeSave",
        "writes": ["Phone"],
        "starts_on": [],
    }
    copy = {"kind": "flow", "name": "Note", "object": "Contact",
            "does": {"field": "Title", "action": "copy", "to": "AccountId.Description"}}  # fmt: skip
    declared(
        pair,
        FLOW,
        before,
        copy,
        RULE,
        {"kind": "trigger", "name": "Code", "object": "Lead", "on": ["BeforeInsert"]},
    )
    pair.pull()
    rows = {row["name"]: row for row in side_table(pair, "_automations")}
    assert (rows["Shout"]["starts_on"], rows["Shout"]["reads"], rows["Shout"]["writes"]) == (
        "Title",
        "Email;Title",
        None,
    )
    assert (rows["Before"]["timing"], rows["Before"]["writes"]) == ("before", "Contact.Phone")
    assert rows["Note"]["writes"] == "Account.Description"
    assert (rows["Code"]["kind"], rows["Code"]["events"], rows["Code"]["read"]) == (
        "trigger",
        "create",
        "false",
    )
    (rule,) = [row for row in side_table(pair, "_rules") if row["kind"] == "validation"]
    assert (rule["fields"], rule["message"]) == ("Department;Title", "A board member has a title.")
    assert "Board" in rule["formula"]


@pytest.mark.parametrize("refusal", ["INSUFFICIENT_ACCESS", "INVALID_TYPE"])
def test_what_may_not_be_looked_at_is_not_checked_and_never_taken_for_nothing(
    pair: Pair, refusal: str
) -> None:
    from apply.test_least_rights import review_of, without
    from crmsync.core.rights import Right

    declared(pair, FLOW, RULE)
    least = without(review_of(pair).needs, Right("ViewRoles"))
    choose_profile(pair.servers.salesforce, {"name": LEAST})
    import_permission_set(pair.servers.salesforce, {"xml": least})
    set_switch(pair.servers.salesforce.tables, "tooling_refusal", refusal)
    pair.servers.salesforce.tables.commit()
    assert pair.pull().complete
    assert {(row["kind"], row["state"]) for row in side_table(pair, "_automations")} == {
        (kind, "not_checked") for kind in ("flow", "trigger", "workflow")
    }
    assert "validation" in {row["kind"] for row in side_table(pair, "_rules")}
    (said,) = checks(pair, "automations")
    assert (said.level, "flow" in said.message, "View Setup" in said.remedy) == (
        "warning",
        True,
        True,
    )


def test_doctor_counts_what_runs_and_warns_where_it_writes_a_mapped_field(pair: Pair) -> None:
    declared(pair, FLOW, RULE)
    (said,) = checks(pair, "automations")
    assert (said.level, said.message) == (
        "ok",
        "what is written here sets off others: 1 flow, 1 validation rule",
    )
    declared(pair, {**FLOW, "writes": ["Phone"]})
    assert [each.level for each in checks(pair, "automations")] == ["warning"]


def test_history_that_is_off_is_named_with_what_it_would_tell(pair: Pair) -> None:
    from crmsync.sandbox.salesforce.tracking import track

    def lacking() -> dict[str, str]:
        return {each.subject: each.message for each in checks(pair, "history")}

    assert "Status (when a stage was reached)" in lacking()["salesforce Lead"]
    assert "StageName" not in lacking()["salesforce Opportunity"], "every opportunity keeps it"
    track(pair.servers.salesforce, {"object": "Lead", "fields": ["Status", "OwnerId"]})
    pair.servers.salesforce.tables.commit()
    assert "salesforce Lead" not in lacking()


def test_the_native_connector_is_seen_until_it_is_declared(pair: Pair) -> None:
    assert checks(pair, "native_connector") == []
    declared(pair, {"kind": "package", "namespace": "HubSpot_Inc", "name": "HubSpot"})
    (said,) = checks(pair, "native_connector")
    assert (said.level, "HubSpot_Inc" in said.message, "contact.city" in said.message) == (
        "warning",
        True,
        True,
    )
    pair.project(
        "writers:\n  - name: HubSpot-Salesforce\n    kind: native_connector\n    copies:\n"
        "      - {from: salesforce/Contact.Phone, to: hubspot/contacts.phone, rule: two_way}\n"
    )
    assert [each.level for each in checks(pair, "native_connector")] == ["ok"]


def test_a_required_field_that_nothing_fills_is_an_error_where_records_are_created(
    pair: Pair,
) -> None:
    assert not [
        each for each in doctor(pair.workspace) if "nothing of the mapping fills" in each.message
    ]
    pair.servers.salesforce.define_field("Account", "Unit__c", "string", nillable=False)
    pair.servers.salesforce.tables.commit()
    (said,) = [
        each for each in doctor(pair.workspace) if "nothing of the mapping fills" in each.message
    ]
    assert (
        said.subject,
        said.level,
        "Unit__c" in said.message,
        "create: never" in said.remedy,
    ) == ("salesforce Account", "error", True, True)


def test_record_types_are_told_the_default_first(pair: Pair) -> None:
    for name, default in (("Partner", False), ("Customer", True)):
        declared(
            pair, {"kind": "record_type", "object": "Account", "name": name, "default": default}
        )
    said = [each.message for each in doctor(pair.workspace) if "record types" in each.message]
    assert said == ["record types in use: Customer, Partner; what is created gets Customer"]


def test_another_org_than_last_time_is_told_by_doctor(pair: Pair) -> None:
    pair.pull()
    with pair.workspace.store() as store:
        pinned = store.pinned("salesforce")
        store.pin("salesforce", "00D000000000001AAA", pair.workspace.now())
    said = [each for each in doctor(pair.workspace) if "belongs to" in each.message]
    assert [(each.subject, each.level, str(pinned) in each.message) for each in said] == [
        ("salesforce", "error", True)
    ]


def test_setup_that_does_not_answer_costs_no_pull(pair: Pair) -> None:
    declared(pair, FLOW, RULE)
    set_fault(pair.servers.salesforce, "404-html", path="tooling/", times=0)
    assert pair.pull().complete
    states = {(row["kind"], row["state"]) for row in side_table(pair, "_automations")}
    assert states == {("flow", "active"), ("trigger", "not_checked"), ("workflow", "not_checked")}


@pytest.mark.parametrize(
    ("version", "day", "level", "word"),
    [
        ("67.0", "2026-11-22", "ok", "promised until 2029-06-01"),
        ("35.0", "2026-11-22", "warning", "does not offer it"),
        ("35.0", "2027-07-01", "warning", "ends about 2028-06-01"),
        ("35.0", "2028-07-01", "warning", "retired since 2028-06-01"),
        ("69.0", "2026-11-22", "warning", "does not offer it"),
    ],
)
def test_a_version_is_told_a_year_before_it_ends(
    version: str, day: str, level: str, word: str
) -> None:
    offered = [f"{number}.0" for number in range(50, 69)]
    known = version_of(version, offered)
    (said,) = _version("salesforce", known, date.fromisoformat(day))
    assert (said.level, word in said.message) == (level, True), said.message
    assert bool(said.remedy) == (level == "warning")


def test_a_version_newer_than_this_crmsync_is_said_to_be_unknown() -> None:
    (said,) = _version("salesforce", version_of("69.0", ["69.0"]), date(2027, 1, 1))
    assert (said.level, "newer than this crmsync knows" in said.message) == ("warning", True)
