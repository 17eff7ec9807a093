"""docs/writing-audits.md: its files are linted, put to the proof and asked in a workspace, and its package runs."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest
from audits.cases import Story, faced
from cli.places import crm_in
from warehouse.shelf import TAKEN

from crmsync.commands.init import init
from crmsync.commands.workspace import open_workspace
from crmsync.config.installed_audits import read_installed
from crmsync.errors import ExitCode
from crmsync.warehouse.audit_run import run_audits
from docs.blocks import blocks

PAGE = "writing-audits.md"
FILES = [each for each in blocks(PAGE) if each.about.startswith("audits/")]
ROWS = {
    "hubspot": {
        "contacts": [
            {"_id": "1", "firstname": "anA"},
            {"_id": "2", "firstname": "Ana"},
            {"_id": "3", "firstname": "aB"},
        ],
        "deals": [
            {"_id": "1", "dealname": "Uno", "closedate": "2026-01-01", "amount": "5", "hs_is_closed": "false"},
            {"_id": "2", "dealname": "Dos", "closedate": "2026-12-01", "hs_is_closed": "false"},
            {"_id": "3", "dealname": "Tres", "closedate": "2026-01-01", "hs_is_closed": "true"},
        ],
    },
    "salesforce": {"Account": [{"_id": "001A", "Name": "Acme"}]},
}  # fmt: skip
STORY = Story("", "pass", "", ("hubspot", "salesforce"), ROWS)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    init(folder)
    for block in FILES:
        (folder / block.about).write_text(block.text, encoding="utf-8")
    return folder


def test_the_files_of_the_page_are_right_and_their_examples_hold(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crm = crm_in(capsys)
    linted = crm("lint", "--workspace", workspace)
    assert (linted.code, linted.out) == (ExitCode.OK, "No problems.\n")
    said = crm("audit", "--examples", "--workspace", workspace)
    assert (said.code, said.err) == (ExitCode.OK, "")
    assert said.out == "3 stories told, and every audit does as they say.\n"


def test_its_stock_checks_find_what_it_says(workspace: Path, tmp_path: Path) -> None:
    audits = [each for each in open_workspace(workspace).audits if each.name == "own"]
    assert [each.id for each in audits] == ["OWN1", "OWN2", "OWN3"]
    assert audits[0].summary["en"] == "Deals without amount, close date", "as the page says"
    with faced(STORY, tmp_path) as have:
        results = run_audits(tmp_path / "face.duckdb", audits, have, TAKEN)
    assert [str(each.failed) for each in results if each.failed] == []
    assert [[f"{f.id} {f.field} {f.amount}" for f in each.findings] for each in results] == [
        ["2 amount None"],
        ["1 close_date 5.0"],
        ["001A None None"],
    ]


def test_its_function_runs_as_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks(PAGE, "python")
    (toml,) = blocks(PAGE, "toml")
    points = tomllib.loads(toml.text)["project"]["entry-points"]["crmsync.audits"]
    site = tmp_path / "site"
    for folder in (site / "acme_audits", site / "acme_audits-1.0.dist-info"):
        folder.mkdir(parents=True)
    (site / "acme_audits" / "__init__.py").touch()
    (site / "acme_audits" / "names.py").write_text(code.text, encoding="utf-8")
    info = site / "acme_audits-1.0.dist-info"
    (info / "METADATA").write_text("Name: acme-audits\nVersion: 1.0\n")
    lines = [f"{name} = {place}" for name, place in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[crmsync.audits]", *lines]) + "\n")
    monkeypatch.syspath_prepend(str(site))
    for name in [name for name in sys.modules if name.startswith("acme_audits")]:
        monkeypatch.delitem(sys.modules, name)
    audits, problems = read_installed({})
    assert problems == []
    with faced(STORY, tmp_path) as have:
        (result,) = run_audits(tmp_path / "face.duckdb", audits, have, TAKEN)
    assert result.failed is None
    assert [(each.id, each.detail) for each in result.findings] == [("1", "anA")]
