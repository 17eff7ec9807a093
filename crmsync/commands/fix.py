"""`crmsync fix roles`: who may belong to deals that name nobody. A proposal; writes to no CRM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Literal

from crmsync.commands.columns import open_columns, scratch
from crmsync.commands.keeping_answers import kept_answers
from crmsync.commands.links import deep_links, read_identities
from crmsync.commands.outputs import form_by_ending
from crmsync.commands.view_table import output_file
from crmsync.commands.workspace import Workspace
from crmsync.core.open_decisions import NO, YES, role_question
from crmsync.core.roles import Grade, RoleProposal, at_least
from crmsync.errors import CrmsyncError
from crmsync.reports.roles_rows import LISTS, list_csv, roles_csv, roles_json, roles_xlsx
from crmsync.reports.roles_text import roles_markdown, roles_text
from crmsync.reports.roles_words import RoleReport
from crmsync.warehouse.audit_db import as_of, build_face
from crmsync.warehouse.role_proposals import read_role_figures, read_role_proposals

ENDINGS = ("txt", "json", "csv", "xlsx", "md")


def propose_roles(
    workspace: Workspace,
    *,
    accept: Grade | Literal["decided"] | None = None,
    system: str | None = None,
    won: bool = False,
    role: str = "",
    rejected_too: bool = False,
) -> RoleReport:
    """Proposals over the newest snapshots: of a grade and better ones, of one system, of won deals, if asked.

    What people said no to is not proposed again, unless it is asked for; `accept` decided takes what they said yes to.
    """
    if system is not None and system not in workspace.systems:
        remedy = f"use one of {', '.join(workspace.systems)}"
        raise CrmsyncError(f"no system '{system}'", remedy=remedy)
    said = _said(workspace)
    with (
        workspace.store() as store,
        open_columns(workspace, store, compared=False) as columns,
        scratch(workspace.state / "tmp") as folder,
    ):
        file = folder / "face.duckdb"
        build_face(columns, file, handoffs=False, roles=True)
        figures, found, read_at = read_role_figures(file), read_role_proposals(file), as_of(columns)
    chosen = [each for each in found if system in (None, each.deal.system)]
    chosen = [each for each in chosen if not won or each.state == "won"]
    chosen = chosen if rejected_too else [each for each in chosen if said(each) != NO]
    if accept == "decided":
        taken = [each for each in chosen if said(each) == YES]
    else:
        taken = at_least(chosen, accept) if accept else chosen
    links = deep_links(workspace, read_identities(workspace))
    return RoleReport(figures, tuple(taken), read_at, links, accept or "", role)


def _said(workspace: Workspace) -> Callable[[RoleProposal], str]:
    """What people answered to a proposal, blank if nobody did or its evidence is another one now."""
    known = {
        (tuple(each.about), each.seen): each.answer
        for each in kept_answers(workspace)
        if each.kind == "roles"
    }

    def said(proposal: RoleProposal) -> str:
        asked = role_question(proposal)
        return known.get((asked.address, asked.seen), "")

    return said


def form_of(form: str | None, path: Path | None) -> str:
    """The format that was asked for, else that of the file's ending, else text.

    CrmsyncError for another ending, and for a workbook without a file: nobody can read one on a terminal.
    """
    found = form_by_ending(form, path, ENDINGS, "text")
    if found == "xlsx" and path is None:
        raise CrmsyncError("Excel needs a file", remedy="Name one with -o duplicates.xlsx.")
    return "text" if found == "txt" else found


def roles_as(
    form: str, report: RoleReport, language: str, *, unmask: bool = False, colours: bool = False
) -> str | bytes:
    """The proposals in one of the formats of `crmsync fix roles`."""
    made: Mapping[str, Callable[[], str | bytes]] = {
        "text": lambda: roles_text(report, language, unmask=unmask, colours=colours),
        "json": lambda: roles_json(report, language, unmask=unmask),
        "csv": lambda: roles_csv(report, language, unmask=unmask),
        "xlsx": lambda: roles_xlsx(report, language, unmask=unmask),
        "md": lambda: roles_markdown(report, language, unmask=unmask),
        **{name: partial(list_csv, report, name) for name in LISTS},
    }
    return made[form]()


def write_roles(path: Path, made: str | bytes) -> None:
    """Writes the proposals to a file of mode 0600."""
    with output_file(path, "report") as file:
        file.write(made if isinstance(made, bytes) else made.encode("utf-8", "replace"))


def left_out(report: RoleReport, name: str) -> list[RoleProposal]:
    """Proposals that are not in one of LISTS, since somebody has to do something else first."""
    of_list = [each for each in report.proposals if each.deal.object == LISTS[name].object]
    return [each for each in of_list if each.step != "add"]
