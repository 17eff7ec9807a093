"""What crmsync has in a CRM is disclosed in words, and only a reviewed file changes it."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from cli.conftest import Crm
from cli.places import Served
from crmsync.errors import ExitCode
from crmsync.sandbox.tables import Tables


@pytest.fixture
def bare(fresh: Served) -> Served:
    """Both CRMs without our key fields."""
    for name in ("Account", "Contact", "Lead", "Opportunity"):
        fresh.salesforce.drop_field(name, "crmsync_key__c")
    for name in ("contacts", "companies", "deals"):
        fresh.hubspot.drop_property(name, "crmsync_key")
    return fresh


def held(crms: Served) -> list[object]:
    tables: list[Tables] = [crms.salesforce.tables, crms.hubspot.tables]
    return [each.dump() for each in tables]


def test_show_tells_what_how_it_stands_why_and_what_it_costs(
    bare: Served, workspace: Path, crm: Crm
) -> None:
    shown = crm("footprint", "show")
    assert shown.code == 0
    rows = [line.split() for line in shown.out.splitlines()[:4]]
    assert rows[0] == ["system", "object", "what", "state"]
    assert [(row[0], row[1], row[-1]) for row in rows[1:]] == [
        ("hubspot", "companies", "missing"),
        ("hubspot", "contacts", "missing"),
        ("salesforce", "Account", "missing"),
    ]
    for said in ("Why:", "no record is created twice", "What it costs in hubspot", "ten unique"):
        assert said in shown.out
    assert "crmsync footprint install" in shown.out


def test_it_is_told_in_spanish(bare: Served, workspace: Path, crm: Crm) -> None:
    shown = crm("footprint", "show", "--lang", "es")
    assert "Por qué:" in shown.out
    assert "falta" in shown.out
    assert "missing" not in shown.out


def test_show_as_json_holds_every_item(bare: Served, workspace: Path, crm: Crm) -> None:
    items = crm("footprint", "show", "--json").json
    assert [(each["system"], each["object"], each["state"]) for each in items][:2] == [
        ("hubspot", "companies", "missing"),
        ("hubspot", "contacts", "missing"),
    ]
    assert items[0]["entities"] == ["company"]


def test_a_plan_is_printed_and_kept_and_changes_nothing(
    bare: Served, workspace: Path, crm: Crm
) -> None:
    before = held(bare)
    shown = crm("footprint", "install", "-o", "plan.json")
    assert shown.code == 0
    assert "put in" in shown.out
    assert "crmsync footprint apply plan.json" in shown.err
    assert held(bare) == before
    body = orjson.loads((workspace / "plan.json").read_bytes())
    assert [step["object"] for step in body["steps"]] == ["companies", "contacts", "Account"]


@pytest.mark.slow
def test_it_is_put_in_and_taken_away(bare: Served, workspace: Path, crm: Crm) -> None:
    crm("footprint", "install", "-o", "plan.json")
    done = crm("footprint", "apply", "plan.json", "--approved-by", "ana")
    assert (done.code, done.out.count(": done")) == (0, 3)
    again = crm("footprint", "install", "-o", "again.json")
    assert again.out.strip() == "Nothing to do: everything that is needed is there."
    assert "footprint apply" not in again.err
    assert crm("footprint", "apply", "again.json").out.startswith("The plan has no steps")
    assert "footprint install" in crm("runs").out
    assert "ana" in crm("runs").out
    removal = crm("footprint", "remove", "-o", "plan.json")
    assert "No record that crmsync created loses its key." in removal.out
    assert "90 days" in removal.out
    assert "15 days" in removal.out
    assert crm("footprint", "apply", "plan.json").code == 0
    assert "missing" in crm("footprint", "show").out


def test_what_is_there_and_not_needed_is_explained(
    fresh: Served, workspace: Path, crm: Crm
) -> None:
    shown = crm("footprint", "show").out
    assert "present, not needed now" in shown
    assert shown.count("Not needed now: the mapping creates no records there") == 1
    assert "footprint remove" in shown


def test_an_edited_plan_ends_with_9(bare: Served, workspace: Path, crm: Crm) -> None:
    crm("footprint", "install", "-o", "plan.json")
    path = workspace / "plan.json"
    path.write_text(path.read_text().replace("install", "remove", 1))
    shown = crm("footprint", "apply", "plan.json")
    assert (shown.code, shown.out) == (ExitCode.STALE, "")
    assert "plan.json was edited after it was made" in shown.err


def test_what_is_in_the_way_ends_with_3_and_says_what_helps(
    bare: Served, workspace: Path, crm: Crm
) -> None:
    bare.hubspot.define_property("contacts", "crmsync_key", "string", "text")
    shown = crm("footprint", "install")
    assert shown.code == ExitCode.CONFIG_INVALID
    assert "left alone  hubspot contacts" in shown.out
    assert "cannot make it unique" in shown.out


@pytest.mark.slow
def test_what_was_done_is_told_as_json(bare: Served, workspace: Path, crm: Crm) -> None:
    crm("footprint", "install", "-o", "plan.json")
    told = crm("footprint", "apply", "plan.json", "--json").json
    assert [end["outcome"] for end in told["ends"]] == ["done"] * 3
    assert told["exit_code"] == 0
