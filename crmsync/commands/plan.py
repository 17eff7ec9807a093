"""`crmsync plan`: what a sync would write, and why. Writes to no CRM and moves no state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from crmsync.commands.automations import sets_off
from crmsync.commands.basis import bases_under, names_under
from crmsync.commands.closed import closed, only_read
from crmsync.commands.columns import open_columns
from crmsync.commands.frozen import frozen_in
from crmsync.commands.keyless import without_keys
from crmsync.commands.labelling import labels_for, links_named
from crmsync.commands.planfile import Plan, finished, write_plan
from crmsync.commands.sentinels import demand_sentinels_read
from crmsync.commands.waiting_opt_outs import opt_outs_that_wait, with_opt_outs
from crmsync.commands.withholding import Refusals, refusals_of, without_refused
from crmsync.commands.workspace import Workspace
from crmsync.core.claims import is_taken
from crmsync.core.deciding import Decided, decide, with_reasons
from crmsync.core.drafting import alias_line, lines_of
from crmsync.core.guarding import Tally, breaches, count, count_reads
from crmsync.core.mapping import NATIVE_LINK, Entity
from crmsync.core.planning import (
    CONSENT_LANE,
    AliasLine,
    Change,
    ConflictLine,
    Header,
    Held,
    Line,
    LinkLine,
    Settle,
    Unfit,
    in_order,
)
from crmsync.errors import PlanStale, RunUnfinished, StoreFailed
from crmsync.warehouse.absences import reasons_gone
from crmsync.warehouse.changed import changed_groups, compare, count_adopted, crowded
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.decided import UNDONE
from crmsync.warehouse.identity import lookalikes
from crmsync.warehouse.pointers import TANGLED, lost_records, tangles
from crmsync.warehouse.reach import Reach
from crmsync.warehouse.snapshots import most_before
from crmsync.warehouse.unreadable import owners_unknown_in, unreadable_in

if TYPE_CHECKING:
    from crmsync.store.store import Store

REBASE = "state rebase"
"""The verb of a run by which somebody began anew knowingly."""
Blocked: TypeAlias = Mapping[str, Sequence[Collection[str]]]
"""Customers that blocking audits object to: for each audit the fields whose change would settle it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan in the making: its lines, and what limits and the header need to know."""

    lines: list[Line]
    adopts: dict[str, int]
    records: dict[str, int]
    outside: dict[str, int]
    ambiguous: int
    unreadable: dict[str, int] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)


def make_plan(
    workspace: Workspace,
    *,
    blocked: Blocked | None = None,
    to: Path | None = None,
) -> Plan:
    """The plan over the newest snapshots, written to `to` or into the workspace.

    `blocked` are customers that a blocking audit objects to, with the fields whose change would settle it.
    RunUnfinished while the end of an earlier write is not known, StateStale if a sentinel says that the state
    or a CRM is not the latest.
    """
    with workspace.store() as store:
        demand_rest(store)
        demand_memory(workspace, store)
        demand_sentinels_read(workspace, store)
        with open_columns(workspace, store) as columns:
            demand_news(store, columns)
            draft = drafted(workspace, store, columns)
            lines = without_blocked(draft.lines, blocked or {})
            draft = replace(draft, lines=[*lines, *labels_for(columns, lines)])
            plan = finished(_header(workspace, store, columns, draft), in_order(draft.lines))
    write_plan(plan, to or workspace.plans / f"{plan.header.id[:12]}.jsonl")
    return plan


def demand_rest(store: Store) -> None:
    """RunUnfinished if a run stopped half way."""
    for run in store.unfinished_runs():
        raise RunUnfinished(
            f"run {run.id} stopped half way",
            remedy=f"Finish it first: crmsync resume {run.id}",
        )


def demand_news(store: Store, columns: Columns) -> None:
    """PlanStale if a system was read before the last run wrote: what we wrote would look like an edit."""
    serial = store.base_serial()
    old = sorted({s for (s, _), each in columns.snapshots.items() if each.manifest.run < serial})
    if old:
        raise PlanStale(
            f"the last read of {', '.join(old)} is older than the last run that wrote",
            remedy="Read again: crmsync pull (or plan without --no-pull).",
        )


def demand_memory(workspace: Workspace, store: Store) -> None:
    """StoreFailed if plans were applied here and the state knows of no run that did: it was lost.

    Without bases every difference would look like a first meeting, and opt-outs would be forgotten.
    """
    applied = any(workspace.plans.glob("?" * 64 + ".jsonl"))
    if applied and not any(run.plan_id or run.verb == REBASE for run in store.runs(10_000)):
        raise StoreFailed(
            "plans were applied here, but the state does not remember any: it was lost or is another one",
            where=".crmsync",
            remedy="Restore the state from a backup. To begin anew knowingly, move .crmsync/plans away.",
        )


def drafted(workspace: Workspace, store: Store, columns: Columns) -> Draft:
    """Every line of a plan under the columns' own mapping, in no order yet."""
    lines: list[Line] = []
    adopts: dict[str, int] = {}
    records: dict[str, int] = {}
    outside: Counter[str] = Counter()
    unreadable: dict[str, int] = {}
    owners: Counter[str] = Counter()
    reach = Reach(columns)
    for place, entity in enumerate(columns.mapping.entities, start=CONSENT_LANE + 1):
        compare(columns, entity, store.base_digests(entity.entity))
        adopts[entity.entity] = count_adopted(columns, entity)
        records |= {f"{s}/{entity.entity}": n for s, n in columns.count(entity).items()}
        outside.update(columns.count_outside(entity))
        unreadable |= unreadable_in(columns, entity)
        owners.update(owners_unknown_in(columns, entity))
        lines += links_named(columns, entity)
        lines += [alias_line(entity.entity, move) for move in columns.moves[entity.entity]]
        lines += [Held(entity.entity, *each, "crowded") for each in crowded(columns, entity)]
        lines += _unclear(columns, entity)
        refused = refusals_of(store.refused(entity.entity), columns)
        allowed = closed(columns, entity)
        lines += _decided(workspace, store, columns, allowed, place, reach, refused)
        margin = timedelta(seconds=workspace.project.clock_margin_s)
        waiting = opt_outs_that_wait(columns, allowed, place, reach, margin)
        lines = with_opt_outs(lines, without_refused(waiting, refused))
    ambiguous = sum(_is_ambiguity(line) for line in lines)
    return Draft(lines, adopts, records, dict(outside), ambiguous, unreadable, dict(owners))


def _unclear(columns: Columns, entity: Entity) -> Iterator[Held]:
    """Records that nobody can tell apart, or put together, for a person to look at."""
    ambiguities = columns.ambiguities[entity.entity]
    for doubt in ambiguities:
        if doubt.how != NATIVE_LINK:
            yield _asking(entity, f"ambiguous:{doubt.how}", map(str, doubt.refs))
    apart = [
        tuple(map(str, (clash.survivor, *clash.refs))) for clash in columns.clashes[entity.entity]
    ]
    for state, refs in tangles(columns.db, entity, ambiguities):
        if not any(set(refs) <= set(each) for each in apart):  # it says the same with less
            yield _asking(entity, state, refs)
    for each in apart:
        yield _asking(entity, "needs_merge", each)
    for why, undone in columns.undone[entity.entity]:
        yield _asking(entity, why, map(str, undone))
    for lost in columns.unseen[entity.entity]:
        yield _asking(entity, "unseen", map(str, lost))


def _asking(entity: Entity, reason: str, refs: Iterable[str]) -> Held:
    return Held(entity.entity, "", "", "", reason, tuple(refs))


def _decided(
    workspace: Workspace,
    store: Store,
    columns: Columns,
    entity: Entity,
    place: int,
    reach: Reach,
    refused: Refusals,
) -> Iterator[Line]:
    margin = timedelta(seconds=workspace.project.clock_margin_s)
    bases_of = bases_under(workspace, store, columns.mapping)
    unsure = lookalikes(columns.db, entity)
    lost = lost_records(columns.db, entity)
    reasons = reasons_gone(columns.db, entity, columns.snapshots)
    for group in changed_groups(columns, entity, bases_of):
        decided = decide(entity, group, columns.schemas, margin, reach, reach.outside)
        if group.key in unsure:
            decided = _without_creates(decided)
        decided = without_keys(_without_lost(decided, lost), columns.snapshots)
        decided = with_reasons(decided, reasons)
        for line in without_refused(lines_of(entity, place, decided), refused):
            if isinstance(line, Change) and line.action == "create":
                reach.will_create(entity.entity, group.key, line.system, line.object)
            yield line


def _without_creates(decided: Decided) -> Decided:
    """Nothing is created for a customer who may be another one: it would copy a duplicate."""
    held = tuple((seat, "lookalike") for seat, _ in decided.creates)
    return replace(decided, creates=(), held_back=(*decided.held_back, *held))


def _without_lost(decided: Decided, lost: Collection[tuple[str, str]]) -> Decided:
    """Nothing is created where a native link says that a record was, and it is gone."""
    gone = [seat for seat, _ in decided.creates if (decided.group.key, seat.system) in lost]
    if not gone:
        return decided
    creates = tuple((seat, choices) for seat, choices in decided.creates if seat not in gone)
    held = tuple((seat, "gone") for seat in gone)
    return replace(decided, creates=creates, held_back=(*decided.held_back, *held))


def without_blocked(lines: list[Line], blocked: Blocked) -> list[Line]:
    """Lines without the changes of customers that blocking audits object to.

    Consent goes through, and so does everything of a customer of whom this very plan settles every finding.
    """
    changed: dict[str, set[str]] = {key: set() for key in blocked}
    for line in lines:
        if isinstance(line, Change) and line.key in changed:
            changed[line.key] |= {f"{line.entity}.{cell.field}" for cell in line.cells}
    stopped = {
        key
        for key, audits in blocked.items()
        if not all(changed[key].intersection(fields) for fields in audits)
    }
    return [line for line in lines if not _is_stopped(line, stopped)]


def _is_stopped(line: Line, stopped: set[str]) -> bool:
    if line.key not in stopped or not isinstance(line, Change | Settle):
        return False
    return not (isinstance(line, Change) and line.lane == CONSENT_LANE)


def _header(workspace: Workspace, store: Store, columns: Columns, draft: Draft) -> Header:
    tally = Tally()
    for line in draft.lines:
        count(tally, line, columns.mapping)
    count_reads(tally, *_reads(workspace, columns))
    found = breaches(tally, draft.records, workspace.project.all_limits())
    identities = {system: store.pinned(system) or "" for system in workspace.systems}
    names = names_under(workspace, store, columns.mapping)
    return Header(
        workspace=workspace.project.name,
        made_at=workspace.now().isoformat(),
        mapping_digest=columns.mapping.digest,
        decisions_digest=columns.mapping.decisions_digest,
        base_serial=store.base_serial(),
        snapshots={
            f"{s}/{o}": each.manifest.run for (s, o), each in sorted(columns.snapshots.items())
        },
        identities=identities,
        counts={
            **counts_of(draft.lines),
            **{f"outside.{system}": n for system, n in sorted(draft.outside.items())},
            **{f"emptied.{place}": n for place, n in sorted(columns.emptied.items())},
            **{f"unreadable.{place}": n for place, n in sorted(draft.unreadable.items())},
            **{f"unknown_owner.{name}": n for name, n in sorted(draft.owners.items())},
            **{f"unheard.{name}": len(each) for name, each in columns.unheard.items() if each},
            **{f"only_read.{system}": 1 for system in only_read(columns)},
            **{f"frozen.{place}": 1 for place in frozen_in(store, columns)},
            "ambiguous": draft.ambiguous,
        },
        adopts=draft.adopts,
        breaches=[asdict(breach) for breach in found],
        records=draft.records,
        names=names,
        sets_off=sets_off(columns.snapshots, draft.lines, names),
        read_at=min(each.manifest.taken_at for each in columns.snapshots.values()),
    )


def _reads(workspace: Workspace, columns: Columns) -> tuple[dict[str, int], dict[str, int]]:
    """Records of every object in this read and in the complete one before it."""
    now: dict[str, int] = {}
    before: dict[str, int] = {}
    for (system, object_), snapshot in columns.snapshots.items():
        if object_.startswith("_"):
            continue
        now[f"{system}/{object_}"] = snapshot.manifest.rows
        before[f"{system}/{object_}"] = most_before(workspace.state, snapshot)
    return now, before


def counts_of(lines: list[Line]) -> dict[str, int]:
    """How much a plan does: updates and creates by system, cells, blanks, links, conflicts, held."""
    counts: Counter[str] = Counter(
        cells=0, blanks=0, links=0, aliases=0, conflicts=0, held=0, unfit=0
    )
    for line in lines:
        if isinstance(line, Change):
            counts[f"{line.action}s.{line.system}"] += 1
            counts["cells"] += len(line.cells)
            counts["blanks"] += sum(c.before is not None and c.after is None for c in line.cells)
        if is_taken(line):
            counts["taken"] += 1
            continue
        for kind, name in _NAMES.items():
            counts[name] += isinstance(line, kind) and not _is_ambiguity(line)
    return dict(sorted(counts.items()))


def _is_ambiguity(line: Line) -> bool:
    """What only a person can untangle is counted by itself."""
    return isinstance(line, Held) and line.reason.partition(":")[0] in _ASKING


_ASKING = frozenset({"ambiguous", "needs_merge", "unseen", *TANGLED, *UNDONE})
_NAMES: dict[type[object], str] = {
    LinkLine: "links",
    AliasLine: "aliases",
    ConflictLine: "conflicts",
    Held: "held",
    Unfit: "unfit",
}


def changes_of(plan: Plan) -> list[Change]:
    """The changes of a plan in order."""
    return [line for line in plan.lines if isinstance(line, Change)]


def is_quiet(plan: Plan) -> bool:
    """True if a plan writes nothing, links nobody and settles nothing."""
    moves = (Change, LinkLine, AliasLine, Settle)
    return not any(isinstance(line, moves) for line in plan.lines) and not any(
        plan.header.adopts.values()
    )
