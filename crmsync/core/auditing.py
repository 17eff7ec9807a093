"""Audits and findings: an audit is one question whose rows are the findings.

Must not know: how a query is run, or how a finding is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from crmsync.errors import Problem

Severity: TypeAlias = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
Text: TypeAlias = dict[Literal["en", "es"], str]
Param: TypeAlias = int | float | str | list[str]
"""What a query may be given besides the instant: a number, a word, or several words."""
AS_OF = "as_of"
"""The one parameter that every query may ask for."""

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit: its header as written in the file, and its query.

    `needs` names what must be there (`contact.email`, `association`, `system:hubspot`), else the audit is
    not checked. `eligible` is a query that counts what was looked at. Of customers whom a `blocking` audit
    objects to a sync writes nothing but consent, unless its plan settles all of it. `params` are the numbers and
    words that a workspace may set otherwise; a query asks for them as `$name`. MADE are not in a header: `written_in`
    and `line` say where it stands if that is no file of its own, `python` names the function that finds the rows
    where no query does (`acme_audits.calls:LATE`).
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
    params: dict[str, Param] = field(default_factory=dict)
    written_in: str = ""
    line: int = 1
    python: str = ""

    @property
    def file(self) -> str:
        """Where it stands in a workspace; of one from an installed package, where its function is."""
        return self.written_in or self.python or f"audits/{self.name}.sql"


MADE = ("name", "query", "written_in", "line", "python")
"""What is known of an audit from its file, and never said in its header."""


NO_RECORDS = frozenset(("field", "automation", "owner"))
"""Entities of findings that are about a system itself: their id opens no record, and they have no customer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row an audit objects to. A row about a pair has a key; a row about a record a native id.

    Of an entity of NO_RECORDS, `id` is the name of a native field, or the id of an automation or a user.
    """

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


FindingAddress: TypeAlias = tuple[str, str, str, str, str]
"""Entity, system, object, native id (or key) and field: what makes two findings of one audit the same."""


def address_of(finding: Finding) -> FindingAddress:
    """What stays of a finding from one audit to the next, whatever it says in detail."""
    subject = finding.id or finding.key or ""
    return finding.entity, finding.system or "", finding.object or "", subject, finding.field or ""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the findings of one audit since the audit before."""

    new: int
    fixed: int
    open: int


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What one audit found: its findings in order of address, and how many records it looked at.

    `beyond` counts findings that were too many to be kept. `not_checked` says why it was not asked, `failed` what
    is wrong with its file. `waived` are findings that somebody answers for, `excluded` counts those of records that
    the workspace leaves out. `before` are the addresses of what the audit before found; None if nobody knows.
    `titles` are what the mapping calls the fields of findings, by entity and field, where it says so. `exports` are
    the systems that are files, "" among them where all are, so that nobody is told to ask them for rights.
    """

    audit: Audit
    findings: tuple[Finding, ...]
    eligible: int | None = None
    not_checked: str | None = None
    titles: Mapping[tuple[str, str], Text] = field(default_factory=dict)
    beyond: int = 0
    failed: Problem | None = None
    waived: tuple[Finding, ...] = ()
    excluded: int = 0
    before: frozenset[FindingAddress] | None = None
    exports: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many findings there are, those beyond what is kept too."""
        return len(self.findings) + self.beyond

    @property
    def change(self) -> Change | None:
        """What is new, fixed and still open; None where nothing is known to compare with, or too much was found."""
        if self.before is None or self.beyond or self.not_checked is not None:
            return None
        now = {address_of(finding) for finding in self.findings}
        still = now | {address_of(finding) for finding in self.waived}
        return Change(len(now - self.before), len(self.before - still), len(now & self.before))

    def is_new(self, finding: Finding) -> bool:
        """True if the audit before did not find it; False where nobody knows."""
        return self.before is not None and address_of(finding) not in self.before

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


_ASKED = re.compile(r"\$([a-z][a-z0-9_]*)")


def asked_for(query: str) -> set[str]:
    """Names of the parameters that a query asks for: `$days`."""
    return set(_ASKED.findall(query))


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
    return (not audit.blocking, severity, -result.amount, -result.count, audit.id)


def gate(results: Sequence[AuditResult], fail_on: Severity | None) -> list[AuditResult]:
    """Audits that fail the gate: those with findings of that severity or worse; none without a gate."""
    if fail_on is None:
        return []
    worst = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return [r for r in results if r.findings and r.audit.severity in worst]


def blocked_keys(results: Sequence[AuditResult]) -> dict[str, frozenset[str]]:
    """Keys of customers that blocking audits object to, with the ids of all of them.

    Waived findings block all the same: to live with one is not to write over it.
    """
    found: dict[str, frozenset[str]] = {}
    for result in results:
        for finding in (*result.findings, *result.waived) if result.audit.blocking else ():
            if finding.key is not None:
                found[finding.key] = found.get(finding.key, frozenset()) | {result.audit.id}
    return found


def counts(results: Sequence[AuditResult]) -> Mapping[Severity, int]:
    """Findings by severity, every severity named."""
    found = dict.fromkeys(SEVERITIES, 0)
    for result in results:
        found[result.audit.severity] += result.count
    return found
