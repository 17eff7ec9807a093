"""One number for the state of the data, 0 to 100, and how many points each audit would give back.

Version 1, from an audit up:

| of | points |
|---|---|
| an audit | `(clean - 70 %) / (99 % - 70 %)`, 0 to 1; `clean` is the part of what it looked at and found nothing on |
| an area | the mean of its audits; an error counts three times as much as a warning, a note not at all |
| all | the mean of the areas by WEIGHTS, of those that have points, times 100 |

Ninety-five percent clean is therefore 86, not an A: one record in twenty is what people meet every day. An audit that
was not asked, or that looked at nothing, has no points and takes none; it is listed. A finding that somebody
answers for (a waiver) does not count. What blocks a sync changes no number: it is said beside it, waived or not.

Scores of two versions are not compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, floor
from typing import Any

from crmsync.core.auditing import Audit, AuditResult, Severity, address_of

VERSION = 1
FLOOR, TARGET = 0.70, 0.99
COUNTS: Mapping[Severity, int] = {"error": 3, "warning": 1, "info": 0}

WEIGHTS: Mapping[str, int] = {
    "duplicates": 20,
    "roles": 15,
    "lifecycle": 15,
    "consistency": 15,
    "completeness": 15,
    "validity": 10,
    "consent": 5,
    "freshness": 5,
}
"""Areas and what each counts; an area that a workspace made up counts OTHER."""
OTHER = 5
_INTO: Mapping[str, str] = {
    "ownership": "roles",
    "orphans": "roles",
    "native": "consistency",
    "fields": "validity",
}
"""Categories of audits that are part of an area of another name."""


@dataclass(frozen=True, slots=True)
class AuditScore:
    """The points of one audit (0 to 1), and the points of 100 that all would have more if it found nothing."""

    audit: str
    area: str
    points: float
    counts: int
    gain: float = 0.0


@dataclass(frozen=True, slots=True)
class AreaScore:
    """One area: 0 to 100, None where no audit that counts could be asked."""

    area: str
    weight: int
    points: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """`overall` is 0 to 100, None where nothing could be asked; `areas` in order of WEIGHTS, then others by name.

    `audits` are those with points, in order of results; `without` those that have none. `blocked` are the ids of
    blocking audits that found something, whoever lives with it.
    """

    overall: float | None
    areas: tuple[AreaScore, ...] = ()
    audits: tuple[AuditScore, ...] = ()
    without: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    version: int = VERSION


def score_of(results: Sequence[AuditResult]) -> Score:
    """The score of what the audits found."""
    scored = [found for found in map(_scored, results) if found is not None]
    audits = {each.audit for each in scored}
    return Score(
        overall=_overall(scored),
        areas=_areas(scored),
        audits=tuple(_with_gain(each, scored) for each in scored),
        without=tuple(r.audit.id for r in results if r.audit.id not in audits),
        blocked=tuple(r.audit.id for r in results if r.audit.blocking and (r.findings or r.waived)),
    )


def basis_of(results: Sequence[AuditResult], rules: str = "") -> str:
    """What a score is made of, as a digest: its version, the audits that count and were asked, and `rules`.

    An audit is its severity, its category, its params and its queries; `rules` is what else a workspace says that
    changes an answer. Scores of two bases are not compared: the question was another one.
    """
    asked = [r.audit for r in results if r.not_checked is None and COUNTS[r.audit.severity]]
    questions = sorted(json.dumps(_question(each), sort_keys=True) for each in asked)
    return sha256(json.dumps([VERSION, rules, questions]).encode()).hexdigest()[:16]


def _question(audit: Audit) -> dict[str, Any]:
    names = ("id", "severity", "category", "params", "query", "eligible", "python")
    return {name: getattr(audit, name) for name in names}


def whole_points(points: float) -> int:
    """Points as a person reads them, without decimals; 100 only where nothing is missing."""
    return floor(points + 1e-9) if points > 99 else floor(points + 0.5)


def area_of(category: str) -> str:
    """The area that a category of audits is part of."""
    return _INTO.get(category, category)


def _scored(result: AuditResult) -> AuditScore | None:
    if result.not_checked is not None or not result.eligible:
        return None
    clean = 1 - min(1.0, affected(result) / result.eligible)
    points = min(1.0, max(0.0, (clean - FLOOR) / (TARGET - FLOOR)))
    audit = result.audit
    return AuditScore(audit.id, area_of(audit.category), points, COUNTS[audit.severity])


def affected(result: AuditResult) -> int:
    """How many records or customers an audit objects to, each once however many fields of it.

    Of an audit that found more than is kept it is an estimate: the rest is as the rows that are kept are.
    """
    records = len({address_of(finding)[:4] for finding in result.findings})
    kept = len(result.findings) + len(result.waived) + result.excluded
    return ceil(records * (kept + result.beyond) / kept) if kept else result.beyond


def _with_gain(audit: AuditScore, all_: Sequence[AuditScore]) -> AuditScore:
    """The audit, with what the whole would gain if it found nothing."""
    mended = AuditScore(audit.audit, audit.area, 1.0, audit.counts)
    after = _overall([mended if each is audit else each for each in all_])
    before = _overall(all_)
    gain = 0.0 if after is None or before is None else after - before
    return AuditScore(audit.audit, audit.area, audit.points, audit.counts, gain)


def _overall(audits: Sequence[AuditScore]) -> float | None:
    areas = [each for each in _areas(audits) if each.points is not None]
    return _mean((each.points or 0.0, each.weight) for each in areas)


def _areas(audits: Sequence[AuditScore]) -> tuple[AreaScore, ...]:
    names = {each.area for each in audits}
    order = [*WEIGHTS, *sorted(names - WEIGHTS.keys())]
    return tuple(_area(name, audits) for name in order)


def _area(name: str, audits: Sequence[AuditScore]) -> AreaScore:
    mean = _mean((each.points, each.counts) for each in audits if each.area == name)
    return AreaScore(name, WEIGHTS.get(name, OTHER), None if mean is None else 100 * mean)


def _mean(weighted: Iterable[tuple[float, int]]) -> float | None:
    """The weighted mean, None if nothing has a weight."""
    parts = list(weighted)
    total = sum(weight for _, weight in parts)
    return sum(value * weight for value, weight in parts) / total if total else None
