"""Audits on a terminal: one line an audit, what to fix first, and the verdict.

Plain text; colours only where the caller asks for them (terminal.wants_colour).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsync.core.auditing import SEVERITIES, AuditResult, counts, fix_first
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.explain_text import explain_text
from crmsync.reports.facts import ReportFacts
from crmsync.reports.lifecycle_figures import figures_text
from crmsync.reports.numbers import money, number, quantity, share, work
from crmsync.reports.plan_text import plan_text
from crmsync.reports.roles_words import audit_line
from crmsync.reports.score import gains_of, score_in, score_text
from crmsync.reports.segments import segments_text
from crmsync.reports.since import since_text
from crmsync.reports.terminal import columns, painted
from crmsync.reports.unread_text import unread_lines
from crmsync.reports.verdict import headline, readiness, reasons, sentence
from crmsync.reports.view_text import view_text

__all__ = ["audit_text", "explain_text", "plan_text", "view_text"]
_TONES = {"ready": "good", "not_ready": "error", "unknown": "warning"}


def audit_text(facts: ReportFacts, language: str, *, colours: bool = False) -> str:
    """The audits as a summary: verdict, what is new, findings by what to fix first, what was not checked."""
    results = facts.results
    checked = [result for result in results if result.not_checked is None]
    parts = [
        _verdict(results, language, colours=colours),
        score_text(facts, language, colours=colours),
        since_text(facts, language),
        _found(checked, language, colours=colours),
        _first(facts, checked, language),
        audit_line(facts.roles, language),
        _apart(facts, checked, language),
        segments_text(facts, language),
        figures_text(facts.lifecycle, language),
        _unchecked(facts, language),
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


def _found(checked: Sequence[AuditResult], language: str, *, colours: bool) -> str:
    """A line for each audit that found something, what to fix first at the top, and how many found nothing."""
    found = fix_first(checked, most=len(checked))
    lines = columns([_row(result, language) for result in found], right=frozenset({2, 3}))
    body = []
    for result, line in zip(found, lines, strict=True):
        body.append(painted(f"  {line}", result.audit.severity, colours=colours))
        fields = words.by_field(result, language)
        body += [f"      {fields}"] if fields else []
    clear = len(checked) - len(found)
    if clear:
        said = quantity("{n} audit found nothing.", "{n} audits found nothing.", clear, language)
        body.append(painted(f"  ✓ {said}", "good", colours=colours))
    title = translate("Findings, what to fix first at the top", language)
    return "\n".join([painted(title, "bold", colours=colours), *body]) if body else ""


def _row(result: AuditResult, language: str) -> tuple[str, ...]:
    audit, n = result.audit, result.count
    of = number(result.eligible, language) if result.eligible is not None else ""
    return (
        words.MARKS[audit.severity],
        clean(audit.id, 20),
        number(n, language),
        share(n, result.eligible or 0, language),
        translate("of {of}", language).format(of=of) if of else "",
        words.title_of(audit, language),
        _marks(result, language),
    )


def _marks(result: AuditResult, language: str) -> str:
    """`[Blocks a sync] +2 −1`: what is new and what is fixed since the audit before."""
    change = result.change
    marks = [f"[{translate('Blocks a sync', language)}]"] if result.audit.blocking else []
    marks += [f"+{number(change.new, language)}"] if change and change.new else []
    marks += [f"−{number(change.fixed, language)}"] if change and change.fixed else []
    return " ".join(marks)


def _first(facts: ReportFacts, checked: Sequence[AuditResult], language: str) -> str:
    first = fix_first(checked)
    if not first:
        return ""
    gains = gains_of(score_in(facts), language)
    lines = [
        f"  {place}. {words.title_of(result.audit, language)} "
        f"({_worth(facts, result, gains, language)})\n"
        f"     {words.text_in(result.audit.remedy, language)}"
        for place, result in enumerate(first, 1)
    ]
    return "\n".join([translate("How to fix the first of them", language), *lines])


def _worth(facts: ReportFacts, result: AuditResult, gains: Mapping[str, str], language: str) -> str:
    """The work, and the points of the score that it gives back."""
    effort = _effort(facts, result.audit.minutes * result.count, language)
    return ", ".join(filter(None, (effort, gains.get(result.audit.id))))


def _effort(facts: ReportFacts, minutes: float, language: str) -> str:
    """About how much work that is, and what it costs where an hour has a price."""
    if not facts.hour:
        return work(minutes, language)
    return (
        f"{work(minutes, language)}, {money(minutes / 60 * facts.hour, facts.currency, language)}"
    )


def _apart(facts: ReportFacts, checked: Sequence[AuditResult], language: str) -> str:
    """What is in no number: findings that somebody answers for, records left out, waivers that are over."""
    waived = sum(len(result.waived) for result in checked)
    left = sum(result.excluded for result in checked)
    over = len(facts.expired)
    told = [
        (waived, N_("{n} finding is accepted by a waiver."), N_("{n} findings are accepted by waivers.")),
        (left, N_("{n} finding is left out by crmsync.yml."), N_("{n} findings are left out by crmsync.yml.")),
        (over, N_("{n} waiver is over: what it accepted counts again."),
         N_("{n} waivers are over: what they accepted counts again.")),
    ]  # fmt: skip
    return "\n".join(quantity(one, many, n, language) for n, one, many in told if n)


def _unchecked(facts: ReportFacts, language: str) -> str:
    rows = [
        (
            clean(result.audit.id, 20),
            words.why_unchecked(result.not_checked, language, result.titles, result.exports),
        )
        for result in facts.results
        if result.not_checked is not None
    ]
    unread = unread_lines(facts, language)
    if not rows and not unread:
        return ""
    title = translate("What was not checked, and why", language)
    return "\n".join([title, *(f"  {line}" for line in (*unread, *columns(rows)))])


def _totals(checked: Sequence[AuditResult], language: str) -> str:
    found = counts(checked)
    by_severity = ", ".join(
        f"{translate(words.SEVERITIES[name], language)}: {number(found[name], language)}"
        for name in SEVERITIES
    )
    return f"{quantity('{n} audit', '{n} audits', len(checked), language)}. {by_severity}."
