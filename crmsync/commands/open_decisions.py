"""What is open in a workspace and only people can decide, kind by kind, over the last snapshots."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations

from crmsync.commands.audit import audit
from crmsync.commands.columns import open_columns
from crmsync.commands.deciding import decided_pairs
from crmsync.commands.duplicates import find_duplicates
from crmsync.commands.fix import propose_roles
from crmsync.commands.keeping_answers import kept_answers
from crmsync.commands.labelling import labels_for
from crmsync.commands.links import deep_links, read_identities
from crmsync.commands.plan import demand_memory, demand_news, demand_rest, drafted
from crmsync.commands.workspace import Workspace
from crmsync.core.auditing import fix_first
from crmsync.core.open_decisions import (
    DECISION_KINDS,
    UNSURE,
    DecisionKind,
    OpenDecision,
    role_question,
)
from crmsync.core.planning import ConflictLine, Held, Line
from crmsync.core.records import Ref
from crmsync.reports.decision_lists import DecisionList, DecisionRow
from crmsync.reports.decision_rows import (
    Telling,
    conflict_row,
    create_row,
    duplicate_row,
    link_row,
    role_row,
    waiver_row,
)
from crmsync.warehouse.audit_db import as_of
from crmsync.warehouse.labels import names_of

MOST_ROWS = 5000
"""Rows of a sheet: more decisions than anybody takes before the next list."""
_UNCLEAR = "ambiguous"
_ASKED = "ask"


@dataclass(slots=True)
class Gathered:
    """Rows by kind, of which audit the findings are, and when the systems were last read."""

    rows: dict[DecisionKind, list[DecisionRow]] = field(default_factory=dict)
    run: str = ""
    read_at: datetime | None = None


def list_decisions(
    workspace: Workspace,
    language: str,
    *,
    kinds: Collection[DecisionKind] = DECISION_KINDS,
    unmask: bool = False,
    most: int = MOST_ROWS,
) -> DecisionList:
    """Everything that is open and was not answered yet, each question once, at most so many of a kind."""
    found = gathered(workspace, language, kinds=kinds, unmask=unmask)
    known = {(each.kind, tuple(each.about), each.seen) for each in kept_answers(workspace)}
    rows: dict[DecisionKind, Sequence[DecisionRow]] = {}
    left: dict[DecisionKind, int] = {}
    subjects: set[tuple[str, ...]] = set()
    for kind, each in found.rows.items():
        unanswered = [row for row in each if _place(row.asked) not in known]
        unanswered = [row for row in unanswered if row.asked.subject not in subjects]
        subjects |= {row.asked.subject for row in unanswered}
        rows[kind] = unanswered[:most]
        left |= {kind: len(unanswered) - most} if len(unanswered) > most else {}
    now = workspace.now()
    return DecisionList(
        workspace.project.name,
        workspace.project.title or workspace.project.name,
        now,
        found.read_at or now,
        rows,
        found.run,
        left,
        not unmask,
    )


def _place(asked: OpenDecision) -> tuple[str, tuple[str, ...], str]:
    return asked.kind, asked.address, asked.seen


def gathered(
    workspace: Workspace,
    language: str,
    *,
    kinds: Collection[DecisionKind] = DECISION_KINDS,
    unmask: bool = False,
    audits: Collection[str] = (),
) -> Gathered:
    """The questions of some kinds, those that were answered in `decisions/answers.yml` among them.

    `audits` are those whose findings are asked about, all of the essential profile without any.
    """
    links = deep_links(workspace, read_identities(workspace))
    telling = Telling(workspace.project.name, language, unmask, links)
    found = Gathered()
    if "duplicates" in kinds:
        _duplicates(workspace, telling, found)
    if "roles" in kinds:
        _roles(workspace, telling, found)
    if {"conflicts", "links"} & {*kinds}:
        _of_a_plan(workspace, telling, found)
    if "waivers" in kinds:
        _waivers(workspace, telling, found, audits)
    found.rows = {kind: found.rows.get(kind, []) for kind in DECISION_KINDS if kind in kinds}
    return found


def _duplicates(workspace: Workspace, telling: Telling, found: Gathered) -> None:
    if not any(each.duplicates for each in workspace.mapping.entities):
        return
    report = find_duplicates(workspace)
    found.read_at = report.as_of
    rows = found.rows.setdefault("duplicates", [])
    for group in report.groups:
        facts = {each.ref: (each.name, *(v for _, v in each.facts)) for each in group.records}
        for pair in group.pairs:
            if pair.decided is None:
                both = (pair.one, pair.other)
                asked = _pair(
                    "duplicates", group.entity, both, (*facts[pair.one], *facts[pair.other])
                )
                rows.append(duplicate_row(telling, asked, report, group, pair))


def _pair(
    kind: DecisionKind, entity: str, both: tuple[Ref, Ref], seen: Iterable[str]
) -> OpenDecision:
    one, other = sorted(both)
    address = (entity, str(one), str(other))
    return OpenDecision(kind, address, tuple(seen), pair=(one, other))


def _roles(workspace: Workspace, telling: Telling, found: Gathered) -> None:
    report = propose_roles(workspace, rejected_too=True)
    found.read_at = report.as_of
    found.rows["roles"] = [
        role_row(telling, role_question(each), report, each) for each in report.proposals
    ]


def _of_a_plan(workspace: Workspace, telling: Telling, found: Gathered) -> None:
    """Conflicts, matches that are ambiguous, and creates that wait for a word, of the plan that would be made now."""
    with workspace.store() as store:
        demand_rest(store)
        demand_memory(workspace, store)
        with open_columns(workspace, store) as columns:
            demand_news(store, columns)
            lines = drafted(workspace, store, columns).lines
            labels = {each.key: each.text for each in labels_for(columns, lines)}
            names: dict[Ref, str] = {}
            for entity in columns.mapping.entities:
                names |= names_of(columns, entity, _refs(lines, entity.entity))
            found.read_at = as_of(columns)
    telling = replace(telling, names=names, labels=labels)
    lines = sorted(lines, key=_rank)
    found.rows["conflicts"] = [
        conflict_row(telling, _conflict(each), each)
        for each in lines
        if isinstance(each, ConflictLine)
    ]
    found.rows["links"] = list(_links(workspace, telling, lines))


def _rank(line: Line) -> tuple[str, str, str]:
    return getattr(line, "entity", ""), getattr(line, "key", ""), str(getattr(line, "field", ""))


def _refs(lines: Iterable[Line], entity: str) -> list[Ref]:
    held = [each for each in lines if isinstance(each, Held) and each.entity == entity]
    return [Ref(*ref.split("/", 2)) for each in held for ref in each.refs]


def _conflict(line: ConflictLine) -> OpenDecision:
    seen = tuple(f"{system}={text!r}" for system, text in sorted(line.sides.items()))
    answers = (*sorted(line.sides), UNSURE)
    return OpenDecision("conflicts", (line.entity, line.key, line.field), seen, answers)


def _links(workspace: Workspace, telling: Telling, lines: Iterable[Line]) -> Iterator[DecisionRow]:
    decided = decided_pairs(workspace)
    told: set[tuple[str, ...]] = set()
    for line in lines:
        if not isinstance(line, Held):
            continue
        if line.reason == _ASKED:
            yield create_row(telling, _create(line), line)
        if line.reason.partition(":")[0] != _UNCLEAR:
            continue
        for one, other in combinations([Ref(*ref.split("/", 2)) for ref in line.refs], 2):
            seen = (line.reason, telling.names.get(one, ""), telling.names.get(other, ""))
            asked = _pair("links", line.entity, (one, other), seen)
            if one.system == other.system or frozenset((one, other)) in decided:
                continue
            if asked.address not in told:
                told.add(asked.address)
                yield link_row(telling, asked, line)


def _create(line: Held) -> OpenDecision:
    address = (line.entity, line.key, line.system, line.object)
    return OpenDecision("links", address, tuple(line.refs))


def _waivers(
    workspace: Workspace, telling: Telling, found: Gathered, audits: Collection[str]
) -> None:
    facts = audit(workspace, select=audits, figures=False)
    found.run = facts.run
    rows = found.rows.setdefault("waivers", [])
    for result in fix_first(facts.results, most=len(facts.results)):
        for each in result.findings:
            if each.id or each.key:
                who = f"{each.system}/{each.object}/{each.id}" if each.id else str(each.key)
                address = (each.audit, who, each.field or "")
                asked = OpenDecision("waivers", address, (each.detail or "",), finding=each)
                rows.append(waiver_row(telling, asked, facts, result, each))


def by_name(rows: Mapping[DecisionKind, Sequence[DecisionRow]]) -> dict[str, DecisionRow]:
    """The rows by the name of their question."""
    return {row.key.name: row for each in rows.values() for row in each}
