"""`crmsync runs`: what was done, and what became of every operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.commands.doubles import Doubles, doubles_of
from crmsync.commands.workspace import Workspace
from crmsync.errors import CrmsyncError
from crmsync.language import _

if TYPE_CHECKING:
    from crmsync.store.rows import Op, RunRow


def list_runs(workspace: Workspace, limit: int = 50) -> list[RunRow]:
    """The latest runs, newest first."""
    with workspace.store() as store:
        return store.runs(limit)


def ops_of(workspace: Workspace, run: str) -> tuple[list[Op], Doubles]:
    """Every operation of one run in the order of its plan, and what of it other records have already.

    CrmsyncError if there is no such run.
    """
    with workspace.store() as store:
        if store.run(run) is None:
            raise CrmsyncError(
                _("no run {run}").format(run=run), remedy=_("List them: crmsync runs")
            )
        return store.ops(run), doubles_of(workspace, store, run)
