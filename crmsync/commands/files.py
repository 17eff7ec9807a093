"""The files of a workspace, read as far as they can be understood, with every problem of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crmsync.config.audits import read_audits
from crmsync.config.decode import Decoded
from crmsync.config.mappings import Defaults, Mappings, understand_mappings
from crmsync.config.project import understand_project
from crmsync.config.project_form import Project
from crmsync.core.auditing import Audit
from crmsync.errors import Problem

_USUAL = ("salesforce", "hubspot")


@dataclass(frozen=True, slots=True)
class Files:
    """crmsync.yml, the mapping and the audits; `problems` are those of each file and between mappings."""

    root: Path
    project: Decoded[Project]
    mappings: Mappings
    audits: tuple[Audit, ...]
    problems: list[Problem]


def read_files(root: Path) -> Files:
    """All files of a workspace. What cannot be understood of one hides nothing of another."""
    project = understand_project(root)
    systems = list(project.value.systems) if project.value else []
    mappings = understand_mappings(root, systems or _USUAL, _defaults(project))
    audits = read_audits(root)
    problems = [each for each in audits if isinstance(each, Problem)]
    return Files(
        root,
        project,
        mappings,
        tuple(each for each in audits if isinstance(each, Audit)),
        [*project.problems, *mappings.problems, *problems],
    )


def defaults_of(project: Project) -> Defaults:
    """What fields take from the workspace where they say nothing themselves."""
    return Defaults(project.region, project.currency, project.timezone, project.objects())


def _defaults(found: Decoded[Project]) -> Defaults:
    """What fields take from crmsync.yml; nobody is told to add a currency that could not be read there."""
    if found.value is None:
        return Defaults(currency="EUR")
    defaults = defaults_of(found.value)
    if ("currency",) not in found.lost:
        return defaults
    return Defaults(defaults.region, "EUR", defaults.timezone, defaults.objects)
