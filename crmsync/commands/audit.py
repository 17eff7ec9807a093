"""`crmsync audit`: asks the audits of the snapshots and says what is wrong. Writes to no CRM."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from crmsync import __version__
from crmsync.commands.audit_files import unread_audits
from crmsync.commands.columns import open_columns
from crmsync.commands.judging import compared, outside, responsible, rows_where, settled
from crmsync.commands.keeping_found import kept_found
from crmsync.commands.links import deep_links, read_identities
from crmsync.commands.scores import keep_score, rules_of, with_scores
from crmsync.commands.segmenting import segmented
from crmsync.commands.view import settled_in
from crmsync.commands.workspace import Workspace, noted_run
from crmsync.config.audits import placed_in_query
from crmsync.core.accepting import expired
from crmsync.core.auditing import Audit, AuditResult, Finding
from crmsync.core.figures import Figures
from crmsync.core.mapping import Entity, WorkspaceMapping
from crmsync.core.profile import DataProfile
from crmsync.core.records import Ref
from crmsync.errors import ConfigInvalid, Problem
from crmsync.language import N_
from crmsync.reports.facts import Address, Completeness, ReportFacts, SystemFacts
from crmsync.warehouse.audit_db import as_of, build_face
from crmsync.warehouse.audit_run import FAILED, Bounds, run_audits
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted
from crmsync.warehouse.facts import is_fact
from crmsync.warehouse.figures import figures_of
from crmsync.warehouse.handoffs import asks_handoffs
from crmsync.warehouse.lifecycle_figures import read_figures
from crmsync.warehouse.probable import WORD as PROBABLE
from crmsync.warehouse.probable import note_probable
from crmsync.warehouse.profiling.reading import read_profile
from crmsync.warehouse.refusals import OF_ROLES
from crmsync.warehouse.role_proposals import read_role_figures
from crmsync.warehouse.settled import note_settled
from crmsync.warehouse.views import Asked, Settled, asked_for

if TYPE_CHECKING:
    from crmsync.store.store import Store

_LABELS = {"contact": ("first_name", "last_name"), "company": ("name",), "deal": ("name",)}


def audit(
    workspace: Workspace,
    *,
    select: Collection[str] = (),
    profile: str = "essential",
    figures: bool = True,
    counts: bool = False,
) -> ReportFacts:
    """Everything the audits found over the newest snapshots, kept as a run of its own.

    The figures of hand-offs are left out where some audits are selected, and where nobody reads them. `counts` asks for
    those of the sections, which a page and programs have.
    """
    run, rules = workspace.new_run(), rules_of(workspace)
    audits = [_as_far_as_it_goes(workspace, a) for a in chosen(workspace.audits, select, profile)]
    with workspace.store() as store:
        settled_before = _has_bases(workspace, store, audits)
        opened = open_columns(workspace, store, compared=settled_before)
        with noted_run(workspace, store, run, "audit"), opened as columns:
            if settled_before:
                note_settled(columns, store.base_digests, store.bases_of)
            asked = any(each.partition(".")[0] == PROBABLE for a in audits for each in a.needs)
            if asked or counts:
                note_probable(columns, kept_found(workspace, as_of(columns)))
            parts = (figures and not select, counts and not select)
            facts = _facts(workspace, columns, audits, run, settled_in(store), parts)
            facts = replace(compared(store, facts), selected=bool(select))
            facts = with_scores(store, facts, rules)
            if not select:
                unread = (_unread(*each) for each in unread_audits(workspace.unread))
                facts = replace(facts, results=(*facts.results, *unread))
        found = (f for result in facts.results for f in (*result.findings, *result.waived))
        store.save_findings(run, found)
        keep_score(store, facts, rules)
        numbers = {r.audit.id: r.count for r in facts.results if r.not_checked is None}
        store.finish_run(run, "done", workspace.now(), counts=numbers, exit_code=0)
    return facts


def _has_bases(workspace: Workspace, store: Store, audits: Sequence[Audit]) -> bool:
    """True if anything was ever settled, and some audit asks what differs from it."""
    if not any("settled" in each.needs for each in audits):
        return False
    for each in workspace.mapping.entities:
        with closing(store.base_digests(each.entity)) as digests:
            if any(batch.num_rows for batch in digests):
                return True
    return False


def chosen(
    audits: Sequence[Audit],
    select: Collection[str],
    profile: str,
    unread: Sequence[Problem] = (),
) -> list[Audit]:
    """The audits of a profile, or those named by id, name or category; ConfigInvalid for unknown names.

    A name that nobody has may be in a file that cannot be read: what is wrong with these is told first.
    """
    known = {word for audit in audits for word in (audit.id, audit.name, audit.category)}
    unknown = sorted(set(select) - known)
    if unknown:
        ids = ", ".join(audit.id for audit in audits)
        raise ConfigInvalid(
            [
                *unread,
                *(
                    Problem("audits", 0, 0, "CRM061", f"no audit '{name}'", f"use {ids}")
                    for name in unknown
                ),
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
    between = len(named) > 1 or bool({"native_link", "pair"} & set(result.audit.needs))
    alone = between and len(workspace.systems) == 1
    return replace(result, not_checked=_ALONE) if result.not_checked and alone else result


def _whole(workspace: Workspace, columns: Columns, result: AuditResult) -> AuditResult:
    """The result with keys, the names of fields, the line of what is wrong, and why it was not checked."""
    result = _told_why(workspace, _keyed(columns, result))
    result = replace(result, exports=_exports(workspace))
    return _placed(workspace, _titled(columns.mapping, result))


def _exports(workspace: Workspace) -> frozenset[str]:
    """The systems that are files, with "" where all are."""
    found = frozenset(name for name, kind in workspace.kinds.items() if kind == "files")
    return found | {""} if len(found) == len(workspace.kinds) else found


def _placed(workspace: Workspace, result: AuditResult) -> AuditResult:
    """The result; what is wrong with its file has its line."""
    if result.failed is None:
        return result
    return replace(result, failed=placed_in_query(workspace.root, result.failed))


def _unread(audit: Audit, problem: Problem) -> AuditResult:
    return AuditResult(audit, (), None, FAILED, failed=problem)


def broken(results: Sequence[AuditResult]) -> list[Problem]:
    """What is wrong with the files of audits, as reading and running them showed."""
    return [result.failed for result in results if result.failed is not None]


def _facts(
    workspace: Workspace,
    columns: Columns,
    audits: list[Audit],
    run: str,
    bases: Settled,
    counted: tuple[bool, bool],
) -> ReportFacts:
    """What the audits found, and with `counted` the figures of hand-offs and the profile."""
    figures, profiled = counted
    file = workspace.state / f"face-{run}.duckdb"
    try:
        views = Asked(asked_for(t for a in audits for t in (a.query, a.eligible, *a.needs)), bases)
        agreement, zone = workspace.project.agreement, workspace.project.timezone
        handed = figures or any(
            asks_handoffs(each.needs, (each.query, each.eligible)) for each in audits
        )
        roles = figures or any(
            OF_ROLES in need.split(":") for each in audits for need in each.needs
        )
        have = build_face(
            columns, file, views, agreement=agreement, zone=zone, handoffs=handed, roles=roles
        )
        have |= {f"{entity}_view" for entity in views.entities}
        bounds = Bounds(workspace.project.audits.seconds, workspace.project.audits.most)
        out = outside(workspace, columns, audits)
        results = run_audits(file, audits, have, as_of(columns), bounds, out)
        handoffs = figures_of(file, agreement, have, as_of(columns)) if figures else Figures()
        profile = (
            read_profile(file, columns.mapping, have, as_of(columns)) if profiled else DataProfile()
        )
        proposed = read_role_figures(file) if figures else None
        completeness = _completeness(columns)
        lifecycle = read_figures(file)
    finally:
        file.unlink(missing_ok=True)
    results = [_whole(workspace, columns, result) for result in results]
    results = settled(workspace, columns, results, as_of(columns).date())
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
        lifecycle=lifecycle,
        figures=handoffs,
        profile=profile,
        roles=proposed,
        responsible=responsible(workspace, columns, results),
        segments=segmented(workspace.project.audits, columns, results),
        hour=workspace.project.audits.prices.hour,
        unread=_broken_off(workspace, columns),
        expired=tuple(expired(workspace.waivers, as_of(columns).date())),
    )


def _titled(mapping: WorkspaceMapping, result: AuditResult) -> AuditResult:
    """The result with what the mapping calls the fields of its findings, and those that it was not checked for."""
    places = {(each.entity, each.field) for each in result.findings if each.field}
    lacks = (
        each.rpartition(":")[2].partition(".") for each in (result.not_checked or "").split(", ")
    )
    places |= {(entity, field) for entity, _, field in lacks}
    titles = {
        (entity.entity, each.field): each.doc
        for entity in mapping.entities
        for each in entity.fields
        if each.doc and (entity.entity, each.field) in places
    }
    return replace(result, titles=titles)


def _systems(workspace: Workspace, columns: Columns) -> tuple[SystemFacts, ...]:
    identities = read_identities(workspace)
    found = []
    for system in workspace.systems:
        counts = {
            object_: each.manifest.rows
            for (name, object_), each in sorted(columns.snapshots.items())
            if name == system
            and not object_.startswith("_")
            and (each.manifest.complete or each.manifest.rows)
        }
        identity = identities.get(system)
        kind = workspace.project.systems[system]["kind"]
        shown = (identity.id, identity.base_url) if identity else ("", "")
        found.append(SystemFacts(system, kind, *shown, counts))
    return tuple(found)


def _broken_off(workspace: Workspace, columns: Columns) -> tuple[tuple[str, str, str], ...]:
    """System, object and why, of every read that broke off or was refused; facts say so themselves."""
    return tuple(
        (system, object_, each.manifest.problem)
        for (system, object_), each in sorted(columns.snapshots.items())
        if system in workspace.systems and not each.manifest.complete and not is_fact(object_)
    )


def _keyed(columns: Columns, result: AuditResult) -> AuditResult:
    """The result with the customer's key on every finding that names a record."""
    keys: dict[Address, str] = {}
    for entity in columns.mapping.entities:
        unkeyed = [f for f in result.findings if f.key is None and f.entity == entity.entity]
        query = f"SELECT system, object, id, key FROM {quoted('key_' + entity.entity)}"  # noqa: S608  (names are ours)
        rows = rows_where(columns, query, "id", [f.id for f in unkeyed if f.id is not None])
        keys |= {(row[0], row[1], row[2]): row[3] for row in rows}
    findings = tuple(
        replace(f, key=f.key or keys.get((f.system or "", f.object or "", f.id or "")))
        for f in result.findings
    )
    return replace(result, findings=findings)


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
    return {
        (row[0], row[1], row[2]): row[3] for row in rows_where(columns, query, "id", ids) if row[3]
    }


def _members(columns: Columns, results: Sequence[AuditResult]) -> dict[str, tuple[Ref, ...]]:
    """The records behind the keys of findings that name no record."""
    members: dict[str, list[Ref]] = {}
    for entity in columns.mapping.entities:
        keys = [
            f.key for r in results for f in r.findings if f.entity == entity.entity and f.id is None
        ]
        query = f"SELECT key, system, object, id FROM {quoted('key_' + entity.entity)}"  # noqa: S608  (names are ours)
        for key, *address in rows_where(columns, query, "key", keys):
            members.setdefault(key, []).append(Ref(*address))
    return {key: tuple(sorted(refs)) for key, refs in members.items()}


def _completeness(columns: Columns) -> tuple[Completeness, ...]:
    """How full every mapped field is, by system and object."""
    found: dict[tuple[str, str, str, str], list[int]] = {}
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
                place = (entity.entity, each.field, seat.system, seat.object)
                cell = found.setdefault(place, [0, 0])
                cell[0] += filled
                cell[1] += row[0]
    titles = {(e.entity, f.field): f.doc for e in columns.mapping.entities for f in e.fields}
    order = {place: at for at, place in enumerate(titles)}
    return tuple(
        Completeness(entity, field, system, filled, total, titles[entity, field], object_)
        for (entity, field, system, object_), (filled, total) in sorted(
            found.items(), key=lambda each: order[each[0][:2]]
        )
        if total
    )


def last_audit(store: Store) -> str | None:
    """The run id of the last audit."""
    return next(
        (run.id for run in store.runs(200) if run.verb == "audit" and run.status == "done"), None
    )
