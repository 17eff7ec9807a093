"""A mapping change on a terminal: the same facts as the pull-request comment, without its samples."""

from __future__ import annotations

from crmsync.language import translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import Impact
from crmsync.reports.impact_words import (
    HEADLINES,
    LEVEL_WORDS,
    TOTAL_HEADS,
    approval,
    aspect,
    evidence,
    revision,
    risk_text,
    risks_in_order,
    total_rows,
)
from crmsync.reports.numbers import number
from crmsync.reports.terminal import columns, painted

_TONES = {"none": "soft", "safe": "good", "review": "warning", "breaking": "error"}


def diff_text(impact: Impact, language: str, *, colours: bool = False) -> str:
    """Verdict, evidence, totals, risks and changes as plain text."""
    headline = translate(HEADLINES[impact.verdict], language)
    parts = [
        painted(headline[:1].upper() + headline[1:], _TONES[impact.verdict], colours=colours)
        + f"\n{clean(impact.base, 40)} -> {revision(impact.head, language)}\n{evidence(impact, language)}",
        _totals(impact, language),
        _risks(impact, language),
        _changes(impact, language),
        approval(impact, language),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _totals(impact: Impact, language: str) -> str:
    if impact.before is None or impact.after is None:
        return ""
    heads = words.translated(TOTAL_HEADS, language)
    rows = [(row.what, row.before, row.after, row.change) for row in total_rows(impact, language)]
    return "\n".join(f"  {line}" for line in columns([heads, *rows], right=frozenset({1, 2, 3})))


def _risks(impact: Impact, language: str) -> str:
    rows = [
        (
            translate(LEVEL_WORDS[risk.level], language),
            clean(risk.rule, 20),
            "-" if risk.count is None else number(risk.count, language),
            clean(risk_text(risk, language), 400),
        )
        for risk in risks_in_order(impact)
    ]
    return _listed(translate("Risks", language), columns(rows, right=frozenset({2})))


def _changes(impact: Impact, language: str) -> str:
    rows = [
        (
            clean(f"{change.entity}.{change.field}" if change.field else change.entity, 100),
            aspect(change.aspect, language),
            f"{clean(change.before or '-', 120)} -> {clean(change.after or '-', 120)}",
        )
        for change in impact.changes
    ]
    return _listed(translate("What changed", language), columns(rows))


def _listed(title: str, lines: list[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)]) if lines else ""
