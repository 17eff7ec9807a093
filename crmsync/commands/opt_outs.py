"""The opt-outs of a plan as a plan of their own: they wait for nobody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from crmsync.commands.plan import changes_of, counts_of
from crmsync.commands.planfile import Plan, finished, write_plan
from crmsync.commands.workspace import Workspace
from crmsync.core.guarding import Tally, breaches, count
from crmsync.core.mapping import DECIDED
from crmsync.core.planning import CONSENT_LANE, AliasLine, Line, LinkLine


def opt_outs_alone(workspace: Workspace, plan: Plan) -> tuple[Plan, Path] | None:
    """A plan of nothing but the opt-outs of another, with the links they need, and its file; None if there are none.

    An opt-out waits for nobody: neither for a person who has to decide about other fields, nor for a limit. Only
    those over links that people decided wait, if these links alone are more than their limit allows.
    """
    changes = [each for each in changes_of(plan) if each.lane == CONSENT_LANE]
    waiting = _linked_beyond(workspace, plan, {each.key for each in changes})
    changes = [each for each in changes if each.key not in waiting]
    if not changes:
        return None
    keys = {each.key for each in changes}
    lines: list[Line] = [
        line
        for line in plan.lines
        if line in changes or (isinstance(line, LinkLine | AliasLine) and line.key in keys)
    ]
    header = replace(plan.header, counts=counts_of(lines), breaches=[], adopts={})
    alone = finished(header, lines)
    path = workspace.plans / f"{alone.header.id[:12]}.jsonl"
    write_plan(alone, path)
    return alone, path


def _linked_beyond(workspace: Workspace, plan: Plan, keys: Collection[str]) -> set[str]:
    """Of some customers those whom people linked, if they are more than the limit of decided links allows."""
    links = [line for line in plan.lines if isinstance(line, LinkLine) and line.key in keys]
    tally = Tally()
    for line in links:
        count(tally, line, workspace.mapping)
    over = breaches(tally, plan.header.records, workspace.project.all_limits())
    return {line.key for line in links if line.how == DECIDED} if over else set()
