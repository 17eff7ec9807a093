"""`crmsync decisions export`: what is open goes into a file that people fill in. Writes to no CRM."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from crmsync.commands.decisions_yaml import decisions_yaml
from crmsync.commands.open_decisions import MOST_ROWS, list_decisions
from crmsync.commands.outputs import demand_folder, form_by_ending
from crmsync.commands.view_table import output_file
from crmsync.commands.workspace import Workspace
from crmsync.core.open_decisions import DECISION_KINDS, DecisionKind
from crmsync.reports.decision_lists import DecisionList
from crmsync.reports.decisions_book import decisions_xlsx

_MOST_ITEMS = 300
"""Questions a kind in YAML: a file that people review, and below what a file of the workspace may hold."""


def export_decisions(
    workspace: Workspace,
    path: Path,
    language: str,
    *,
    kinds: Collection[DecisionKind] = (),
    unmask: bool = False,
) -> DecisionList:
    """Writes a list of what is open, of some kinds or of all; CrmsyncError for an ending that is neither."""
    demand_folder(path)
    form = form_by_ending(None, path, ("xlsx", "yml", "yaml"), "xlsx")
    most = MOST_ROWS if form == "xlsx" else _MOST_ITEMS
    wanted = kinds or DECISION_KINDS
    found = list_decisions(workspace, language, kinds=wanted, unmask=unmask, most=most)
    if form == "xlsx":
        made = decisions_xlsx(found, language)
    else:
        made = decisions_yaml(found, language).encode("utf-8", "replace")
    with output_file(path, "decisions") as file:
        file.write(made)
    return found
