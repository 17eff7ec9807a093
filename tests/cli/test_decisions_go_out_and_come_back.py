"""`crmsync decisions`: what only people can decide goes out as a list, and what they decided is kept in files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli.places import Said
from crmsync.commands.exporting_decisions import export_decisions
from crmsync.commands.fix import propose_roles
from crmsync.commands.importing_decisions import import_decisions
from crmsync.commands.keeping_answers import kept_answers
from crmsync.commands.keeping_waivers import add_waivers
from crmsync.commands.workspace import open_workspace
from crmsync.config.answers_file import ANSWERS
from crmsync.config.waivers import FILE as WAIVERS
from crmsync.core.accepting import Waiver
from crmsync.core.open_decisions import DecisionKind
from crmsync.errors import CrmsyncError, ExitCode

Crm = Callable[..., Said]
OF_A_PLAN: tuple[DecisionKind, ...] = ("conflicts", "links")


@pytest.fixture(scope="module")
def listed(read: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a list of what a plan leaves to people."""
    folder = Path(shutil.copytree(read, tmp_path_factory.mktemp("listed") / "workspace"))
    export_decisions(open_workspace(folder), folder / "d.xlsx", "en", kinds=OF_A_PLAN)
    return folder


@pytest.fixture
def workspace(listed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(listed, tmp_path / "workspace"))


def place(sheet: Any, head: str) -> int:
    return [cell.value for cell in sheet[1]].index(head) + 1


def put(path: Path, sheet: str, row: int, **cells: object) -> None:
    book = openpyxl.load_workbook(path)
    for head, value in cells.items():
        book[sheet].cell(row, place(book[sheet], head.replace("_", " "))).value = value
    book.save(path)


def row_with(path: Path, sheet: str, head: str, text: str) -> int:
    found = openpyxl.load_workbook(path)[sheet]
    at = place(found, head)
    return next(n for n in range(2, found.max_row + 1) if text in str(found.cell(n, at).value))


def files(workspace: Path) -> dict[str, bytes]:
    found = [*workspace.glob("decisions/*"), *workspace.glob("audits/waivers.yml")]
    return {path.name: path.read_bytes() for path in found}


def test_what_fits_is_kept_and_the_rest_is_refused_by_its_cell(workspace: Path, crm: Crm) -> None:
    path = workspace / "d.xlsx"
    put(path, "Conflicts", 2, Decision="Salesforce", Responsible="Ana", Date="20/11/2026")
    put(path, "Conflicts", 3, Decision="yes")
    create = row_with(path, "Links", "Question", "Create")
    put(path, "Links", create, Decision="no", Comment="by hand")
    pair = row_with(path, "Links", "Question", "One customer?")
    put(path, "Links", pair, Decision="unsure", Responsible="Eva")
    dry = crm("decisions", "import", "d.xlsx", "--dry-run", "--by", "Bo")
    assert "nothing was kept" in dry.out
    assert files(workspace) == {}
    said = crm("decisions", "import", "d.xlsx", "--by", "Bo")
    assert said.code == dry.code == ExitCode.PARTIAL
    assert "3 decisions fit: 3 new" in said.out
    assert "d.xlsx Conflicts!H3 CRM135 'yes' is no decision" in said.err
    kept = {each.kind: each for each in kept_answers(open_workspace(workspace))}
    assert (kept["conflicts"].answer, kept["conflicts"].by) == ("salesforce", "Ana")
    assert kept["conflicts"].decided_on == date(2026, 11, 20)
    assert (kept["links"].answer, kept["links"].by, kept["links"].note) == ("no", "Bo", "by hand")
    assert b",unsure,Eva,20" in files(workspace)["duplicates.csv"]
    before = files(workspace)
    again = crm("decisions", "import", "d.xlsx", "--by", "Bo")
    assert "3 decisions fit: 0 new, 0 changed, 3 there already" in again.out
    assert files(workspace) == before


def test_what_somebody_else_decided_since_is_not_overruled_by_a_list(
    workspace: Path, crm: Crm
) -> None:
    path = workspace / "d.xlsx"
    put(path, "Conflicts", 2, Decision="Salesforce", Responsible="Ana")
    assert crm("decisions", "import", "d.xlsx").code == ExitCode.OK
    before = files(workspace)
    put(path, "Conflicts", 2, Decision="HubSpot", Responsible="Bo")
    said = crm("decisions", "import", "d.xlsx")
    assert said.code == ExitCode.CONFIG_INVALID
    assert "Conflicts!H2 CRM136 Ana decided otherwise: salesforce, on " in said.err
    assert files(workspace) == before
    put(path, "Conflicts", 2, Responsible="Ana")
    body = json.loads(crm("decisions", "import", "d.xlsx", "--json").out)
    assert body["changed"] == {"conflicts": 1}, "who decided may think again"


def test_a_pair_that_was_decided_can_be_changed_by_who_decided(workspace: Path, crm: Crm) -> None:
    path = workspace / "d.xlsx"
    row = row_with(path, "Links", "Question", "One customer?")
    for word, told in (("no", "1 new"), ("unsure", "1 changed")):
        put(path, "Links", row, Decision=word)
        assert told in crm("decisions", "import", "d.xlsx", "--by", "Ana").out
    assert b",unsure,Ana,20" in files(workspace)["duplicates.csv"]


@pytest.mark.slow
def test_a_list_of_another_workspace_is_refused_whole(workspace: Path) -> None:
    put(workspace / "d.xlsx", "Conflicts", 2, Decision="Salesforce")
    text = (workspace / "crmsync.yml").read_text()
    (workspace / "crmsync.yml").write_text(text.replace("tried", "another"))
    opened = open_workspace(workspace)
    assert opened.project.name == "another"
    with pytest.raises(CrmsyncError, match="'tried', and this one is 'another'"):
        import_decisions(opened, workspace / "d.xlsx", by="Ana")
    book = openpyxl.load_workbook(workspace / "d.xlsx")
    del book["Read me"]
    book.save(workspace / "d.xlsx")
    done = import_decisions(opened, workspace / "d.xlsx", by="Ana")
    assert [each.code for each in done.problems] == ["CRM136"], "no key of it is known here"
    assert files(workspace) == {}


@pytest.mark.slow
def test_a_question_whose_values_have_changed_is_asked_again(workspace: Path, crm: Crm) -> None:
    put(workspace / "d.xlsx", "Conflicts", 2, Decision="Salesforce")
    crm("decisions", "import", "d.xlsx", "--by", "Ana")
    told = (workspace / ANSWERS).read_text()
    crm("decisions", "export", "-o", "next.xlsx", "--kind", "conflicts")
    asked = openpyxl.load_workbook(workspace / "next.xlsx")["Conflicts"].max_row
    (workspace / ANSWERS).write_text(told.replace("seen: ", "seen: x"))
    crm("decisions", "export", "-o", "next.xlsx", "--kind", "conflicts")
    assert openpyxl.load_workbook(workspace / "next.xlsx")["Conflicts"].max_row == asked + 1


@pytest.mark.slow
def test_a_role_that_was_rejected_is_not_proposed_again(workspace: Path, crm: Crm) -> None:
    said = crm("decisions", "export", "-o", "d.yml", "--kind", "roles", "--lang", "es")
    assert said.out.startswith("Roles de contacto: 2")
    text = (workspace / "d.yml").read_text(encoding="utf-8")
    text = text.replace('decision: ""', "decision: no", 1).replace(
        'decision: ""', "decision: sí", 1
    )
    (workspace / "d.yml").write_text(text, encoding="utf-8")
    assert crm("decisions", "import", "d.yml", "--by", "Ana").code == ExitCode.OK
    opened = open_workspace(workspace)
    (left,) = propose_roles(opened).proposals
    (taken,) = propose_roles(opened, accept="decided").proposals
    assert taken == left
    assert len(propose_roles(opened, rejected_too=True).proposals) == 2


def test_an_accepted_finding_becomes_a_waiver_beside_those_that_are_there(
    workspace: Path, crm: Crm
) -> None:
    there = "# agreed in May\nwaivers:\n- {audit: C01, who: all, reason: r, approver: a, until: 2026-01-01} # really\n"
    (workspace / WAIVERS).write_text(there)
    crm("decisions", "export", "-o", "w.xlsx", "--kind", "waivers")
    path = workspace / "w.xlsx"
    put(path, "Waivers", 2, Decision="yes", Comment="known", Accepted_until="31/12/2027")
    put(path, "Waivers", 3, Decision="no")
    said = crm("decisions", "import", "w.xlsx", "--by", "Ana")
    assert said.code == ExitCode.OK
    assert "1 finding stays open" in said.out
    assert (workspace / WAIVERS).read_text().startswith(there)
    waiver = open_workspace(workspace).waivers[-1]
    assert (waiver.reason, waiver.approver, waiver.until) == ("known", "Ana", date(2027, 12, 31))
    before = files(workspace)
    put(path, "Waivers", 3, Decision=None)
    assert "1 there already" in crm("decisions", "import", "w.xlsx", "--by", "Ana").out
    assert files(workspace) == before
    put(path, "Waivers", 2, Accepted_until="30/06/2028")
    said = crm("decisions", "import", "w.xlsx", "--by", "Ana")
    assert "accepted already, until 2027-12-31, by Ana" in said.err
    assert files(workspace) == before


@pytest.mark.parametrize(
    "before",
    [
        None,
        "waivers: []\n",
        "# ours\nwaivers:\n    - {audit: C05, who: all, reason: r, approver: a, until: 2027-01-01}\n",
    ],
)
def test_waivers_are_added_however_the_file_is_written(workspace: Path, before: str | None) -> None:
    if before is not None:
        (workspace / WAIVERS).write_text(before)
    new = Waiver("C01", ["hubspot/contacts/1"], "it's so: yes", "Ana", date(2027, 1, 1), "email")
    known = open_workspace(workspace).waivers
    add_waivers(open_workspace(workspace), [new])
    assert open_workspace(workspace).waivers == (*known, new)


def test_waivers_are_not_added_where_they_would_be_read_otherwise(workspace: Path) -> None:
    text = "waivers: [{audit: C01, who: all, reason: r, approver: a, until: 2027-01-01}]\n"
    (workspace / WAIVERS).write_text(text)
    new = Waiver("C01", ["hubspot/contacts/1"], "known", "Ana", date(2027, 1, 1))
    with pytest.raises(CrmsyncError, match="cannot be added"):
        add_waivers(open_workspace(workspace), [new])
    assert (workspace / WAIVERS).read_text() == text


def test_a_mistake_in_the_answers_is_told_by_lint(workspace: Path, crm: Crm) -> None:
    (workspace / "decisions").mkdir()
    (workspace / ANSWERS).write_text("answers:\n  - kind: rolls\n    about: [a]\n")
    said = crm("lint")
    assert said.code == ExitCode.CONFIG_INVALID
    assert f"{ANSWERS}:2" in said.out + said.err


@pytest.mark.slow
def test_duplicates_go_the_same_way(workspace: Path, crm: Crm) -> None:
    crm("decisions", "export", "-o", "all.xlsx")
    path = workspace / "all.xlsx"
    put(path, "Duplicates", 2, Decision="yes", Responsible="Ana")
    said = crm("decisions", "import", "all.xlsx")
    assert said.code == ExitCode.OK
    assert b",yes,Ana,20" in files(workspace)["duplicates.csv"]
    assert "1 there already" in crm("decisions", "import", "all.xlsx").out
    crm("decisions", "export", "-o", "next.xlsx")
    both = [
        openpyxl.load_workbook(workspace / name)["Duplicates"].max_row
        for name in ("all.xlsx", "next.xlsx")
    ]
    assert both[1] < both[0], "nobody is asked again"
