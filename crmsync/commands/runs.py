"""`crmsync runs`: what was done, and what became of every operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.commands.doubles import Doubles, doubles_of
from crmsync.commands.planfile import read_labels
from crmsync.commands.workspace import Workspace
from crmsync.errors import CrmsyncError
from crmsync.language import _

if TYPE_CHECKING:
    from crmsync.store.rows import Op, RunRow


@dataclass(frozen=True, slots=True)
class Told:
    """One run, its operations in the order of its plan, what other records have already, and names by key."""

    run: RunRow
    ops: list[Op]
    doubles: Doubles
    labels: Mapping[str, str]


def list_runs(workspace: Workspace, limit: int = 50) -> list[RunRow]:
    """The latest runs, newest first."""
    with workspace.store() as store:
        return store.runs(limit)


def told_of(workspace: Workspace, run: str) -> Told:
    """All that is known of one run; its customers have names as long as its plan is kept.

    CrmsyncError if there is no such run.
    """
    with workspace.store() as store:
        row = store.run(run)
        if row is None:
            raise CrmsyncError(
                _("no run {run}").format(run=run), remedy=_("List them: crmsync runs")
            )
        labels = read_labels(workspace.plans / f"{row.plan_id}.jsonl") if row.plan_id else {}
        return Told(row, store.ops(run), doubles_of(workspace, store, run), labels)
