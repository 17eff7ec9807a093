"""`crmsync pull` keeps activities, campaigns and histories, says how many, and what it did not read and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Crm
from cli.places import Served, make_workspace, put, served
from crmsync.commands.columns import open_columns
from crmsync.commands.workspace import open_workspace
from crmsync.sandbox.faults.book import set_fault
from crmsync.sandbox.salesforce.becoming import convert_lead
from crmsync.warehouse.audit_db import build_face

SYSTEM = "  salesforce: {kind: salesforce, "


@pytest.fixture
def both() -> Iterator[Served]:
    """Two small CRMs: a call with a lead that became a contact, a meeting, a campaign, a deal that moved."""
    with served() as both:
        world = both.salesforce
        (lead,) = put(world, "Lead", {"LastName": "Gil", "Company": "Uno", "Email": "gil@uno.example"})  # fmt: skip
        put(world, "Task", {"WhoId": lead, "TaskSubtype": "Call", "Status": "Completed"})
        put(world, "Event", {"WhoId": lead, "StartDateTime": "2026-11-19T10:00:00Z"})
        (campaign,) = put(world, "Campaign", {"Name": "Fair"})
        put(world, "CampaignMember", {"CampaignId": campaign, "LeadId": lead})
        convert_lead(world, {"lead": lead})
        deal = {"Name": "Big", "StageName": "Prospecting", "CloseDate": "2026-12-01"}
        (big,) = put(world, "Opportunity", deal)
        world.put("Opportunity", {"StageName": "Closed Won"}, big)
        world.tables.commit()
        yield both


@pytest.fixture
def workspace(both: Served, tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "workspace", both.access)


def facts(folder: Path) -> tuple[set[str], dict[str, list[Any]]]:
    """What the face has, and what it says of what was read, by native object."""
    import duckdb

    workspace, file = open_workspace(folder), folder / "face.duckdb"
    with workspace.store() as store, open_columns(workspace, store) as columns:
        have = build_face(columns, file)
    with duckdb.connect(str(file), read_only=True) as db:
        rows = db.execute("SELECT object, state, rows, why FROM fact").fetchall()
        keys = "SELECT DISTINCT key FROM activity_about WHERE entity = 'contact'"
        whose = "SELECT key FROM contact WHERE object = 'Contact'"
        if "activity" in have:
            assert db.execute(keys).fetchall() == db.execute(whose).fetchall()
    return have, {name: told for name, *told in rows}


@pytest.mark.slow
def test_facts_are_kept_counted_and_whose_they_are(workspace: Path, crm: Crm, both: Served) -> None:
    said = crm("pull")
    assert said.code == 0
    assert "salesforce activities: 2 since 20" in said.err
    assert "salesforce campaigns and members: 2\n" in said.err
    assert "not read" not in said.err
    have, told = facts(workspace)
    assert {"activity", "event", "campaign", "calendar"} <= have
    assert (told["Task"], told["Event"]) == (["read", 1, None], ["read", 1, None])


def test_counts_of_facts_are_for_programs_too(workspace: Path, crm: Crm) -> None:
    rows = crm("pull", "--json").json["rows"]
    assert rows["salesforce/_activities.Task"] == 1
    assert rows["salesforce/_campaign_members.CampaignMember"] == 1
    assert rows["salesforce/_history.Opportunity.OpportunityHistory"] >= 2


@pytest.mark.slow
def test_what_may_not_be_read_is_told_and_the_pull_is_whole(
    workspace: Path, crm: Crm, both: Served
) -> None:
    both.salesforce.hide_field("Task", "WhoId")
    said = crm("pull")
    assert said.code == 0
    assert "salesforce Task: not read: Task: field-level security hides WhoId" in said.err
    have, told = facts(workspace)
    assert told["Task"] == ["not read", 0, "Task: field-level security hides WhoId"]
    assert "activity" not in have
    said = crm("pull", "--lang", "es")
    assert "no se leyó: Task: la seguridad a nivel de campo oculta WhoId" in said.err


def test_what_is_switched_off_is_not_read_and_what_was_read_before_counts_no_more(
    workspace: Path, crm: Crm
) -> None:
    crm("pull")
    file = workspace / "crmsync.yml"
    text = file.read_text(encoding="utf-8")
    assert SYSTEM in text
    off = f"{SYSTEM}activities_days: 0, campaigns: false, "
    file.write_text(text.replace(SYSTEM, off), encoding="utf-8")
    said = crm("pull")
    assert said.code == 0
    assert "salesforce Task: not read: left out by activities_days: 0" in said.err
    have, told = facts(workspace)
    assert not {"activity", "campaign"} & have
    assert told["Campaign"] == ["not read", 0, "left out by campaigns: false"]


@pytest.mark.slow
def test_facts_that_break_off_leave_the_records_usable_and_the_pull_partial(
    workspace: Path, crm: Crm, both: Served
) -> None:
    set_fault(both.salesforce, "page-skips", path="*/queryAll*", times=0)
    said = crm("pull")
    assert (said.code, "Incomplete: salesforce _activities.Task" in said.err) == (6, True)
    have, told = facts(workspace)
    assert told["Task"][0] == "incomplete"
    assert "activity" not in have
    assert {"contact.email", "campaign"} <= have
    assert crm("plan").code == 0
