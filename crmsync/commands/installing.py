"""`crmsync footprint apply`: puts key fields in, or takes them away, as a reviewed plan says.

Nothing is remembered of how far it came: every step begins by looking, so a run that died is finished by
carrying the same plan out again, under the same run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from crmsync.commands.apply import Permission, demand_loopback, nowhere
from crmsync.commands.carrying import At
from crmsync.commands.footprint import places, step_item
from crmsync.commands.footprint_file import read_footprint_plan, write_footprint
from crmsync.commands.plan import demand_rest
from crmsync.commands.sentinel_record import put_in, take_away
from crmsync.commands.sentinels import guarded
from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import InstallingConnector
from crmsync.connectors.base import Connector
from crmsync.core.footprint import (
    FootprintPlan,
    FootprintStep,
    Verb,
    check_current,
    check_step,
    losses_of,
)
from crmsync.core.sentinel import ACTION as SENTINEL
from crmsync.errors import (
    CrmsyncError,
    ExitCode,
    PlanStale,
    Refused,
    WrongSystem,
)
from crmsync.store.rows import RESUMABLE

if TYPE_CHECKING:
    from crmsync.store.rows import Status
    from crmsync.store.store import Store

Outcome = Literal["done", "already", "refused"]


@dataclass(frozen=True, slots=True)
class StepEnd:
    """What became of one step; `message` and `remedy` are those of a refusal."""

    step: FootprintStep
    outcome: Outcome
    message: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Installed:
    """How carrying out a footprint plan ended, step by step, with calls by system and the exit code."""

    run: str
    plan: FootprintPlan
    ends: tuple[StepEnd, ...]
    calls: Mapping[str, int]
    exit_code: ExitCode


@dataclass(slots=True)
class _Work:
    """One run on its way. `readers` have the everyday credential, `writers` the one that may write."""

    workspace: Workspace
    store: Store
    plan: FootprintPlan
    run: str
    readers: Mapping[str, Connector]
    writers: Mapping[str, Connector]
    at: At
    resumed: bool
    ends: list[StepEnd] = field(default_factory=list)

    def calls(self) -> dict[str, int]:
        """Calls of both connectors by system."""
        made = {name: each.meter.made for name, each in self.readers.items()}
        return {name: made[name] + each.meter.made for name, each in self.writers.items()}

    def wrote(self) -> bool:
        """True if anything may have been changed."""
        return any(each.meter.written for each in self.writers.values())


def apply_footprint(
    workspace: Workspace, path: Path, permission: Permission | None = None, *, at: At = nowhere
) -> Installed:
    """Carries a plan out. Refuses one that is stale, edited, or meant for other systems."""
    plan = read_footprint_plan(path)
    permission = permission or Permission()
    systems = sorted({step.system for step in plan.steps})
    if not permission.experimental:
        for system in systems:
            demand_loopback(workspace, system)
    with (
        workspace.store() as store,
        store.lease(f"footprint {plan.verb}", workspace.now()),
        workspace.connectors() as readers,
        workspace.connectors(writes=True) as writers,
    ):
        demand_rest(store)
        check_current(
            plan,
            now=workspace.now(),
            workspace=workspace.project.name,
            mapping_digest=workspace.mapping.digest,
        )
        _demand_same_systems(plan, readers, writers)
        earlier = _stopped_run(store, plan)
        run = earlier or _begun(workspace, store, plan, permission)
        at("after the run began")
        resumed = earlier is not None
        return _carried(_Work(workspace, store, plan, run, readers, writers, at, resumed))


def _demand_same_systems(
    plan: FootprintPlan, readers: Mapping[str, Connector], writers: Mapping[str, Connector]
) -> None:
    """WrongSystem if one of the credentials leads elsewhere than where the plan was made."""
    for system, expected in plan.identities.items():
        for connectors in (readers, writers):
            found = connectors[system].whoami().id if system in connectors else ""
            if found != expected:
                raise WrongSystem(
                    f"the plan is for {system} {expected}, the credential leads to {found}",
                    remedy="Use the credential the plan was made with.",
                )


def _stopped_run(store: Store, plan: FootprintPlan) -> str | None:
    """The run of this very plan that stopped half way, noted as going on; None if there is none."""
    for row in store.runs():
        if row.plan_id == plan.id and row.status in RESUMABLE:
            store.resume_run(row.id)
            return row.id
    return None


def _begun(workspace: Workspace, store: Store, plan: FootprintPlan, permission: Permission) -> str:
    """A new run, with the plan kept beside it."""
    write_footprint(plan, workspace.plans / f"footprint-{plan.id}.json")
    run = workspace.new_run()
    note = {"experimental": permission.experimental, "steps": [asdict(s) for s in plan.steps]}
    store.start_run(
        run,
        f"footprint {plan.verb}",
        workspace.now(),
        plan_id=plan.id,
        approver=permission.approver or None,
        note=json.dumps(note),
    )
    return run


def _carried(work: _Work) -> Installed:
    """Every step in order; the run's row says how it ended, whatever happens."""
    try:
        for step in work.plan.steps:
            work.ends.append(_end_of(work, step))
        work.at("before the run ended")
    except KeyboardInterrupt:
        _finish(work, "interrupted", ExitCode.INTERRUPTED)
        raise
    except CrmsyncError as error:
        error.exit_code = _code_of(work, error)
        _finish(work, "partial" if work.wrote() else "failed", error.exit_code)
        raise
    refused = any(end.outcome == "refused" for end in work.ends)
    code = ExitCode.PARTIAL if refused else ExitCode.OK
    _finish(work, "partial" if refused else "done", code)
    return Installed(work.run, work.plan, tuple(work.ends), work.calls(), code)


def _code_of(work: _Work, error: CrmsyncError) -> ExitCode:
    """Partial where something was changed and nothing graver stopped it: the same plan finishes it."""
    mild = error.exit_code in (ExitCode.FAILED, ExitCode.TRY_LATER)
    return ExitCode.PARTIAL if mild and work.wrote() else error.exit_code


def _end_of(work: _Work, step: FootprintStep) -> StepEnd:
    """Looks, checks that it is still what was reviewed, and acts."""
    place = f"{work.plan.verb} {step.system} {step.object}"
    work.at(f"before {place}")
    if not _is_left(work, step):
        return StepEnd(step, "already")
    with work.store.transaction() as tx:
        tx.check_fence()
    try:
        _act(work, step)
    except Refused as refusal:
        return StepEnd(step, "refused", refusal.message, refusal.remedy)
    work.at(f"after {place}")
    return StepEnd(step, "done")


def _is_left(work: _Work, step: FootprintStep) -> bool:
    """True if the step has still to be done, for everyday users and for the one who writes.

    A removal that stopped is tried again even where the field is gone: what stood beside it may be left.
    """
    _demand_known(work, step)
    made = work.store.created().get((step.system, step.object), 0)
    losses = losses_of(step.kind, made)
    eyes = (work.readers[step.system], work.writers[step.system])
    left = [
        check_step(work.plan, step, step_item(work.workspace, each, step), losses) for each in eyes
    ]
    return any(left) or (work.resumed and work.plan.verb == "remove")


def _demand_known(work: _Work, step: FootprintStep) -> None:
    """PlanStale if a plan names a place that this workspace does not have, or a sentinel it does not want."""
    again = f"Make a new one: crmsync footprint {work.plan.verb} -o FILE"
    if (step.system, step.object) not in places(work.workspace, work.writers):
        raise PlanStale(f"this workspace has no {step.system} {step.object}", remedy=again)
    if step.kind != SENTINEL:
        return
    wanted = step.system in guarded(work.workspace, work.writers)
    if not wanted and work.plan.verb == "install":
        raise PlanStale(f"this workspace wants no sentinel in {step.system}", remedy=again)


def _act(work: _Work, step: FootprintStep) -> None:
    if step.kind == SENTINEL:
        _SENTINEL_ACTS[work.plan.verb](work, step)
    else:
        _act_on_key(work, step)


def _put_sentinel_in(work: _Work, step: FootprintStep) -> None:
    put_in(work.workspace, work.store, work.writers[step.system], work.run)


def _take_sentinel_away(work: _Work, step: FootprintStep) -> None:
    take_away(work.workspace, work.store, work.writers[step.system])


_SENTINEL_ACTS: Mapping[Verb, Callable[[_Work, FootprintStep], None]] = {
    "install": _put_sentinel_in,
    "remove": _take_sentinel_away,
}


def _act_on_key(work: _Work, step: FootprintStep) -> None:
    connector = work.writers[step.system]
    if not isinstance(connector, InstallingConnector):
        raise Refused(
            f"{step.system} takes no field from crmsync", remedy="See: crmsync footprint show"
        )
    if work.plan.verb == "install":
        connector.install_key(step.object, step.users)
    else:
        connector.remove_key(step.object)


def _finish(work: _Work, status: Status, code: ExitCode) -> None:
    counts: dict[str, int] = {}
    for end in work.ends:
        counts[end.outcome] = counts.get(end.outcome, 0) + 1
    work.store.finish_run(
        work.run,
        status,
        work.workspace.now(),
        counts=counts,
        exit_code=int(code),
        calls=work.calls(),
    )
