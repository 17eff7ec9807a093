"""The files of a workspace, read as far as they can be understood, with every problem of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from crmsync.commands.audit_files import read_all_audits
from crmsync.commands.lifecycle_default import with_lifecycle
from crmsync.config.answers_file import read_answers
from crmsync.config.audit_settings import (
    check_exclusions,
    check_segments,
    check_settings,
    settled,
)
from crmsync.config.decisions_file import DecisionsFile, read_decisions
from crmsync.config.decode import Decoded
from crmsync.config.mappings import Defaults, Mappings, understand_mappings
from crmsync.config.project import understand_project
from crmsync.config.project_form import Audits, Project
from crmsync.config.stock_files import check_paths
from crmsync.config.waivers import read_waivers
from crmsync.core.accepting import Waiver
from crmsync.core.auditing import Audit
from crmsync.errors import Problem

_USUAL = ("salesforce", "hubspot")


@dataclass(frozen=True, slots=True)
class Files:
    """crmsync.yml, the mapping and the audits; `problems` are those of each file and between mappings.

    `unread` are those of files of audits, which `problems` have, too: the other audits can be asked all the same.
    `faulty` are audits in SQL of such files: their queries can be looked at, and not asked. `decided` is what people
    decided of pairs of records.
    """

    root: Path
    project: Decoded[Project]
    mappings: Mappings
    audits: tuple[Audit, ...]
    problems: list[Problem]
    waivers: tuple[Waiver, ...] = ()
    unread: list[Problem] = field(default_factory=list)
    faulty: tuple[Audit, ...] = ()
    decided: DecisionsFile = field(default_factory=DecisionsFile)


def read_files(root: Path, today: date = date.max) -> Files:
    """All files of a workspace. What cannot be understood of one hides nothing of another.

    What is dated after `today` is wrong.
    """
    project = understand_project(root)
    systems = list(project.value.systems) if project.value else []
    mappings = understand_mappings(root, systems or _USUAL, _defaults(project))
    mappings = with_lifecycle(mappings, root, _kinds(project.value))
    whole = None if mappings.problems else mappings.mapping
    read = read_all_audits(root, whole, systems)
    known, unread = read.audits, read.problems
    problems = list(unread)
    # Of audits that cannot all be read nobody knows which ids there are.
    is_half_known = bool(problems) or (whole is None and bool(check_paths(root)))
    ids = None if is_half_known else {audit.id for audit in known}
    waivers = read_waivers(root, ids)
    problems += [] if ids is None else check_settings(known, project)
    if ids is not None and not mappings.problems:
        problems += check_exclusions(known, project, mappings.mapping)
        problems += check_segments(project, mappings.mapping)
    own = project.value.audits if project.value else Audits()
    decided = read_decisions(root, whole, today)
    return Files(
        root,
        project,
        _with_decisions(mappings, decided),
        tuple(settled(known, own.settings, own.prices.marketing_contact)),
        [
            *(*project.problems, *mappings.problems, *problems, *waivers.problems),
            *(*decided.problems, *read_answers(root).problems),
        ],
        tuple(waivers.value.waivers) if waivers.value else (),
        unread,
        tuple(read.faulty),
        decided,
    )


def _with_decisions(mappings: Mappings, decided: DecisionsFile) -> Mappings:
    return replace(mappings, mapping=replace(mappings.mapping, decisions=decided.decisions))


def _kinds(project: Project | None) -> dict[str, str]:
    systems = project.systems if project else {name: {"kind": name} for name in _USUAL}
    return {name: str(each.get("kind", name)) for name, each in systems.items()}


def defaults_of(project: Project) -> Defaults:
    """What fields take from the workspace where they say nothing themselves."""
    exports = frozenset(name for name, kind in _kinds(project).items() if kind == "files")
    places = project.region, project.currency, project.timezone
    return Defaults(*places, project.objects(), exports)


def _defaults(found: Decoded[Project]) -> Defaults:
    """What fields take from crmsync.yml; nobody is told to add a currency that could not be read there."""
    if found.value is None:
        return Defaults(currency="EUR")
    defaults = defaults_of(found.value)
    if ("currency",) not in found.lost:
        return defaults
    return replace(defaults, currency="EUR")
