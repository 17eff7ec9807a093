"""`crmsync audit`: asks the audits of the snapshots and says what is wrong. Writes to no CRM."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmsync import __version__
from crmsync.commands.columns import open_columns
from crmsync.commands.links import deep_links, read_identities
from crmsync.commands.workspace import Workspace, noted_run
from crmsync.config.audits import placed_in_query
from crmsync.core.auditing import Audit, AuditResult, Finding
from crmsync.core.mapping import Entity
from crmsync.core.records import Ref
from crmsync.errors import ConfigInvalid, Problem
from crmsync.language import N_
from crmsync.reports.facts import Address, Completeness, ReportFacts, SystemFacts
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import run_audits
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    from crmsync.store.store import Store

_LABELS = {"contact": ("first_name", "last_name"), "company": ("name",), "deal": ("name",)}


def audit(
    workspace: Workspace, *, select: Collection[str] = (), profile: str = "essential"
) -> ReportFacts:
    """Everything the audits found over the newest snapshots, kept as a run of its own."""
    run = workspace.new_run()
    audits = [_as_far_as_it_goes(workspace, a) for a in chosen(workspace.audits, select, profile)]
    with workspace.store() as store:
        with noted_run(workspace, store, run, "audit"), open_columns(workspace, store) as columns:
            facts = _facts(workspace, columns, audits, run)
        store.save_findings(run, (f for result in facts.results for f in result.findings))
        counts = {result.audit.id: len(result.findings) for result in facts.results}
        store.finish_run(run, "done", workspace.now(), counts=counts, exit_code=0)
    return facts


def chosen(audits: Sequence[Audit], select: Collection[str], profile: str) -> list[Audit]:
    """The audits of a profile, or those named by id, name or category; ConfigInvalid for unknown names."""
    known = {word for audit in audits for word in (audit.id, audit.name, audit.category)}
    unknown = sorted(set(select) - known)
    if unknown:
        ids = ", ".join(audit.id for audit in audits)
        raise ConfigInvalid(
            [
                Problem("audits", 0, 0, "CRM061", f"no audit '{name}'", f"use {ids}")
                for name in unknown
            ]
        )
    if select:
        return [a for a in audits if {a.id, a.name, a.category} & set(select)]
    return [a for a in audits if profile == "all" or a.profile == "essential"]


def _as_far_as_it_goes(workspace: Workspace, audit: Audit) -> Audit:
    """A check between systems blocks nothing in a workspace that has only one of them."""
    named = _systems_named(audit)
    return audit if named <= set(workspace.systems) else replace(audit, blocking=False)


def _systems_named(audit: Audit) -> set[str]:
    return {need.removeprefix("system:").partition(":")[0] for need in audit.needs if ":" in need}


_ALONE = N_("It compares two systems, and this workspace has one: it needs a second system.")


def _told_why(workspace: Workspace, result: AuditResult) -> AuditResult:
    """The result; a check between systems that one lone system leaves out says that, and names no other."""
    named = _systems_named(result.audit)
    between = len(named) > 1 or "native_link" in result.audit.needs
    alone = between and len(workspace.systems) == 1
    return replace(result, not_checked=_ALONE) if result.not_checked and alone else result


def _facts(workspace: Workspace, columns: Columns, audits: list[Audit], run: str) -> ReportFacts:
    file = workspace.state / f"face-{run}.duckdb"
    try:
        have = build_face(columns, file)
        results = run_audits(file, audits, have, as_of(columns))
        completeness = _completeness(columns)
    except ConfigInvalid as error:
        told = [placed_in_query(workspace.root, each) for each in error.problems]
        raise ConfigInvalid(told) from error
    finally:
        file.unlink(missing_ok=True)
    results = [_told_why(workspace, _keyed(columns, result)) for result in results]
    identities = read_identities(workspace)
    return ReportFacts(
        title=workspace.project.title or workspace.project.name,
        run=run,
        made_at=workspace.now(),
        as_of=as_of(columns),
        systems=_systems(workspace, columns),
        results=tuple(results),
        mapping_digest=columns.mapping.digest,
        version=__version__,
        labels=_labels(columns, results),
        links=deep_links(workspace, identities),
        members=_members(columns, results),
        currency=workspace.project.currency,
        completeness=completeness,
    )


def as_of(columns: Columns) -> datetime:
    """The instant the audits take for now: when the last of the snapshots was read."""
    return max(
        datetime.fromisoformat(each.manifest.taken_at) for each in columns.snapshots.values()
    )


def _systems(workspace: Workspace, columns: Columns) -> tuple[SystemFacts, ...]:
    identities = read_identities(workspace)
    found = []
    for system in workspace.systems:
        counts = {
            object_: each.manifest.rows
            for (name, object_), each in sorted(columns.snapshots.items())
            if name == system and not object_.startswith("_")
        }
        identity = identities.get(system)
        kind = workspace.project.systems[system]["kind"]
        shown = (identity.id, identity.base_url) if identity else ("", "")
        found.append(SystemFacts(system, kind, *shown, counts))
    return tuple(found)


def _keyed(columns: Columns, result: AuditResult) -> AuditResult:
    """The result with the customer's key on every finding that names a record."""
    keys: dict[Address, str] = {}
    for entity in columns.mapping.entities:
        unkeyed = [f for f in result.findings if f.key is None and f.entity == entity.entity]
        query = f"SELECT system, object, id, key FROM {quoted('key_' + entity.entity)}"  # noqa: S608  (names are ours)
        rows = _rows(columns, query, "id", [f.id for f in unkeyed if f.id is not None])
        keys |= {(row[0], row[1], row[2]): row[3] for row in rows}
    findings = tuple(
        replace(f, key=f.key or keys.get((f.system or "", f.object or "", f.id or "")))
        for f in result.findings
    )
    return replace(result, findings=findings)


def _rows(columns: Columns, query: str, column: str, wanted: list[Any]) -> list[tuple[Any, ...]]:
    """Rows of a query where a column is one of the wanted values."""
    if not wanted:
        return []
    return columns.db.execute(f"{query} WHERE {column} IN (SELECT unnest(?))", [wanted]).fetchall()


def _labels(columns: Columns, results: Sequence[AuditResult]) -> dict[Address, str]:
    labels: dict[Address, str] = {}
    for entity in columns.mapping.entities:
        findings = [f for r in results for f in r.findings if f.entity == entity.entity]
        labels |= _labels_of(columns, entity, findings)
    return labels


def _labels_of(columns: Columns, entity: Entity, findings: list[Finding]) -> dict[Address, str]:
    names = [n for n in _LABELS.get(entity.entity, ()) if entity.field_named(n)]
    if not names:
        return {}
    shown = ", ".join(quoted(name) for name in names)
    query = (
        f"SELECT system, object, id, concat_ws(' ', {shown}) FROM {quoted('row_' + entity.entity)}"  # noqa: S608  (names are ours)
    )
    ids = [f.id for f in findings if f.id is not None]
    return {(row[0], row[1], row[2]): row[3] for row in _rows(columns, query, "id", ids) if row[3]}


def _members(columns: Columns, results: Sequence[AuditResult]) -> dict[str, tuple[Ref, ...]]:
    """The records behind the keys of findings that name no record."""
    members: dict[str, list[Ref]] = {}
    for entity in columns.mapping.entities:
        keys = [
            f.key for r in results for f in r.findings if f.entity == entity.entity and f.id is None
        ]
        query = f"SELECT key, system, object, id FROM {quoted('key_' + entity.entity)}"  # noqa: S608  (names are ours)
        for key, *address in _rows(columns, query, "key", keys):
            members.setdefault(key, []).append(Ref(*address))
    return {key: tuple(sorted(refs)) for key, refs in members.items()}


def _completeness(columns: Columns) -> tuple[Completeness, ...]:
    """How full every mapped field is, by system; the objects of one system together."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for entity in columns.mapping.entities:
        for seat in entity.seats:
            seen = columns.visible(entity, seat)
            counts = ", ".join(f"count({quoted(each.field + '_raw')})" for each in seen) or "0"
            (row,) = columns.db.execute(
                f"SELECT count(*), {counts} FROM {quoted('row_' + entity.entity)} "  # noqa: S608  (names are ours)
                "WHERE system = ? AND object = ?",
                [seat.system, seat.object],
            ).fetchall()
            for each, filled in zip(seen, row[1:], strict=False):
                cell = found.setdefault((entity.entity, each.field, seat.system), [0, 0])
                cell[0] += filled
                cell[1] += row[0]
    return tuple(Completeness(*place, *numbers) for place, numbers in found.items() if numbers[1])


def last_audit(store: Store) -> str | None:
    """The run id of the last audit."""
    return next(
        (run.id for run in store.runs(200) if run.verb == "audit" and run.status == "done"), None
    )
