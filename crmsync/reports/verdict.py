"""One sentence a manager can read: may a sync start, and if not, what stands in its way.

a blocking audit has findings          not ready
none has, but one was not checked      not known
no audit that blocks was run           not known
otherwise                              ready
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crmsync.core.auditing import AuditResult
from crmsync.language import translate
from crmsync.reports.numbers import quantity
from crmsync.reports.words import VERDICTS, joined, named, title_of, why_unchecked


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a sync may start; `blocking` are the audits in its way, worst first."""

    state: Literal["ready", "not_ready", "unknown"]
    blocking: tuple[AuditResult, ...] = ()


def readiness(results: Sequence[AuditResult]) -> Readiness:
    """What the blocking audits say together."""
    blocking = [result for result in results if result.audit.blocking]
    found = sorted((r for r in blocking if r.findings), key=lambda r: (-r.count, r.audit.id))
    if found:
        return Readiness("not_ready", tuple(found))
    unchecked = tuple(result for result in blocking if result.not_checked is not None)
    if unchecked or not blocking:
        return Readiness("unknown", unchecked)
    return Readiness("ready")


def headline(ready: Readiness, language: str) -> str:
    """The verdict in a few words."""
    return named(VERDICTS, ready.state, language)


def sentence(ready: Readiness, language: str) -> str:
    """What the verdict rests on, in one sentence."""
    return _SENTENCES[ready.state](ready, language)


def _ready(_ready: Readiness, language: str) -> str:
    return translate("No audit that blocks a sync found anything.", language)


def _not_ready(ready: Readiness, language: str) -> str:
    return quantity(
        "{n} audit that blocks a sync found something:",
        "{n} audits that block a sync found something:",
        len(ready.blocking),
        language,
    )


def reasons(ready: Readiness, language: str) -> list[tuple[AuditResult, str]]:
    """What stands in the way of a sync, worst first: the audit and its sentence with the number."""
    return [
        (result, f"{title_of(result.audit, language)} ({_findings(result, language)})")
        for result in ready.blocking
        if result.findings
    ]


def _findings(result: AuditResult, language: str) -> str:
    return quantity("{n} finding", "{n} findings", result.count, language)


def _unknown(ready: Readiness, language: str) -> str:
    if not ready.blocking:
        return translate("No audit that could block a sync was run.", language)
    names = joined(
        [f"{r.audit.id} ({title_of(r.audit, language)})" for r in ready.blocking], language
    )
    text = quantity(
        "{n} audit that could block a sync could not be asked, so nothing is promised: {names}.",
        "{n} audits that could block a sync could not be asked, so nothing is promised: {names}.",
        len(ready.blocking),
        language,
    )
    first = ready.blocking[0]
    reason = why_unchecked(first.not_checked or "", language, first.titles, first.exports)
    return f"{text.format(names=names)} {reason}".rstrip()


_SENTENCES = {"ready": _ready, "not_ready": _not_ready, "unknown": _unknown}
