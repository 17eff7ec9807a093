"""Audits on a terminal: one line an audit, what to fix first, and the verdict.

Plain text; colours only where the caller asks for them (terminal.wants_colour).
"""

from __future__ import annotations

from collections.abc import Sequence

from crmsync.core.auditing import SEVERITIES, AuditResult, counts, fix_first
from crmsync.language import translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number, quantity, share, work
from crmsync.reports.plan_text import plan_text
from crmsync.reports.terminal import columns, painted
from crmsync.reports.verdict import headline, readiness, reasons, sentence
from crmsync.reports.view_text import explain_text, view_text

__all__ = ["audit_text", "explain_text", "plan_text", "view_text"]
_TONES = {"ready": "good", "not_ready": "error", "unknown": "warning"}


def audit_text(results: Sequence[AuditResult], language: str, *, colours: bool = False) -> str:
    """The audits as a summary: verdict, findings by category, what to fix first, what was not run."""
    checked = [result for result in results if result.not_checked is None]
    parts = [
        _verdict(results, language, colours=colours),
        *(
            _category(name, checked, language, colours=colours)
            for name in words.categories_of(checked)
        ),
        _first(checked, language),
        _unchecked(results, language),
        _totals(checked, language),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _verdict(results: Sequence[AuditResult], language: str, *, colours: bool) -> str:
    ready = readiness(results)
    lines = [
        painted(headline(ready, language), _TONES[ready.state], colours=colours),
        sentence(ready, language),
        *(f"  - {text}" for _, text in reasons(ready, language)),
    ]
    return "\n".join(lines)


def _category(name: str, checked: Sequence[AuditResult], language: str, *, colours: bool) -> str:
    results = [result for result in checked if result.audit.category == name]
    found = fix_first(results, most=len(results))
    title = words.named(words.CATEGORIES, name, language).capitalize()
    clear = [result for result in results if not result.findings]
    shown = [*found, *clear]
    lines = columns([_row(result, language) for result in shown], right=frozenset({2, 3}))
    body = []
    for result, line in zip(shown, lines, strict=True):
        tone = result.audit.severity if result.findings else "good"
        body.append(painted(f"  {line}", tone, colours=colours))
        fields = words.by_field(result, language)
        body += [f"      {fields}"] if fields else []
    return "\n".join([painted(title, "bold", colours=colours), *body])


def _row(result: AuditResult, language: str) -> tuple[str, ...]:
    audit, n = result.audit, len(result.findings)
    of = number(result.eligible, language) if result.eligible is not None else ""
    return (
        words.MARKS[audit.severity] if n else "✓",
        clean(audit.id, 20),
        number(n, language),
        share(n, result.eligible or 0, language) if n else "",
        translate("of {of}", language).format(of=of) if of else "",
        words.title_of(audit, language),
        f"[{translate('Blocks a sync', language)}]" if audit.blocking and n else "",
    )


def _first(checked: Sequence[AuditResult], language: str) -> str:
    first = fix_first(checked)
    if not first:
        return ""
    lines = [
        f"  {place}. {words.title_of(result.audit, language)} "
        f"({work(result.audit.minutes * len(result.findings), language)})\n"
        f"     {words.text_in(result.audit.remedy, language)}"
        for place, result in enumerate(first, 1)
    ]
    return "\n".join([translate("What to fix first", language), *lines])


def _unchecked(results: Sequence[AuditResult], language: str) -> str:
    rows = [
        (clean(result.audit.id, 20), words.why_unchecked(result.not_checked, language))
        for result in results
        if result.not_checked is not None
    ]
    if not rows:
        return ""
    title = translate("What was not checked, and why", language)
    return "\n".join([title, *(f"  {line}" for line in columns(rows))])


def _totals(checked: Sequence[AuditResult], language: str) -> str:
    found = counts(checked)
    by_severity = ", ".join(
        f"{translate(words.SEVERITIES[name], language)}: {number(found[name], language)}"
        for name in SEVERITIES
    )
    return f"{quantity('{n} audit', '{n} audits', len(checked), language)}. {by_severity}."
