"""`report:` in crmsync.yml: whose name and logo the report bears, and which logo it does not bear."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.conftest import Crm
from cli.places import mend
from crmsync.commands.branding import branded, logo_of
from crmsync.commands.workspace import open_workspace
from crmsync.errors import ConfigInvalid, ExitCode
from crmsync.reports.facts import ReportFacts

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FACTS = ReportFacts("Aurora", "run", NOON, NOON, (), (), "", "")
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>\n'


def told(workspace: Path, inside: str) -> Path:
    """The workspace with a client and a logo."""
    mend(
        workspace,
        "crmsync.yml",
        "name: tried\n",
        "name: tried\nreport: {client: Ñandú & Hijos, logo: art/logo.svg}\n",
    )
    (workspace / "art").mkdir()
    (workspace / "art" / "logo.svg").write_text(SVG.format(inside=inside), encoding="utf-8")
    return workspace


def test_name_and_logo_are_those_of_the_client(workspace: Path) -> None:
    opened = open_workspace(told(workspace, "<rect/>"))
    facts = branded(opened, FACTS, logo_of(opened.root, opened.project))
    assert facts.title == "Ñandú & Hijos"
    assert facts.logo.startswith("data:image/svg+xml;base64,")


def test_without_them_the_title_stays(workspace: Path) -> None:
    opened = open_workspace(workspace)
    assert logo_of(opened.root, opened.project) == ""
    assert branded(opened, FACTS, "").title == "Aurora"


def test_a_logo_with_a_script_is_named_by_lint_and_stops_a_report_before_it_begins(
    workspace: Path, crm: Crm
) -> None:
    told(workspace, "\n  <script>alert(1)</script>")
    said = crm("lint")
    assert said.code == ExitCode.CONFIG_INVALID
    assert "art/logo.svg:2:3 CRM138 this logo has an element <script>" in said.out
    report = crm("report", "--lang", "es")
    assert report.code == ExitCode.CONFIG_INVALID
    assert "este logo tiene un elemento <script>" in report.err
    assert "o use un PNG" in report.err
    assert not (workspace / "report.html").exists()
    page = crm("audit", "--no-pull", "--format", "html")
    assert page.code == ExitCode.CONFIG_INVALID


def test_nothing_but_a_report_minds_the_logo(workspace: Path, crm: Crm) -> None:
    told(workspace, "<script/>")
    assert crm("audit", "--no-pull", "--select", "C05").code == ExitCode.OK
    opened = open_workspace(workspace)
    with pytest.raises(ConfigInvalid):
        logo_of(opened.root, opened.project)
    named = replace(opened.project.report, logo="")
    assert logo_of(opened.root, replace(opened.project, report=named)) == ""
