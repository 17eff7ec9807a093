"""What has to stand before a plan is carried out: links kept, agreement adopted, waits known.

All of it comes out the same when it is done again, so a resumed run does it again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from crmsync.commands.columns import open_columns
from crmsync.commands.exchange import Exchange
from crmsync.commands.planfile import Plan
from crmsync.commands.settling import Settlement, base_digest, outcomes
from crmsync.commands.workspace import Workspace
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.planning import AliasLine, Change, LinkLine, read_line
from crmsync.core.records import Ref
from crmsync.core.sentinel import ACTION as SENTINEL_ACTION
from crmsync.store.rows import UNFINISHED_STATES, AliasRow, LinkRow, Op
from crmsync.warehouse.changed import adopted_bases, compare, count_adopted
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    from crmsync.store.store import Store
    from crmsync.store.transaction import Transaction

Sources = Mapping[tuple[str, str], Sequence[LinkRow]]


@dataclass(frozen=True, slots=True)
class Footing:
    """What carrying out needs to know: cells both ways, what settles when, and who a create is from."""

    exchange: Exchange
    settlement: Settlement
    sources: Sources


def footing(workspace: Workspace, store: Store, plan: Plan, run: str) -> Footing:
    """Keeps links, adopts what agrees, moves bases that wait for nothing."""
    settlement = Settlement.of(plan.lines)
    with open_columns(workspace, store) as columns:
        adopting = _compare(store, columns)
        _keep(workspace, store, plan, run, settlement, columns, adopting)
        sources = _sources(plan, columns)
        schemas, mapping = columns.schemas, columns.mapping
    for op in _changing(store.ops(run)):
        if op.held is not None:
            change = change_of(op)
            settlement.note(change, outcomes(change, op.held))
    exchange = Exchange(mapping, schemas, store, workspace.project.name)
    return Footing(exchange, settlement, sources)


def change_of(op: Op) -> Change:
    """The plan line behind an op of the journal."""
    line = read_line(json.loads(op.change))
    assert isinstance(line, Change)
    return line


def left_to_do(store: Store, run: str) -> list[Change]:
    """Changes of a run whose end is not known, in the order of the plan."""
    return [change_of(op) for op in _changing(store.ops(run, UNFINISHED_STATES))]


def _changing(ops: Sequence[Op]) -> list[Op]:
    """The ops that are lines of a plan: a sentinel is none."""
    return [op for op in ops if op.action != SENTINEL_ACTION]


def _compare(store: Store, columns: Columns) -> dict[str, int]:
    """How many customers of each entity agree and were never settled."""
    adopting = {}
    for entity in columns.mapping.entities:
        compare(columns, entity, store.base_digests(entity.entity))
        adopting[entity.entity] = count_adopted(columns, entity)
    return adopting


def _keep(
    workspace: Workspace,
    store: Store,
    plan: Plan,
    run: str,
    settlement: Settlement,
    columns: Columns,
    adopting: Mapping[str, int],
) -> None:
    links = [_link_rows(line) for line in plan.lines if isinstance(line, LinkLine | AliasLine)]
    followed = [line for line in plan.lines if isinstance(line, AliasLine)]
    joined = [row for line in followed if line.joins for row in _link_rows(line)]
    merged = [_alias_row(line) for line in followed if not line.joins]
    at_once = settlement.at_once()
    with store.transaction() as tx:
        tx.check_fence()
        fresh = tx.join_links(joined, run, workspace.now())
        tx.save_links(chain.from_iterable(links), run, workspace.now())
        fresh |= tx.save_aliases(merged, run, workspace.now())
        _begin_anew(tx, plan, columns.mapping, fresh)
        if _made_on(plan, columns):
            for entity in columns.mapping.entities:
                tx.adopt_bases(entity.entity, adopted_bases(columns, entity))
        for name, moved in at_once.items():
            tx.move_bases(name, moved, base_digest)
        if links or at_once or any(adopting.values()):
            tx.mark_moved(run)


def _made_on(plan: Plan, columns: Columns) -> bool:
    """True if the newest snapshots are those of the plan; else nothing is adopted, only a later plan's."""
    newest = {f"{s}/{o}": each.manifest.run for (s, o), each in columns.snapshots.items()}
    return newest == dict(plan.header.snapshots)


def _alias_row(line: AliasLine) -> AliasRow:
    old = Ref(line.system, line.object, line.old)
    return AliasRow(line.entity, old, line.new, line.why, new_object=line.new_object)


def _begin_anew(
    tx: Transaction, plan: Plan, mapping: WorkspaceMapping, fresh: Collection[Ref]
) -> None:
    """Forgets what was settled with records that became others, once: a resumed run has newer bases.

    What the old record refused the new one may take.
    """
    moved = (line for line in plan.lines if isinstance(line, AliasLine) and line.anew)
    for line in moved:
        if Ref(line.system, line.object, line.old) in fresh:
            lasting = mapping.entity(line.entity).lasting()
            tx.forget_side(line.entity, line.key, line.system, lasting, base_digest)
            tx.forget_refused(line.entity, key=line.key, system=line.system)


def _link_rows(line: LinkLine | AliasLine) -> list[LinkRow]:
    if isinstance(line, AliasLine):
        return [LinkRow(line.entity, line.key, line.survivor, line.why)]
    return [LinkRow(line.entity, line.key, Ref(*ref), line.how) for ref in line.refs]


def _sources(plan: Plan, columns: Columns) -> Sources:
    """The records that those to be created are made from, as links still to be kept."""
    wanted: dict[str, list[str]] = {}
    for line in plan.lines:
        if isinstance(line, Change) and line.action == "create":
            wanted.setdefault(line.entity, []).append(line.key)
    found: dict[tuple[str, str], list[LinkRow]] = {}
    for entity, keys in wanted.items():
        rows = columns.db.execute(
            f"SELECT key, system, object, id FROM {quoted('key_' + entity)} "  # noqa: S608  (quoted)
            "WHERE key IN (SELECT unnest(?)) ORDER BY ALL",
            [keys],
        ).fetchall()
        for key, *address in rows:
            found.setdefault((entity, key), []).append(
                LinkRow(entity, key, Ref(*address), "source")
            )
    return found
