"""Audits and mapping changes as JSON for programs.

`format_version` is major.minor: keys are added under the same major and never renamed or removed; readers
ignore keys they do not know. Numbers and dates are not localised.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from crmsync.core.auditing import SEVERITIES, AuditResult, Finding, counts
from crmsync.core.figures import BANDS, Figures
from crmsync.reports.cleaning import safe_link
from crmsync.reports.details import masked_detail
from crmsync.reports.facts import (
    Impact,
    ReportFacts,
    SystemFacts,
    addresses_of,
    link_of,
    responsible_for,
)
from crmsync.reports.lifecycle_figures import figures_json
from crmsync.reports.masking import mask
from crmsync.reports.profile_json import completeness_body, profile_body
from crmsync.reports.roles_rows import figures_body as roles_body
from crmsync.reports.score import score_body
from crmsync.reports.verdict import readiness

FORMAT_VERSION = "1.4"


def audit_json(facts: ReportFacts, *, unmask: bool = False) -> str:
    """Everything the audits found, masked unless asked otherwise, with a line end."""
    ready = readiness(facts.results)
    checked = [result for result in facts.results if result.not_checked is None]
    return _dumps(
        {
            "format_version": FORMAT_VERSION,
            "version": facts.version,
            "title": facts.title,
            "run": facts.run,
            "made_at": facts.made_at.isoformat(),
            "as_of": facts.as_of.isoformat(),
            "mapping_digest": facts.mapping_digest,
            "currency": facts.currency,
            "wrote": facts.wrote,
            "masked": not unmask,
            "systems": [_system(system) for system in facts.systems],
            "verdict": {
                "state": ready.state,
                "blocking": [result.audit.id for result in ready.blocking],
            },
            "score": score_body(facts),
            "unread": [
                {"system": system, "object": object_, "why": why}
                for system, object_, why in facts.unread
            ],
            "compared_with": facts.compared_with and facts.compared_with.isoformat(),
            "counts": {name: counts(checked)[name] for name in SEVERITIES},
            "lifecycle": figures_json(facts.lifecycle),
            "segments": [asdict(each) for each in facts.segments],
            "audits": [_audit(facts, result, unmask=unmask) for result in facts.results],
            "figures": figures_body(facts.figures),
            "roles": roles_body(facts.roles),
            "completeness": completeness_body(facts.completeness),
            "profile": profile_body(facts.profile),
        }
    )


def figures_body(figures: Figures) -> dict[str, Any]:
    """The first figures with their shares, seconds as numbers; what nobody can say is null."""
    body = asdict(figures)
    del body["owners"]
    for speed, each in zip(body["speeds"], figures.speeds, strict=True):
        speed["owner_name"] = figures.owners.get((each.system, each.owner), "")
        for name in ("share_within", "share_never", "share_unmeasured"):
            speed[name] = getattr(each, name)
    body["bands_minutes"] = BANDS
    body["outcome"]["undecided"] = figures.outcome.undecided
    for rate, told in zip(body["conversions"], figures.conversions, strict=True):
        rate |= {"snapshot": told.snapshot, "cohort": told.cohort}
    body["notes"] = [message.format(**holes) for message, holes in figures.notes]
    return body


def _dumps(body: Any) -> str:
    text = json.dumps(body, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode() + "\n"


def _system(system: SystemFacts) -> dict[str, Any]:
    return {**asdict(system), "counts": dict(system.counts)}


def _audit(facts: ReportFacts, result: AuditResult, *, unmask: bool) -> dict[str, Any]:
    audit = result.audit
    return {
        "id": audit.id,
        "name": audit.name,
        "severity": audit.severity,
        "category": audit.category,
        "entity": audit.entity,
        "blocking": audit.blocking,
        "summary": audit.summary,
        "why": audit.why,
        "remedy": audit.remedy,
        "checked": result.not_checked is None,
        "not_checked": result.not_checked,
        "eligible": result.eligible,
        "affected": result.count,
        "change": None if result.change is None else asdict(result.change),
        "waived": len(result.waived),
        "excluded": result.excluded,
        "failed": None if result.failed is None else str(result.failed),
        "params": dict(audit.params),
        "amount": float(result.amount),
        "minutes": audit.minutes * result.count,
        "work_cost": audit.minutes * result.count / 60 * facts.hour if facts.hour else None,
        "findings": [_finding(facts, result, each, unmask=unmask) for each in result.findings],
    }


def _finding(
    facts: ReportFacts, result: AuditResult, finding: Finding, *, unmask: bool
) -> dict[str, Any]:
    addresses = addresses_of(facts, finding)
    names = " ".join(facts.labels.get(address, "") for address in addresses)
    detail = finding.detail if unmask else masked_detail(finding, names)
    links = [safe_link(link_of(facts.links, address)) for address in addresses]
    return {
        "system": finding.system,
        "object": finding.object,
        "id": finding.id,
        "key": finding.key,
        "field": finding.field,
        "detail": None if finding.detail is None else detail,
        "amount": finding.amount,
        "responsible": responsible_for(facts, finding),
        "new": None if result.before is None else result.is_new(finding),
        "links": [link for link in links if link],
    }


def impact_json(impact: Impact, *, unmask: bool = False) -> str:
    """What a mapping change would do, with masked samples and a line end."""
    body = asdict(impact)
    body["snapshots"] = {name: at.isoformat() for name, at in impact.snapshots.items()}
    body["samples"] = [
        {
            **asdict(sample),
            "before": _masked(sample.before, sample.kind, unmask=unmask),
            "after": _masked(sample.after, sample.kind, unmask=unmask),
        }
        for sample in impact.samples
    ]
    return _dumps({"format_version": FORMAT_VERSION, "masked": not unmask, **body})


def _masked(text: str | None, kind: str, *, unmask: bool) -> str | None:
    return text if text is None or unmask else mask(text, kind)
