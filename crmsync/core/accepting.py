"""Findings that people live with: waivers with a reason, an approver and an end; and records left out of an audit.

A waiver takes a finding out of the numbers, never out of what a sync has to leave alone: a blocking audit blocks
with it as without.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from crmsync.core.auditing import AuditResult, Finding

_STRICT = {"extra": "forbid"}
ALL = "all"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Findings of one audit that are accepted until a day, that day included.

    `who` names records as `system/object/id`, customers by key, or `all`; `field` only those of one field.
    """

    __pydantic_config__ = _STRICT
    audit: str
    who: list[str] | Literal["all"]
    reason: str
    approver: str
    until: date
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Waivers:
    """`audits/waivers.yml`."""

    __pydantic_config__ = _STRICT
    waivers: list[Waiver] = field(default_factory=list)


def names_of(finding: Finding) -> frozenset[str]:
    """What a waiver may call the subject of a finding: the record, the customer."""
    record = f"{finding.system}/{finding.object}/{finding.id}" if finding.id else ""
    return frozenset(name for name in (record, finding.key or "") if name)


def covers(waiver: Waiver, finding: Finding, today: date) -> bool:
    """True if the waiver accepts that finding on that day."""
    if waiver.audit != finding.audit or today > waiver.until:
        return False
    if waiver.field is not None and waiver.field != finding.field:
        return False
    return waiver.who == ALL or bool(names_of(finding) & set(waiver.who))


def accepted(
    results: Iterable[AuditResult], waivers: Sequence[Waiver], today: date
) -> list[AuditResult]:
    """The results with the findings that a waiver covers under `waived` instead of `findings`."""
    return [
        _accepted(each, [w for w in waivers if w.audit == each.audit.id], today) for each in results
    ]


def _accepted(result: AuditResult, waivers: Sequence[Waiver], today: date) -> AuditResult:
    if not waivers:
        return result
    waived = [f for f in result.findings if any(covers(w, f, today) for w in waivers)]
    if not waived:
        return result
    gone = set(waived)
    kept = tuple(finding for finding in result.findings if finding not in gone)
    return replace(result, findings=kept, waived=(*result.waived, *waived))


def expired(waivers: Iterable[Waiver], today: date) -> list[Waiver]:
    """Waivers whose day is over: what they accepted counts again."""
    return [each for each in waivers if today > each.until]
