"""What each person has to do: the findings that they answer for, first things first, with the work they come to.

First comes what blocks a sync, then errors, then what money hangs on (`fix_first`); of one audit the largest amounts,
and what is new. Whoever is responsible is a steward or the owner of the record (`docs/audits.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmsync.core.auditing import AuditResult, Finding
from crmsync.reports.as_xlsx import by_person
from crmsync.reports.facts import ReportFacts


@dataclass(frozen=True, slots=True)
class WorkTask:
    """What one person has to do for one audit: the findings, the most urgent first."""

    result: AuditResult
    findings: tuple[Finding, ...]

    @property
    def minutes(self) -> float:
        """About how long it takes."""
        return self.result.audit.minutes * len(self.findings)

    @property
    def amount(self) -> float:
        """What hangs on it: a deal that two systems hold counts once."""
        worth: dict[object, float] = {}
        for each in self.findings:
            name = each.key or (each.system, each.object, each.id)
            worth[name] = max(worth.get(name, 0), each.amount or 0)
        return sum(worth.values())


@dataclass(frozen=True, slots=True)
class Worklist:
    """The tasks of one person, the first thing first."""

    person: str
    tasks: tuple[WorkTask, ...]

    @property
    def findings(self) -> int:
        """How many records or fields there are to look at."""
        return sum(len(each.findings) for each in self.tasks)

    @property
    def minutes(self) -> float:
        """About how long it all takes."""
        return sum(each.minutes for each in self.tasks)

    def rows(self) -> list[tuple[AuditResult, Finding]]:
        """Every finding with its audit, in order."""
        return [(task.result, each) for task in self.tasks for each in task.findings]


def worklists(facts: ReportFacts, most: int) -> list[Worklist]:
    """A list for everybody who answers for something, the longest first; what nobody answers for at the end.

    People beyond `most` share one list.
    """
    found: Mapping[str, Sequence[tuple[AuditResult, Finding]]] = by_person(facts, most)
    return [Worklist(person, _tasks(rows)) for person, rows in found.items()]


def _tasks(rows: Sequence[tuple[AuditResult, Finding]]) -> tuple[WorkTask, ...]:
    """One task an audit, in the order of the rows, which is that of `fix_first`."""
    found: dict[str, list[tuple[AuditResult, Finding]]] = {}
    for row in rows:
        found.setdefault(row[0].audit.id, []).append(row)
    return tuple(WorkTask(part[0][0], _urgent_first(part)) for part in found.values())


def _urgent_first(rows: Sequence[tuple[AuditResult, Finding]]) -> tuple[Finding, ...]:
    ranked = sorted(rows, key=lambda row: (-(row[1].amount or 0), not row[0].is_new(row[1])))
    return tuple(finding for _, finding in ranked)
