"""`crmsync sync`: pull, audit, plan and apply in one go, stopping where a person is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmsync.commands.apply import Applied, Permission, apply_plan, check_permission, resume_run
from crmsync.commands.audit import audit
from crmsync.commands.columns import kept_columns
from crmsync.commands.plan import Blocked, demand_rest, is_quiet, make_plan
from crmsync.commands.planfile import Plan
from crmsync.commands.pull import Pulled, Tell, pull
from crmsync.commands.workspace import Workspace
from crmsync.core.auditing import AuditResult, blocked_keys
from crmsync.core.planning import ConflictLine
from crmsync.errors import ConflictsOpen
from crmsync.reports.facts import ReportFacts


@dataclass(frozen=True, slots=True)
class Synced:
    """One nightly run: what was read, found, planned and written (None: there was nothing to write)."""

    pulled: Pulled
    facts: ReportFacts
    plan: Plan
    applied: Applied | None


def sync(
    workspace: Workspace,
    permission: Permission | None = None,
    *,
    leave_conflicts: bool = False,
    tell: Tell = lambda _: None,
) -> Synced:
    """The nightly run. A run that stopped half way is finished first.

    LimitExceeded and ConflictsOpen stop it before anything is written; `leave_conflicts` writes the rest
    and leaves the conflicts open.
    """
    permission = permission or Permission()
    _finish_earlier(workspace)
    pulled = pull(workspace, tell=tell)
    with kept_columns(workspace):
        facts = audit(workspace)
        plan = make_plan(workspace, blocked=blocking(facts.results))
    check_permission(workspace, plan, permission)
    conflicts = sum(isinstance(line, ConflictLine) for line in plan.lines)
    if conflicts and not leave_conflicts:
        raise ConflictsOpen(
            f"{conflicts} fields differ on both sides and need a person; nothing was written",
            remedy="See them: crmsync plan. Write the rest: crmsync sync --leave-conflicts",
        )
    if is_quiet(plan):
        return Synced(pulled, facts, plan, None)
    path = workspace.state / "plans" / f"{plan.header.id[:12]}.jsonl"
    return Synced(pulled, facts, plan, apply_plan(workspace, path, permission))


def _finish_earlier(workspace: Workspace) -> None:
    with workspace.store() as store:
        unfinished = [run.id for run in store.unfinished_runs()]
    for run in unfinished:
        resume_run(workspace, run)
    with workspace.store() as store:
        demand_rest(store)


def blocking(results: Sequence[AuditResult]) -> Blocked:
    """Customers that blocking audits object to: for each audit the fields whose change would settle it."""
    resolves = {result.audit.id: tuple(result.audit.resolves) for result in results}
    return {
        key: tuple(resolves[name] for name in sorted(names))
        for key, names in blocked_keys(results).items()
    }
