"""Audits and findings: an audit is one question whose rows are the findings.

Must not know: how a query is run, or how a finding is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
Text: TypeAlias = dict[Literal["en", "es"], str]

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit: its header as written in the file, and its query.

    `needs` names what must be there (`contact.email`, `association`, `system:hubspot`), else the audit is
    not checked. `eligible` is a query that counts what was looked at. `blocking` audits keep the records
    they object to out of a sync.
    """

    __pydantic_config__ = _STRICT
    id: str
    name: str
    severity: Severity
    entity: str
    category: str
    summary: Text
    why: Text
    remedy: Text
    query: str
    needs: list[str] = field(default_factory=list)
    eligible: str = ""
    blocking: bool = False
    resolves: list[str] = field(default_factory=list)
    minutes: float = 2.0
    profile: Literal["essential", "all"] = "essential"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row an audit objects to. A row about a pair has a key; a row about a record a native id."""

    audit: str
    severity: Severity
    entity: str
    system: str | None
    object: str | None
    id: str | None
    key: str | None
    field: str | None = None
    detail: str | None = None
    amount: float | None = None


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What one audit found: its findings in order of address, and how many records it looked at."""

    audit: Audit
    findings: tuple[Finding, ...]
    eligible: int | None = None
    not_checked: str | None = None

    @property
    def amount(self) -> float:
        """The money that hangs on the findings, 0 where none does."""
        return sum(finding.amount or 0.0 for finding in self.findings)

    @property
    def by_field(self) -> dict[tuple[str, str], int]:
        """How many findings each (entity, field) has, the most first; empty unless they are about several."""
        found = Counter((each.entity, each.field) for each in self.findings if each.field)
        return dict(sorted(found.items(), key=_most_first)) if len(found) > 1 else {}


def _most_first(counted: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -counted[1], counted[0]


def missing_needs(audit: Audit, known: Iterable[str]) -> list[str]:
    """What an audit needs and the snapshots do not have, sorted."""
    return sorted(set(audit.needs) - set(known))


def fix_first(results: Sequence[AuditResult], most: int = 5) -> list[AuditResult]:
    """Audits with findings: blocking first, then by severity, money and number."""
    found = [result for result in results if result.findings]
    return sorted(found, key=_urgency)[:most]


def _urgency(result: AuditResult) -> tuple[bool, int, float, int, str]:
    audit = result.audit
    severity = SEVERITIES.index(audit.severity)
    return (not audit.blocking, severity, -result.amount, -len(result.findings), audit.id)


def gate(results: Sequence[AuditResult], fail_on: Severity | None) -> list[AuditResult]:
    """Audits that fail the gate: those with findings of that severity or worse; none without a gate."""
    if fail_on is None:
        return []
    worst = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return [r for r in results if r.findings and r.audit.severity in worst]


def blocked_keys(results: Sequence[AuditResult]) -> dict[str, frozenset[str]]:
    """Keys of customers that blocking audits object to, with the ids of all of them."""
    found: dict[str, frozenset[str]] = {}
    for result in results:
        for finding in result.findings if result.audit.blocking else ():
            if finding.key is not None:
                found[finding.key] = found.get(finding.key, frozenset()) | {result.audit.id}
    return found


def counts(results: Sequence[AuditResult]) -> Mapping[Severity, int]:
    """Findings by severity, every severity named."""
    found = dict.fromkeys(SEVERITIES, 0)
    for result in results:
        found[result.audit.severity] += len(result.findings)
    return found
