"""`crmsync lint`: everything that is wrong with the files of a workspace, without the network."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from crmsync.commands.undeclared import undeclared
from crmsync.commands.workspace import defaults_of
from crmsync.config.audits import read_audits
from crmsync.config.lines import read_file
from crmsync.config.mappings import Defaults, read_mappings
from crmsync.config.project import FILE, read_project
from crmsync.config.project_checks import guess
from crmsync.config.project_form import Project
from crmsync.config.value_checks import check_values
from crmsync.config.writer_checks import Checked, check_writers
from crmsync.connectors.registry import kinds
from crmsync.core.mapping import WorkspaceMapping
from crmsync.errors import Problem


def lint(folder: Path) -> list[Problem]:
    """All problems of all files at once, in order of place; none means the workspace can be used."""
    return linted(folder).problems


def linted(folder: Path) -> Checked:
    """All problems of all files, and what is worth knowing though nothing has to be mended."""
    root = folder.resolve()
    problems: list[Problem] = []
    project = read_project(root)
    systems = ["salesforce", "hubspot"]
    # Without a project nobody can tell what fields take from it; no problem is made of that.
    defaults = Defaults(currency="EUR")
    if isinstance(project, list):
        problems += project
    else:
        problems += _unknown_kinds(project)
        systems = list(project.systems)
        defaults = defaults_of(project)
    mapping = read_mappings(root, systems, defaults)
    for found in (mapping, read_audits(root)):
        if isinstance(found, list):
            problems += [each for each in found if isinstance(each, Problem)]
    checked = _checked_together(root, project, mapping)
    problems += [*checked.problems, *_loose_secrets(root)]
    return Checked(sorted(problems, key=_place), sorted(checked.remarks, key=_place))


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line, problem.column, problem.code


def _checked_together(
    root: Path, project: Project | list[Problem], mapping: WorkspaceMapping | list[Problem]
) -> Checked:
    """What the mapping and crmsync.yml say of each other; told once both can be read."""
    document = read_file(root / FILE, FILE)
    if isinstance(project, list) or isinstance(mapping, list) or isinstance(document, Problem):
        return Checked()
    writers = check_writers(root, project, mapping, document)
    values = check_values(root, project, mapping)
    sources = undeclared(root, project, document)
    found = (writers, values, sources)
    return Checked(
        [problem for each in found for problem in each.problems],
        [remark for each in found for remark in each.remarks],
    )


def _unknown_kinds(project: Project) -> list[Problem]:
    """Kinds of systems that no installed package opens."""
    known = kinds()
    return [
        Problem(
            FILE,
            0,
            0,
            "CRM101",
            f"systems.{system}: kind '{settings['kind']}' is not known",
            guess(settings["kind"], known, f"use one of {', '.join(known)}"),
        )
        for system, settings in project.systems.items()
        if settings["kind"] not in known
    ]


def _loose_secrets(root: Path) -> list[Problem]:
    """A .env that others on the machine can read."""
    path = root / ".env"
    if path.is_file() and path.stat().st_mode & 0o077:
        return [Problem(".env", 0, 0, "CRM024", "others can read the secrets", "chmod 600 .env")]
    return []


def as_row(problem: Problem, level: str = "error") -> dict[str, Any]:
    """A problem (or a remark, `notice`) as a row of JSON."""
    return {**asdict(problem), "level": level}


def github(problem: Problem, level: str = "error") -> str:
    """A problem (or a remark, `notice`) as a GitHub workflow annotation."""
    message = f"{problem.code} {problem.message} ({problem.remedy})"
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} file={problem.file or FILE},line={max(problem.line, 1)},col={max(problem.column, 1)}::{escaped}"
