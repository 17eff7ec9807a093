"""Whose report it is: the client's name and logo, as `report:` in crmsync.yml says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crmsync.commands.workspace import Workspace
from crmsync.config.logo import read_logo
from crmsync.config.project_form import Project
from crmsync.errors import ConfigInvalid, Problem
from crmsync.reports.facts import ReportFacts


def logo_of(root: Path, project: Project) -> str:
    """The logo as a data: address, "" where none is set; ConfigInvalid for one that a report may not carry."""
    found = _read(root, project)
    if isinstance(found, Problem):
        raise ConfigInvalid([found])
    return found


def logo_problems(root: Path, project: Project) -> list[Problem]:
    """What is wrong with the logo, for `crmsync lint`."""
    found = _read(root, project)
    return [found] if isinstance(found, Problem) else []


def _read(root: Path, project: Project) -> str | Problem:
    return read_logo(root, project.report.logo) if project.report.logo else ""


def branded(workspace: Workspace, facts: ReportFacts, logo: str) -> ReportFacts:
    """The facts with the client's name as the title, and with the logo."""
    return replace(facts, title=workspace.project.report.client or facts.title, logo=logo)
