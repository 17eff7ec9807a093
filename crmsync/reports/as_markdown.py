"""The audits as a summary in Markdown, for a pull request or a job's summary page."""

from __future__ import annotations

from crmsync.core.auditing import AuditResult, fix_first
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.escaping import escaped, table
from crmsync.reports.facts import ReportFacts
from crmsync.reports.figures_text import figures_markdown
from crmsync.reports.numbers import instant, money, number, quantity, work
from crmsync.reports.roles_words import audit_line
from crmsync.reports.score import score_text
from crmsync.reports.since import since_text
from crmsync.reports.unread_text import unread_lines
from crmsync.reports.verdict import headline, readiness, reasons, sentence

_MOST_ROWS = 100
_HEADS = (
    "",
    N_("Audit"),
    N_("What it found"),
    N_("Findings"),
    N_("Looked at"),
    N_("Work, about"),
    N_("Money at stake"),
)
_ICONS = {"ready": "🟢", "not_ready": "🔴", "unknown": "🟠"}
SEVERITY_ICONS = {"error": "🔴", "warning": "🟠", "info": "🔵"}


def audit_markdown(facts: ReportFacts, language: str) -> str:
    """Verdict, one table of audits with findings, and what was not checked; no record is named."""
    checked = [result for result in facts.results if result.not_checked is None]
    found = fix_first(checked, most=len(checked))
    parts = [
        *_verdict(facts, language),
        _audits(facts, found, language),
        _clear(len(checked) - len(found), language),
        escaped(audit_line(facts.roles, language), 400),
        _unchecked(facts, language),
        figures_markdown(facts.figures, language),
        f"<sub>crmsync {escaped(facts.version, 30)} · {escaped(facts.run, 60)}</sub>",
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _verdict(facts: ReportFacts, language: str) -> list[str]:
    ready = readiness(facts.results)
    wrote = translate("This run wrote to a CRM", language)
    written = wrote if facts.wrote else translate("Nothing was written", language)
    listed = "\n".join(f"- {escaped(text, 400)}" for _, text in reasons(ready, language))
    return [
        f"## {_ICONS[ready.state]} {escaped(facts.title, 80)}: {headline(ready, language)}",
        f"{sentence(ready, language)}" + (f"\n\n{listed}" if listed else ""),
        escaped(score_text(facts, language).replace("\n", " · "), 600),
        f"{instant(facts.made_at, language)} · {written}",
        since_text(facts, language),
    ]


def _audits(facts: ReportFacts, found: list[AuditResult], language: str) -> str:
    if not found:
        return ""
    named = words.translated(_HEADS, language)
    rows = [_row(facts, result, language) for result in found[:_MOST_ROWS]]
    return table(named, frozenset({3, 4, 5, 6}), rows)


def _row(facts: ReportFacts, result: AuditResult, language: str) -> list[str]:
    audit, n = result.audit, result.count
    blocks = f" **{translate('Blocks a sync', language)}**" if audit.blocking else ""
    severity = words.named(words.SEVERITIES, audit.severity, language)
    fields = words.by_field(result, language)
    return [
        f"{SEVERITY_ICONS[audit.severity]} {severity}",
        escaped(audit.id, 20),
        escaped(words.title_of(audit, language), 300)
        + (f" ({escaped(fields, 400)})" if fields else "")
        + blocks,
        number(n, language),
        number(result.eligible, language) if result.eligible is not None else "-",
        work(audit.minutes * n, language),
        money(result.amount, facts.currency, language) if result.amount else "-",
    ]


def _clear(n: int, language: str) -> str:
    if n <= 0:
        return ""
    return "✅ " + quantity("{n} audit found nothing.", "{n} audits found nothing.", n, language)


def _unchecked(facts: ReportFacts, language: str) -> str:
    unread = [f"- {escaped(line, 400)}" for line in unread_lines(facts, language)]
    lines = [
        f"- {escaped(result.audit.id, 20)}: {escaped(why, 300)}"
        for result in facts.results
        for why in [
            words.why_unchecked(result.not_checked or "", language, result.titles, result.exports)
        ]
        if result.not_checked is not None
    ][:_MOST_ROWS]
    if not lines and not unread:
        return ""
    title = translate("What was not checked, and why", language)
    hidden = [*unread, *lines, "", "</details>"]
    return "\n".join([f"<details><summary>{title}</summary>", "", *hidden])
