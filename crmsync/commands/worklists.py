"""`crmsync worklist`: what each person has to do, from the audits over the last snapshots. Writes to no CRM."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

from crmsync.commands.audit import audit
from crmsync.commands.outputs import demand_folder, form_by_ending
from crmsync.commands.view_table import output_file
from crmsync.commands.workspace import Workspace
from crmsync.core.likeness import folded
from crmsync.errors import CrmsyncError
from crmsync.reports.as_xlsx import MOST_PEOPLE, person_called
from crmsync.reports.facts import ReportFacts
from crmsync.reports.worklists import Worklist, worklists
from crmsync.reports.worklists_book import worklists_xlsx
from crmsync.reports.worklists_markdown import worklists_markdown

By: TypeAlias = Literal["owner", "steward"]
_MOST_FILES = 2000


def find_worklists(
    workspace: Workspace, *, by: By = "steward", profile: str = "essential", most: int = MOST_PEOPLE
) -> tuple[ReportFacts, list[Worklist]]:
    """What the audits found, and a list for everybody who answers for some of it.

    By steward it goes to whom crmsync.yml names for an audit, else to the owner of the record; by owner only to owners.
    """
    if by == "owner":
        audits = replace(workspace.project.audits, stewards={})
        workspace = replace(workspace, project=replace(workspace.project, audits=audits))
    facts = audit(workspace, profile=profile, figures=False)
    return facts, worklists(facts, most)


def of_person(lists: Sequence[Worklist], name: str) -> list[Worklist]:
    """The lists of whoever is called so, wholly or in part; CrmsyncError if there is nobody."""
    found = [each for each in lists if folded(name) in folded(each.person)]
    if not found:
        known = ", ".join(each.person for each in lists[:10])
        raise CrmsyncError(
            f"nobody called '{name}' has anything to do", remedy=f"use one of {known}"
        )
    return found


def write_worklists(
    workspace: Workspace,
    path: Path,
    language: str,
    *,
    by: By = "steward",
    person: str | None = None,
    profile: str = "essential",
    unmask: bool = False,
) -> list[Worklist]:
    """Writes the lists: one workbook or one Markdown file by its ending, else a folder with both for each person."""
    form = form_by_ending(None, path, ("xlsx", "md"), "folder")
    demand_folder(path)
    most = _MOST_FILES if form == "folder" else MOST_PEOPLE
    facts, lists = find_worklists(workspace, by=by, profile=profile, most=most)
    lists = of_person(lists, person) if person else lists
    if form == "folder":
        path.mkdir(mode=0o700, exist_ok=True)
        for name, each in _named(lists, language):
            _write(path / f"{name}.xlsx", facts, [each], language, unmask=unmask)
            _write(path / f"{name}.md", facts, [each], language, unmask=unmask)
    else:
        _write(path, facts, lists, language, unmask=unmask)
    return lists


def _write(
    path: Path, facts: ReportFacts, lists: Sequence[Worklist], language: str, *, unmask: bool
) -> None:
    if path.suffix.lower() == ".xlsx":
        made = worklists_xlsx(facts, lists, language, unmask=unmask)
    else:
        made = worklists_markdown(facts, lists, language, unmask=unmask).encode("utf-8", "replace")
    with output_file(path, "report") as file:
        file.write(made)


def _named(lists: Sequence[Worklist], language: str) -> Iterator[tuple[str, Worklist]]:
    """Every list with a file name that no other has: letters, figures and hyphens."""
    taken: set[str] = set()
    for each in lists:
        plain = re.sub(r"[^a-z0-9]+", "-", folded(person_called(each.person, language))).strip("-")
        base = plain[:60] or "list"
        name, n = base, 1
        while name in taken:
            n += 1
            name = f"{base}-{n}"
        taken.add(name)
        yield name, each
