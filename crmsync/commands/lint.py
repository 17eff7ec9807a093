"""`crmsync lint`: everything that is wrong with the files of a workspace, without the network."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from crmsync.commands.asking import unaskable_audits
from crmsync.commands.branding import logo_problems
from crmsync.commands.examples import read_stories, unproved
from crmsync.commands.files import Files, read_files
from crmsync.commands.undecided import undecided
from crmsync.commands.undeclared import undeclared
from crmsync.commands.workspace import real_now
from crmsync.commands.wrong_settings import wrong_settings
from crmsync.config.audits import FOLDER as AUDITS
from crmsync.config.decisions_file import FILE as DECISIONS
from crmsync.config.decisions_file import remarks_on_decisions
from crmsync.config.defects import or_defect
from crmsync.config.lines import Document
from crmsync.config.mapping_files import FOLDER
from crmsync.config.project import FILE, read_environment, understand_project
from crmsync.config.project_checks import REFERENCE, guess
from crmsync.config.project_form import Project
from crmsync.config.value_checks import check_values
from crmsync.config.writer_checks import Checked, check_writers
from crmsync.connectors.registry import kinds
from crmsync.errors import Problem


def lint(folder: Path) -> list[Problem]:
    """All problems of all files at once, in order of place; none means the workspace can be used."""
    return linted(folder).problems


def linted(folder: Path) -> Checked:
    """All problems of all files, and what is worth knowing though nothing has to be mended."""
    root = folder.resolve()
    files = read_files(root, real_now().date())
    together = _checked_together(files)
    problems = [*files.problems, *together.problems, *_loose_secrets(root, files.project.value)]
    # Notes wait until the mapping is right: what is only half known says little about them.
    is_right = not files.project.problems and not files.mappings.problems
    remarks = together.remarks if is_right else []
    return Checked(sorted(problems, key=_place), sorted(remarks, key=_place))


def language_of(folder: Path) -> str | None:
    """The language that crmsync.yml asks for, as far as that file can be understood."""
    project = understand_project(folder.resolve()).value
    return project.language if project else None


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line, problem.column, problem.code


def _checked_together(files: Files) -> Checked:
    """What the mapping and crmsync.yml say of each other, as far as both can be understood."""
    project, document = files.project.value, files.project.document
    if project is None:
        return Checked()
    found = [
        or_defect(FILE, partial(_unknown_kinds, project, document), _alone),
        or_defect(FOLDER, partial(check_writers, project, files.mappings, document), _alone),
        or_defect(FOLDER, partial(check_values, project, files.mappings), _alone),
        or_defect(FILE, partial(wrong_settings, files.root, project), _alone),
        or_defect(FILE, partial(undeclared, files.root, project, document), _alone),
        or_defect(FILE, partial(undecided, files.root, project, files.mappings.mapping), _alone),
        or_defect(FILE, lambda: Checked(logo_problems(files.root, project)), _alone),
        or_defect(AUDITS, partial(_stories, files, project), _alone),
        or_defect(AUDITS, partial(_queries, files, project), _alone),
        or_defect(DECISIONS, partial(_decisions, files), _alone),
    ]
    return Checked(
        [problem for each in found for problem in each.problems],
        [remark for each in found for remark in each.remarks],
    )


def _stories(files: Files, project: Project) -> Checked:
    """What is wrong with the form of stories beside audits, and which own audits have none."""
    if files.unread:
        return Checked()  # a story may be about one of those
    stories, problems = read_stories(files.root, files.audits, list(project.systems))
    remedy = "write rows that fail and rows that pass, then: crmsync audit --examples"
    remarks = [
        Problem(each.file, 1, 1, "CRM126", f"audit {each.id} has no examples", remedy)
        for each in unproved(files.audits, stories)
    ]
    return Checked(problems, [] if problems else remarks)


def _queries(files: Files, project: Project) -> Checked:
    return Checked(unaskable_audits(files, project))


def _decisions(files: Files) -> Checked:
    """What people decided in two ways, and what no match rule asks for."""
    decided = files.decided
    remarks = remarks_on_decisions(decided.decisions, decided.lines, files.mappings.mapping)
    return Checked([*decided.doubts], remarks)


def _alone(problem: Problem) -> Checked:
    return Checked([problem])


def _unknown_kinds(project: Project, document: Document) -> Checked:
    """Kinds of systems that no installed package opens."""
    known = kinds()
    problems = [
        Problem(
            FILE,
            *document.place(("systems", system, "kind")),
            "CRM101",
            f"systems.{system}: kind '{kind}' is not known",
            guess(kind, known, f"use one of {', '.join(known)}"),
        )
        for system, settings in project.systems.items()
        if (kind := settings.get("kind", known[0])) not in known
    ]
    return Checked(problems)


def _loose_secrets(root: Path, project: Project | None) -> list[Problem]:
    """A .env, and private keys inside the workspace, that others on the machine can read."""
    names = dict.fromkeys([".env", *_key_files(root, project)])
    return [
        Problem(name, 0, 0, "CRM024", "others can read the secrets", f"chmod 600 {name}")
        for name in names
        if (root / name).is_file() and (root / name).stat().st_mode & 0o077
    ]


def _key_files(root: Path, project: Project | None) -> list[str]:
    """The files of private keys that systems name, as they are told from the workspace."""
    environment = read_environment(root)
    given = [each.get("private_key_file") for each in project.systems.values()] if project else []
    files = [
        root / Path(REFERENCE.sub(lambda name: environment.get(name[1], ""), text)).expanduser()
        for text in given
        if isinstance(text, str)
    ]
    return [str(file.relative_to(root)) for file in files if file.is_relative_to(root)]


def as_row(problem: Problem, level: str = "error") -> dict[str, Any]:
    """A problem (or a remark, `notice`) as a row of JSON."""
    told = {key: each for key, each in asdict(problem).items() if key != "path"}
    return {**told, "level": level}


def github(problem: Problem, level: str = "error") -> str:
    """A problem (or a remark, `notice`) as a GitHub workflow annotation."""
    message = f"{problem.code} {problem.message} ({problem.remedy})"
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} file={problem.file or FILE},line={max(problem.line, 1)},col={max(problem.column, 1)}::{escaped}"
