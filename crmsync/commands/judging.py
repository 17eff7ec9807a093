"""What a workspace makes of findings: which are left out, which somebody answers for, who, and what is new."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from crmsync.commands.workspace import Workspace
from crmsync.config.project_form import Exclusion
from crmsync.core.accepting import ALL, accepted
from crmsync.core.auditing import Audit, AuditResult, Finding, FindingAddress, address_of
from crmsync.core.likeness import folded
from crmsync.reports.facts import Address, FindingKey, ReportFacts
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    from crmsync.store.rows import RunRow
    from crmsync.store.store import Store


def rows_where(
    columns: Columns, query: str, column: str, wanted: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Rows of a query where a column is one of the wanted values."""
    if not wanted:
        return []
    return columns.db.execute(
        f"{query} WHERE {column} IN (SELECT unnest(?))", [list(wanted)]
    ).fetchall()


def settled(
    workspace: Workspace, columns: Columns, results: Sequence[AuditResult], today: date
) -> list[AuditResult]:
    """The results without what the workspace leaves out, and with what it accepts apart."""
    left = [_left_out(workspace, columns, result) for result in results]
    return accepted(left, workspace.waivers, today)


def _left_out(workspace: Workspace, columns: Columns, result: AuditResult) -> AuditResult:
    """The result without findings about records that an exclusion names; they are counted."""
    rules = [each for each in workspace.project.audits.exclude if _concerns(each, result.audit)]
    out: set[Address] = set()
    for rule in rules:
        about = [f for f in result.findings if f.entity == rule.entity and f.id is not None]
        out |= _held(columns, rule, about)
    if not out:
        return result
    kept = tuple(f for f in result.findings if _place(f) not in out)
    return replace(result, findings=kept, excluded=len(result.findings) - len(kept))


def outside(workspace: Workspace, columns: Columns, audits: Sequence[Audit]) -> dict[str, Any]:
    """Records that exclusions leave out, by the id of an audit that has any, as warehouse/left_out.py reads them."""
    rules = workspace.project.audits.exclude
    concerned = {a.id: [at for at, r in enumerate(rules) if _concerns(r, a)] for a in audits}
    tables = {
        tuple(those): _rows_out(columns, [rules[at] for at in those])
        for those in concerned.values()
        if those
    }
    return {audit: tables[tuple(those)] for audit, those in concerned.items() if those}


def _rows_out(columns: Columns, rules: Sequence[Exclusion]) -> Any:
    """system, object, id, key of records that any rule names, and whether nothing is left of the customer."""
    parts, values = [], []
    for entity in sorted({each.entity for each in rules}):
        tests = []
        for rule in (each for each in rules if each.entity == entity):
            tests.append(" AND ".join(["true", *(_holds(*each) for each in rule.where.items())]))
            values += _values(rule)
        parts.append(
            f"SELECT k.system, k.object, k.id, k.key, bool_and(o.id IS NOT NULL) OVER (PARTITION BY k.key) AS whole, "  # noqa: S608  (names are ours)
            f"o.id IS NOT NULL AS is_out FROM {quoted('key_' + entity)} k LEFT JOIN "
            f"(SELECT DISTINCT system, object, id FROM {quoted('row_' + entity)} "
            f"WHERE ({') OR ('.join(tests)})) o USING (system, object, id)"
        )
    query = f"SELECT * EXCLUDE (is_out) FROM ({' UNION ALL '.join(parts)}) WHERE is_out"  # noqa: S608  (names are ours)
    return columns.db.sql(query, params=values).to_arrow_table()


def _values(rule: Exclusion) -> list[list[str]]:
    return [[each for each in wanted if each is not None] for wanted in rule.where.values()]


def _concerns(rule: Exclusion, audit: Audit) -> bool:
    return rule.audits == ALL or bool({audit.id, audit.category} & set(rule.audits))


def _place(finding: Finding) -> Address:
    return finding.system or "", finding.object or "", finding.id or ""


def _held(columns: Columns, rule: Exclusion, findings: Sequence[Finding]) -> set[Address]:
    """Records of those findings whose fields hold what the rule says."""
    ids = sorted({f.id for f in findings if f.id is not None})
    if not ids:
        return set()
    tests = [_holds(name, wanted) for name, wanted in rule.where.items()]
    values = _values(rule)
    rows = columns.db.execute(
        f"SELECT system, object, id FROM {quoted('row_' + rule.entity)} "  # noqa: S608  (names are ours)
        f"WHERE {' AND '.join(['id IN (SELECT unnest(?))', *tests])}",
        [ids, *values],
    ).fetchall()
    return {(row[0], row[1], row[2]) for row in rows}


def _holds(name: str, wanted: Sequence[str | None]) -> str:
    """The condition that a field holds one of some values, or nothing where None is among them."""
    blank = f" OR {quoted(name)} IS NULL" if None in wanted else ""
    return f"({quoted(name)} IN (SELECT unnest(?)){blank})"


def responsible(
    workspace: Workspace, columns: Columns, results: Sequence[AuditResult]
) -> dict[FindingKey, str]:
    """Who answers for each finding: the steward of its audit, else the owner of the record, else nobody."""
    stewards = workspace.project.audits.stewards
    owners = _owners(columns, results)
    found: dict[FindingKey, str] = {}
    for result in results:
        steward = _steward(stewards, result.audit)
        for finding in result.findings:
            who = steward or owners.get(_place(finding)) or stewards.get(ALL)
            if who:
                found[result.audit.id, address_of(finding)] = who
    return found


def _steward(stewards: Mapping[str, str], audit: Audit) -> str | None:
    """Named for the audit itself, else for its category, else for its entity."""
    names = (audit.id, audit.category, audit.entity)
    return next((stewards[name] for name in names if name in stewards), None)


def _owners(columns: Columns, results: Sequence[AuditResult]) -> dict[Address, str]:
    """E-mails of the owners of the records that findings name, where an entity has the field; names, of exports."""
    found: dict[Address, str] = {}
    for entity in columns.mapping.entities:
        owner = next((each.field for each in entity.fields if each.type == "owner"), None)
        if owner is None:
            continue
        ids = {f.id for r in results for f in r.findings if f.entity == entity.entity and f.id}
        said = f"coalesce({quoted(owner)}, {quoted(owner + '_raw')})"
        query = f"SELECT system, object, id, {said} FROM {quoted('row_' + entity.entity)}"  # noqa: S608  (names are ours)
        rows = rows_where(columns, query, "id", sorted(ids))
        found |= {(row[0], row[1], row[2]): row[3] for row in rows if _is_person(row[3])}
    return _by_one_name(found)


_NAME = re.compile(r"[^\W\d_]+(?:[ .,'\u2019-]+[^\W\d_]+)+\.?")


def _is_person(said: str | None) -> bool:
    """True for an e-mail, and for a name as exports have it: not for the id of a user whom nobody knows."""
    return said is not None and ("@" in said or _NAME.fullmatch(said) is not None)


def _by_one_name(owners: dict[Address, str]) -> dict[Address, str]:
    """The owners with one spelling for each: Laura Gomez in one export is Laura Gómez of the other."""
    shown: dict[str, str] = {}
    for name in sorted(set(owners.values()), key=lambda name: (name.isascii(), name)):
        shown.setdefault(folded(name) if "@" not in name else name, name)
    return {a: shown.get(folded(name), name) for a, name in owners.items()}


def compared(store: Store, facts: ReportFacts) -> ReportFacts:
    """The facts with what each audit found when it was last asked: its first time is its own baseline."""
    earlier = [run for run in store.runs(200) if run.verb == "audit" and run.status == "done"]
    runs = [
        next((each for each in earlier if result.audit.id in each.counts), None)
        for result in facts.results
    ]
    results = tuple(
        replace(result, before=_found_in(store, run, result.audit.id))
        for result, run in zip(facts.results, runs, strict=True)
    )
    last = max((run.started_at for run in runs if run), default=None)
    return replace(facts, results=results, compared_with=last)


def _found_in(store: Store, run: RunRow | None, audit: str) -> frozenset[FindingAddress] | None:
    """Addresses of what an audit found in a run; None without a run that asked it and kept all of it."""
    if run is None:
        return None
    found = store.findings(run.id, audit)
    return frozenset(map(address_of, found)) if len(found) >= run.counts[audit] else None
