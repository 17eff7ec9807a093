"""`diff` reads both mappings from git and says what the change would do to the records that were read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Crm
from cli.places import Served, make_workspace, mend, put, restore
from crmsync.commands.pull import pull
from crmsync.commands.verdicts import Measured, risks_of, totals_of
from crmsync.commands.workspace import open_workspace
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.planning import CellChange, Change, ConflictLine
from crmsync.errors import ExitCode
from crmsync.reports.facts import EVERYWHERE, Totals

AT_HOME_IN_MEXICO = (
    "country_from: country\n    names: {salesforce: Tax_ID__c",
    "country: MX\n    names: {salesforce: Tax_ID__c",
)
# HubSpot keeps no `false`: only in Salesforce can an opt-out be taken back.
LOOSENED = ("on_conflict: sticky", "on_conflict: {always: hubspot}")


def git(folder: Path, *words: str) -> None:
    who = [
        "-c",
        "user.name=tests",
        "-c",
        "user.email=tests@example.com",
        "-c",
        "commit.gpgsign=false",
    ]
    plain = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    line = ["git", "-C", str(folder), *who, *words]
    subprocess.run(line, check=True, capture_output=True, env=plain)


@pytest.fixture(scope="module")
def as_reviewed(
    both: Served, nothing_written: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A workspace in git whose two systems contradict each other about one opt-out; copy it."""
    person = {"LastName": "Gil", "Email": "out@one.example", "HasOptedOutOfEmail": True}
    twin = {"lastname": "Gil", "email": "out@one.example", "hs_email_optout": "false"}
    put(both.salesforce, "Contact", person)
    put(both.hubspot, "contacts", twin)
    folder = make_workspace(tmp_path_factory.mktemp("reviewed") / "workspace", both.access)
    assert pull(open_workspace(folder)).complete
    restore(both, nothing_written)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "as reviewed")
    return folder


@pytest.fixture
def reviewed(as_reviewed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(as_reviewed, tmp_path / "workspace"))


def totals_of_plan(crm: Crm) -> dict[str, Any]:
    counts = crm("plan", "--no-pull", "--json").json["counts"]
    return {
        "updates": {
            k.removeprefix("updates."): n for k, n in counts.items() if k.startswith("updates.")
        },
        "creates": {
            k.removeprefix("creates."): n for k, n in counts.items() if k.startswith("creates.")
        },
        "blanks": counts["blanks"],
    }


def totals(impact: dict[str, Any], side: str) -> dict[str, Any]:
    found = impact[side]
    return {
        "updates": found["updates"],
        "creates": found["creates"],
        "blanks": sum(found["blanks"].values()),
    }


def test_a_loosened_opt_out_is_breaking_and_its_numbers_are_those_of_a_plan(
    reviewed: Path, crm: Crm
) -> None:
    before = totals_of_plan(crm)
    mend(reviewed, "mappings/contact.yml", *LOOSENED)
    said = crm("diff", "--format", "json")
    assert said.code == ExitCode.GATE_FAILED
    impact = said.json
    assert (impact["verdict"], impact["evidence"]) == ("breaking", "measured")
    assert "R201" in {risk["rule"] for risk in impact["risks"]}
    assert totals(impact, "before") == before
    assert totals(impact, "after") == totals_of_plan(crm)
    assert totals(impact, "before") != totals(impact, "after")
    assert sum(impact["after"]["optouts_reopened"].values()) > 0
    assert set(impact["after"]) == {each.name for each in fields(Totals)}


def test_a_remark_has_no_effect(reviewed: Path, crm: Crm) -> None:
    path = reviewed / "mappings" / "contact.yml"
    text = path.read_text().replace(
        "en: As for the first name.", "en: People spell their names best."
    )
    path.write_text("# Reviewed again.\n" + text)
    said = crm("diff", "--format", "json")
    assert (said.code, said.json["verdict"], said.json["changes"]) == (ExitCode.OK, "none", [])
    assert said.json["before"] == said.json["after"]


@pytest.mark.slow
def test_a_new_field_is_safe_where_it_changes_nothing(reviewed: Path, crm: Crm) -> None:
    path = reviewed / "mappings" / "contact.yml"
    added = "  - {field: assistant, type: text, direction: none, names: {salesforce: {Contact: AssistantName}}}"
    path.write_text(f"{path.read_text()}\n{added}\n")
    said = crm("diff", "--format", "json")
    assert (said.code, said.json["verdict"]) == (ExitCode.OK, "safe")
    (change,) = said.json["changes"]
    assert (change["field"], change["aspect"]) == ("assistant", "added")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("field: job_title\n    type: text", "field: job_title\n    type: choice", "R601"),
        ("  - native_link\n  - email\n", "  - native_link\n", "R401"),
        ("field: salesforcecontactid", "field: another_id", "R401"),
        ("on_conflict: sticky", "on_conflict: sticky\n    direction: none", "R201"),
        ("hubspot: hs_email_optout", "hubspot: hs_is_unworked", "R201"),
        ("hubspot: jobtitle", "hubspot: gender", "R702"),
        (
            "hubspot: jobtitle}\n    on_conflict: ask",
            "hubspot: jobtitle}\n    on_conflict: fill",
            "R702",
        ),
        ("object: contacts, create: ask", "object: contacts, create: never", "R502"),
    ],
)
def test_a_risk_is_named_by_its_rule(
    reviewed: Path, crm: Crm, old: str, new: str, rule: str
) -> None:
    mend(reviewed, "mappings/contact.yml", old, new)
    impact = crm("diff", "--format", "json").json
    assert rule in {risk["rule"] for risk in impact["risks"]}
    assert impact["verdict"] == ("breaking" if rule in ("R201", "R401") else "review")


@pytest.mark.slow
def test_another_native_link_is_a_change_a_reviewer_sees(reviewed: Path, crm: Crm) -> None:
    mend(reviewed, "mappings/contact.yml", "field: salesforcecontactid", "field: another_id")
    (change,) = crm("diff", "--format", "json").json["changes"]
    assert (change["field"], change["aspect"]) == ("*", "native_links")
    assert "hubspot another_id -> salesforce Contact" in change["after"]


@pytest.mark.slow
def test_two_revisions_are_compared_and_the_working_tree_left_alone(
    reviewed: Path, crm: Crm
) -> None:
    git(reviewed, "checkout", "-q", "-b", "loose")
    mend(reviewed, "mappings/contact.yml", *LOOSENED)
    git(reviewed, "commit", "-q", "-a", "-m", "loosened")
    assert crm("diff", "main..loose", "--format", "json").json["verdict"] == "breaking"
    assert crm("diff", "--format", "json").json["verdict"] == "none"
    assert crm("diff", "loose..main", "--format", "json").json["base"] == "loose"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("form", ["text", "github-md"])
def test_a_reviewer_reads_the_verdict_the_numbers_and_masked_samples(
    reviewed: Path, crm: Crm, form: str, language: str
) -> None:
    mend(reviewed, "mappings/contact.yml", *LOOSENED)
    shown = crm("diff", "--format", form, "--lang", language).out
    assert {"en": "BREAKING", "es": "DISRUPTIVO"}[language] in shown.upper()
    assert "R201" in shown
    assert "out@one.example" not in shown
    if form == "github-md":
        assert shown.startswith("<!-- crmsync:mapping-diff:tried -->")
        assert "<details>" in shown
        assert "<details>" not in crm("diff", "--format", form, "--no-samples").out


def test_without_snapshots_the_evidence_is_structural(reviewed: Path, crm: Crm) -> None:
    shutil.rmtree(reviewed / ".crmsync")
    mend(reviewed, "mappings/contact.yml", *LOOSENED)
    impact = crm("diff", "--format", "json").json
    assert (impact["verdict"], impact["evidence"], impact["after"]) == (
        "breaking",
        "structural",
        None,
    )


def test_a_revision_nobody_has_is_told(reviewed: Path, crm: Crm) -> None:
    said = crm("diff", "nowhere..HEAD")
    assert said.code == ExitCode.FAILED
    assert "git:" in said.err
    assert "crmsync diff main..HEAD" in said.err


def test_a_revision_is_never_taken_for_an_option(reviewed: Path, crm: Crm) -> None:
    said = crm("diff", "--", "--output=evil")
    assert said.code != ExitCode.OK
    assert not (reviewed / "evil").exists()


def test_a_mapping_that_was_broken_in_git_is_told_with_its_revision(
    reviewed: Path, crm: Crm
) -> None:
    mend(reviewed, "mappings/contact.yml", "on_conflict: sticky", "on_conflict: stiky")
    git(reviewed, "commit", "-q", "-a", "-m", "broken")
    mend(reviewed, "mappings/contact.yml", "on_conflict: stiky", "on_conflict: sticky")
    said = crm("diff")
    assert said.code == ExitCode.CONFIG_INVALID
    assert "HEAD:mappings/contact.yml:" in said.err


def test_a_folder_that_is_no_repository_is_told(
    workspace: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(workspace.parent))
    said = crm("diff")
    assert said.code == ExitCode.FAILED
    assert "not kept in git" in said.err
    assert "git init, git add ., git commit" in said.err
    git(workspace, "init", "-q", "-b", "main")
    assert "nothing was committed to git yet" in crm("diff").err
    git(workspace, "commit", "-q", "--allow-empty", "-m", "nothing")
    assert "git has no mapping at HEAD" in crm("diff").err


def test_a_conflict_between_two_systems_is_counted_once() -> None:
    line = ConflictLine("deal", "k", "amount", {"hubspot": "1", "salesforce": "2"}, {}, "disagree")
    measured = Measured([line, line], {}, {}, {}, {}, {})
    assert totals_of(WorkspaceMapping((), ""), measured).conflicts == {EVERYWHERE: 2}


@pytest.mark.parametrize(("more", "told"), [(3, False), (100, False), (101, True)])
def test_a_few_writes_of_a_new_field_are_not_called_far_more(more: int, told: bool) -> None:
    cell = CellChange("tier", None, "gold", "fill")
    lines = [
        Change("update", 1, "contact", f"k{i}", "hubspot", "contacts", f"{i}", (cell,))
        for i in range(more)
    ]
    before = Measured([], {}, {}, {}, {}, {})
    same = WorkspaceMapping((), "")
    risks = risks_of(same, same, before, replace(before, lines=lines))
    assert ("R701" in {risk.rule for risk in risks}) is told


@pytest.mark.slow
def test_what_a_new_field_is_made_of_is_shown(reviewed: Path, crm: Crm) -> None:
    path = reviewed / "mappings" / "contact.yml"
    made = "{salesforce: {Contact: {transform: concat, inputs: [FirstName, LastName]}}}"
    field = (
        f"  - {{field: full_name, type: text, names: {{hubspot: full_name}}, made_of: {made}}}\n"
    )
    path.write_text(path.read_text() + field)
    changes = {
        each["aspect"]: each["after"] for each in crm("diff", "--format", "json").json["changes"]
    }
    assert "concat(FirstName, LastName)" in changes["made_of"]


@pytest.mark.slow
def test_values_that_the_new_mapping_cannot_read_are_a_risk_by_field_and_system(
    reviewed: Path, crm: Crm
) -> None:
    mend(reviewed, "mappings/company.yml", *AT_HOME_IN_MEXICO)
    impact = crm("diff", "--format", "json").json
    unread = {
        each["params"]["system"]: each["count"]
        for each in impact["risks"]
        if each["rule"] == "R602" and each["params"]["field"] == "tax_id"
    }
    assert set(unread) <= {"salesforce", "hubspot"}
    grown = {
        system: n - impact["before"]["unreadable"].get(system, 0)
        for system, n in impact["after"]["unreadable"].items()
    }
    assert {system: n for system, n in grown.items() if n} == unread
    assert sum(unread.values()) > 20
    assert impact["verdict"] == "review"
    for form in ("text", "github-md"):
        shown = crm("diff", "--format", form, "--no-samples").out
        assert "values of HubSpot that cannot be read" in shown
        assert "company tax_id: more values of" in shown.replace("\\_", "_")
    assert "no se pueden leer" in crm("diff", "--lang", "es").out


@pytest.mark.slow
def test_a_renamed_field_is_not_read_any_worse(reviewed: Path, crm: Crm) -> None:
    mend(reviewed, "mappings/company.yml", *AT_HOME_IN_MEXICO)
    git(reviewed, "commit", "-q", "-a", "-m", "worse")
    mend(
        reviewed,
        "mappings/company.yml",
        "- field: tax_id\n",
        "- field: vat\n    renamed_from: tax_id\n",
    )
    mend(reviewed, "mappings/company.yml", "- [tax_id, name]", "- [vat, name]")
    mend(reviewed, "mappings/company.yml", "  - tax_id\n", "  - vat\n")
    mend(reviewed, "mappings/company.yml", "    id: tax_id\n", "    id: vat\n")
    impact = crm("diff", "--format", "json").json
    assert sum(impact["before"]["unreadable"].values()) > 20
    assert "R602" not in {risk["rule"] for risk in impact["risks"]}


@pytest.mark.slow
def test_roles_that_were_read_are_measured(reviewed: Path, crm: Crm) -> None:
    field = """  - field: roles
    type: references
    to: contact
    names: {salesforce: associations.Contact.all, hubspot: associations.contacts.roles}
    direction: {to: hubspot}
    on_conflict: union
"""
    deals = reviewed / "mappings" / "deal.yml"
    text = re.sub(
        r"  - field: contacts\n.*?(?=\n  # Once)", field, deals.read_text(), flags=re.DOTALL
    )
    deals.write_text(text)
    said = crm("diff", "--format", "json")
    assert said.json["unread"] == []
    assert "Not measured" not in crm("diff").out
