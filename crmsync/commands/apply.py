"""`crmsync apply`: carries out a reviewed plan. `crmsync resume` goes on with one that stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crmsync.commands.basis import forget_moved
from crmsync.commands.carrying import At, Carrier
from crmsync.commands.doubles import Doubles, doubles_of
from crmsync.commands.ending import Reasons, name_the_way_on, reasons_of
from crmsync.commands.footing import footing, left_to_do
from crmsync.commands.plan import changes_of, demand_rest, is_quiet
from crmsync.commands.planfile import Plan, read_plan, write_plan
from crmsync.commands.sentinels import Mover, demand_sentinels
from crmsync.commands.workspace import Workspace
from crmsync.connectors.base import CallMeter, Connector
from crmsync.core.guarding import Breach, Tally, breaches, count, still_forbidden
from crmsync.core.planning import check_fresh
from crmsync.errors import (
    CrmsyncError,
    ExitCode,
    LimitExceeded,
    PlanStale,
    TryLater,
    WrongSystem,
)
from crmsync.language import _, current

if TYPE_CHECKING:
    from crmsync.store.rows import Status
    from crmsync.store.store import Store

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Applied:
    """How carrying out a plan ended: ops by state and why, calls by system, and the exit code.

    `doubles` are what was not written because another record has it already.
    """

    run: str
    plan_id: str
    states: Mapping[str, int]
    meters: Mapping[str, CallMeter]
    exit_code: ExitCode
    reasons: Reasons = field(default_factory=dict)
    doubles: Doubles = field(default_factory=Doubles)

    @property
    def written(self) -> int:
        """Records that hold what the plan said."""
        return self.states.get("VERIFIED", 0)


@dataclass(frozen=True, slots=True)
class Permission:
    """What a person allowed beyond the defaults: limits by exact number, systems that are not loopback."""

    allow: Mapping[str, int] | None = None
    experimental: bool = False
    approver: str = ""


def nowhere(_point: str) -> None:
    """No process dies here."""


def apply_plan(
    workspace: Workspace, path: Path, permission: Permission | None = None, *, at: At = nowhere
) -> Applied:
    """Carries out a plan. Refuses one that is stale, edited, over a limit, or meant for other systems."""
    plan = read_plan(path)
    permission = permission or Permission()
    check_permission(workspace, plan, permission)
    with workspace.store() as store, store.lease("apply", workspace.now()):
        demand_rest(store)
        check_fresh(
            plan.header,
            now=workspace.now(),
            mapping_digest=workspace.mapping.digest,
            decisions_digest=workspace.mapping.decisions_digest,
            base_serial=store.base_serial(),
        )
        with _connected(workspace, plan) as connectors:
            demand_sentinels(workspace, store, connectors)
            forget_moved(workspace, store, workspace.mapping)
            run = _start(workspace, store, plan, permission, at)
            return _carry_out(workspace, store, connectors, plan, run, at)


def resume_run(workspace: Workspace, run: str, *, at: At = nowhere) -> Applied:
    """Goes on with a run that stopped: looks at what became of every write, then does the rest."""
    with workspace.store() as store, store.lease("resume", workspace.now()):
        known = store.run(run)
        if known is None or known.plan_id is None:
            raise CrmsyncError(f"no run {run} that wrote", remedy="List them: crmsync runs")
        if run not in {each.id for each in store.unfinished_runs()}:
            raise CrmsyncError(
                f"run {run} has nothing left to do", remedy="Make a plan: crmsync plan"
            )
        plan = read_plan(_kept(workspace, known.plan_id))
        _demand_same_mapping(workspace, plan, run)
        check_permission(workspace, plan, _permission_of(known.note))
        with _connected(workspace, plan) as connectors:
            demand_sentinels(workspace, store, connectors)
            store.resume_run(run)
            return _carry_out(workspace, store, connectors, plan, run, at)


def _demand_same_mapping(workspace: Workspace, plan: Plan, run: str) -> None:
    """PlanStale if a run that stopped half way would go on under other rules than it began with."""
    if plan.header.mapping_digest != workspace.mapping.digest:
        raise PlanStale(
            f"the mapping has changed since run {run} began",
            remedy=f"Put mappings/ back as they were, then: crmsync resume {run}",
        )
    if plan.header.decisions_digest != workspace.mapping.decisions_digest:
        raise PlanStale(
            f"what people decided of duplicates has changed since run {run} began",
            remedy=f"Put decisions/ back as it was, then: crmsync resume {run}",
        )


def check_permission(workspace: Workspace, plan: Plan, permission: Permission) -> None:
    """LimitExceeded if the plan does more than it may, or would write to more than a sandbox."""
    limits = workspace.project.all_limits()
    forbidden = still_forbidden(_counted_again(workspace, plan), permission.allow or {}, limits)
    if forbidden:
        raise LimitExceeded(_told(forbidden), remedy=_override(forbidden, limits))
    if not permission.experimental:
        for system in sorted({change.system for change in changes_of(plan)}):
            demand_loopback(workspace, system)


def way_on(workspace: Workspace, plan: Plan, file: Path) -> str:
    """What carries out a plan that was made, with what has to be allowed for it; blank if there is nothing to do."""
    if is_quiet(plan):
        return ""
    command = f"crmsync apply {file}"
    limits = workspace.project.all_limits()
    forbidden = still_forbidden(_counted_again(workspace, plan), {}, limits)
    names = ", ".join(dict.fromkeys(breach.limit for breach in forbidden))
    if any(limits[breach.limit].hard for breach in forbidden):
        said = _(
            "Over a limit that nothing overrides ({limits}): `crmsync apply` refuses this plan."
        )
        return said.format(limits=names)
    if forbidden:
        said = _("Over a limit ({limits}): review the plan; if it is right:").format(limits=names)
        return f"{said} {command} {_allowing(forbidden, limits)}"
    if not changes_of(plan):
        return _("Nothing to write to a CRM. To keep its links and what agrees:") + f" {command}"
    return _("Carry it out with:") + f" {command}"


def _counted_again(workspace: Workspace, plan: Plan) -> list[Breach]:
    """What the lines of the plan break today, and what was noted when it was made."""
    tally = Tally()
    for line in plan.lines:
        count(tally, line, workspace.mapping)
    today = breaches(tally, plan.header.records, workspace.project.all_limits())
    known = {(each.limit, each.where) for each in today}
    noted = [Breach(**breach) for breach in plan.header.breaches]
    return today + [each for each in noted if (each.limit, each.where) not in known]


def _told(forbidden: Sequence[Breach]) -> str:
    from crmsync.reports.plan_text import breach_text

    parts = [f"{breach_text(asdict(b), current())} ({b.limit})" for b in forbidden]
    return "over the limits, nothing was written: " + "; ".join(parts)


def _override(forbidden: Sequence[Breach], limits: Mapping[str, object]) -> str:
    flags = _allowing(forbidden, limits)
    return f"Review the plan; if it is right: crmsync apply FILE {flags}"


def _allowing(forbidden: Sequence[Breach], limits: Mapping[str, object]) -> str:
    """The options of `apply` by which a person allows what a plan goes over, by exact numbers."""
    totals: dict[str, int] = {}
    for breach in forbidden:
        totals[breach.limit] = totals.get(breach.limit, 0) + breach.amount
    return " ".join(f"--allow {name}={amount}" for name, amount in totals.items() if name in limits)


def demand_loopback(workspace: Workspace, system: str) -> None:
    """LimitExceeded if a system is more than a sandbox on this computer."""
    url = workspace.settings(system, writes=True).get("url", "")
    if urlsplit(url).hostname not in LOOPBACK:
        raise LimitExceeded(
            f"{system} is a real system; this version writes to the sandbox only",
            remedy="Rehearse it with `crmsync sandbox`, or add --experimental and keep a backup.",
        )


def _kept(workspace: Workspace, plan_id: str) -> Path:
    return workspace.plans / f"{plan_id}.jsonl"


def _permission_of(note: str) -> Permission:
    """What was allowed when the run began."""
    kept = json.loads(note or "{}")
    return Permission(kept.get("allow", {}), bool(kept.get("experimental")))


def _start(workspace: Workspace, store: Store, plan: Plan, permission: Permission, at: At) -> str:
    """Keeps the plan under its own name, notes the run and every op as planned."""
    write_plan(plan, _kept(workspace, plan.header.id))
    run = workspace.new_run()
    note = json.dumps(
        {"allow": dict(permission.allow or {}), "experimental": permission.experimental}
    )
    now = workspace.now()
    store.start_run(
        run, "apply", now, plan_id=plan.header.id, approver=permission.approver or None, note=note
    )
    at("after the run was noted")
    store.journal_plan(run, changes_of(plan), now)
    at("after the run began")
    return run


def _carry_out(
    workspace: Workspace,
    store: Store,
    connectors: Mapping[str, Connector],
    plan: Plan,
    run: str,
    at: At,
) -> Applied:
    """Everything that is left of a plan; the run's row says how it ended, whatever happens."""
    try:
        ground = footing(workspace, store, plan, run)
        at("after links and agreement were kept")
        mover = Mover(workspace, store, connectors, run, at)
        carrier = Carrier(workspace, store, connectors, ground, run, at, mover)
        carrier.carry(left_to_do(store, run))
        at("before the run ended")
    except KeyboardInterrupt:
        _finish(workspace, store, run, connectors, "interrupted", ExitCode.INTERRUPTED)
        raise
    except TryLater as error:
        wrote = any(connector.meter.written for connector in connectors.values())
        error.exit_code = ExitCode.PARTIAL if wrote else ExitCode.TRY_LATER
        error.remedy = paused(run)
        _finish(workspace, store, run, connectors, "partial", error.exit_code)
        raise
    except CrmsyncError as error:
        if error.exit_code is ExitCode.FAILED:
            error.exit_code = ExitCode.PARTIAL
        _finish(workspace, store, run, connectors, "partial", error.exit_code)
        name_the_way_on(error, store, run)
        raise
    return _ended(workspace, store, plan, run, connectors)


def paused(run: str) -> str:
    """How to go on with a run for which no calls were left."""
    return f"The run waits, nothing is lost. When there are calls again: crmsync resume {run}"


@contextmanager
def _connected(workspace: Workspace, plan: Plan) -> Iterator[Mapping[str, Connector]]:
    """Open connectors to the very systems the plan is for."""
    with workspace.connectors(writes=True) as connectors:
        _demand_same_systems(plan, connectors)
        yield connectors


def _demand_same_systems(plan: Plan, connectors: Mapping[str, Connector]) -> None:
    """WrongSystem if a credential leads elsewhere than where the plan was made."""
    for system, connector in connectors.items():
        expected = plan.header.identities.get(system, "")
        found = connector.whoami().id
        if expected and found != expected:
            raise WrongSystem(
                f"the plan is for {system} {expected}, the credential leads to {found}",
                remedy="Use the credential the plan was made with.",
            )


def _ended(
    workspace: Workspace, store: Store, plan: Plan, run: str, connectors: Mapping[str, Connector]
) -> Applied:
    states = _counts(store, run)
    unclear = states.get("AMBIGUOUS", 0)
    code = ExitCode.PARTIAL if unclear or states.get("FAILED") else ExitCode.OK
    _finish(workspace, store, run, connectors, "partial" if unclear else "done", code)
    meters = {system: connector.meter for system, connector in connectors.items()}
    doubles = doubles_of(workspace, store, run)
    return Applied(run, plan.header.id, states, meters, code, reasons_of(store, run), doubles)


def _counts(store: Store, run: str) -> dict[str, int]:
    return {str(state): number for state, number in store.counts(run).items()}


def _finish(
    workspace: Workspace,
    store: Store,
    run: str,
    connectors: Mapping[str, Connector],
    status: Status,
    code: ExitCode,
) -> None:
    store.finish_run(
        run,
        status,
        workspace.now(),
        counts=_counts(store, run),
        exit_code=int(code),
        calls={system: connector.meter.made for system, connector in connectors.items()},
    )
