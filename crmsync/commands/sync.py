"""`crmsync sync`: pull, audit, plan and apply in one go, stopping where a person is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmsync.commands.apply import Applied, Permission, apply_plan, check_permission, resume_run
from crmsync.commands.audit import audit, broken
from crmsync.commands.columns import kept_columns
from crmsync.commands.opt_outs import opt_outs_alone
from crmsync.commands.plan import Blocked, demand_rest, is_quiet, make_plan
from crmsync.commands.planfile import Plan
from crmsync.commands.pull import Pulled, Tell, pull
from crmsync.commands.workspace import Workspace
from crmsync.core.auditing import AuditResult, blocked_keys
from crmsync.core.planning import ConflictLine
from crmsync.errors import ConfigInvalid, ConflictsOpen, LimitExceeded
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

    LimitExceeded and ConflictsOpen stop it before anything but opt-outs is written; `leave_conflicts` writes the rest
    and leaves the conflicts open.
    """
    permission = permission or Permission()
    _finish_earlier(workspace)
    pulled = pull(workspace, tell=tell)
    with kept_columns(workspace):
        facts = trusted(audit(workspace, figures=False))
        plan = make_plan(workspace, blocked=blocking(facts.results))
    conflicts = 0 if leave_conflicts else sum(isinstance(line, ConflictLine) for line in plan.lines)
    try:
        check_permission(workspace, plan, permission)
        if conflicts:
            raise _open(conflicts)
    except (ConflictsOpen, LimitExceeded) as error:
        if written := _opt_outs(workspace, plan, permission):
            only = f"only opt-outs were written ({written})"
            error.message = error.message.replace("nothing was written", only)
        raise
    if is_quiet(plan):
        return Synced(pulled, facts, plan, None)
    path = workspace.plans / f"{plan.header.id[:12]}.jsonl"
    return Synced(pulled, facts, plan, apply_plan(workspace, path, permission))


def _open(conflicts: int) -> ConflictsOpen:
    return ConflictsOpen(
        f"{conflicts} fields differ on both sides and need a person; nothing was written",
        remedy="See them: crmsync plan. Write the rest: crmsync sync --leave-conflicts",
    )


def _opt_outs(workspace: Workspace, plan: Plan, permission: Permission) -> int:
    """Carries out the opt-outs of a plan that has to wait; how many were written."""
    alone = opt_outs_alone(workspace, plan)
    if alone is None:
        return 0
    return apply_plan(workspace, alone[1], permission).states.get("VERIFIED", 0)


def _finish_earlier(workspace: Workspace) -> None:
    with workspace.store() as store:
        unfinished = [run.id for run in store.unfinished_runs()]
    for run in unfinished:
        resume_run(workspace, run)
    with workspace.store() as store:
        demand_rest(store)


def trusted(facts: ReportFacts) -> ReportFacts:
    """The audits, if every one that had to be asked was: a broken one may hide a record that must not be written.

    ConfigInvalid for files that are wrong, LimitExceeded where a blocking audit objects to more than is kept.
    """
    if problems := broken(facts.results):
        raise ConfigInvalid(problems)
    for result in facts.results:
        if result.audit.blocking and result.beyond:
            raise LimitExceeded(
                f"audit {result.audit.id} objects to {result.count} records, more than are kept; nothing was written",
                remedy="Mend what it finds first, or raise audits.most in crmsync.yml.",
            )
    return facts


def blocking(results: Sequence[AuditResult]) -> Blocked:
    """Customers that blocking audits object to: for each audit the fields whose change would settle it."""
    resolves = {result.audit.id: tuple(result.audit.resolves) for result in results}
    return {
        key: tuple(resolves[name] for name in sorted(names))
        for key, names in blocked_keys(results).items()
    }
