"""A mapping change as one sticky pull-request comment in GitHub Markdown.

The marker in the first line lets the next run edit the comment instead of posting another. The text stays
under GitHub's limit by leaving out samples first, then rows; it says so where it does.
"""

from __future__ import annotations

import re
from itertools import groupby

from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.escaping import code, escaped, table
from crmsync.reports.facts import FieldChange, Impact, Sample
from crmsync.reports.impact_words import (
    HEADLINES,
    ICONS,
    LEVEL_ICONS,
    LEVEL_WORDS,
    TOTAL_HEADS,
    approval,
    aspect,
    evidence,
    risk_text,
    risks_in_order,
    total_rows,
)
from crmsync.reports.masking import mask
from crmsync.reports.numbers import number, quantity

# A comment holds 65,536 characters: github.com/orgs/community, discussion 41331 (read 2026-11).
MOST = 60_000
_SAMPLES = 20
_RISKS = 100
_RISK_HEADS = ("", N_("rule"), N_("what happens"), N_("records"))
_CHANGE_HEADS = (N_("field"), N_("change"), N_("before"), N_("after"))
_SAMPLE_HEADS = (N_("record"), N_("system"), N_("before"), N_("after"))
_STEPS = ((400, 200), (400, 0), (100, 0), (20, 0), (0, 0))
"""(rows of changes, samples) to try until the text fits."""


def render(impact: Impact, language: str, *, samples: bool = True) -> str:
    """The comment, at most 60,000 characters; without sample values if `samples` is False."""
    for rows, shown in _STEPS:
        text = _comment(impact, language, rows, shown if samples else 0)
        if len(text) <= MOST:
            break
    return text


def marker(workspace: str) -> str:
    """The HTML comment by which a later run finds this one."""
    return f"<!-- crmsync:mapping-diff:{re.sub(r'[^A-Za-z0-9_.]+', '-', workspace)[:60]} -->"


def _comment(impact: Impact, language: str, rows: int, samples: int) -> str:
    parts = [
        marker(impact.workspace)
        + f"\n## {ICONS[impact.verdict]} crmsync: {translate(HEADLINES[impact.verdict], language)}",
        _origin(impact, language),
        _totals(impact, language),
        _risks(impact, language),
        _changes(impact, language, rows),
        *_samples(impact, language, samples),
        f"**{approval(impact, language)}**",
        f"<sub>crmsync {escaped(impact.version, 30)} · {_other(language)}</sub>",
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _other(language: str) -> str:
    return (
        "español: `crmsync diff --lang es`"
        if language == "en"
        else "English: `crmsync diff --lang en`"
    )


def _origin(impact: Impact, language: str) -> str:
    files = ", ".join(code(name, 100) for name in impact.files[:20])
    written = translate("Nothing was written", language) + "."
    where = f"{code(impact.base, 40)} → {code(impact.head, 40)}"
    return f"{files + ' · ' if files else ''}{where}\n{escaped(evidence(impact, language), 600)} {written}"


def _totals(impact: Impact, language: str) -> str:
    if impact.before is None or impact.after is None:
        return ""
    heads = words.translated(TOTAL_HEADS, language)
    rows = [
        [
            row.what,
            row.before,
            f"**{row.after}**" if row.grave else row.after,
            f"**{row.change}**" if row.grave else row.change,
        ]
        for row in total_rows(impact, language)
    ]
    return table(heads, frozenset({1, 2, 3}), rows) if rows else ""


def _risks(impact: Impact, language: str) -> str:
    if not impact.risks:
        return ""
    heads = words.translated(_RISK_HEADS, language)
    rows = [
        [
            f"{LEVEL_ICONS[risk.level]} {translate(LEVEL_WORDS[risk.level], language)}",
            escaped(risk.rule, 20),
            escaped(risk_text(risk, language), 400),
            "-" if risk.count is None else number(risk.count, language),
        ]
        for risk in risks_in_order(impact)[:_RISKS]
    ]
    return f"### {translate('Risks', language)}\n" + table(heads, frozenset({3}), rows)


def _changes(impact: Impact, language: str, most: int) -> str:
    if not impact.changes:
        return ""
    heads = words.translated(_CHANGE_HEADS, language)
    rows = [_change(change, language) for change in impact.changes[:most]]
    more = len(impact.changes) - len(rows)
    rest = quantity("{n} more change.", "{n} more changes.", more, language) if more else ""
    title = f"### {translate('What changed', language)}\n"
    return (
        title + (table(heads, frozenset(), rows) if rows else "") + (f"\n\n{rest}" if rest else "")
    )


def _change(change: FieldChange, language: str) -> list[str]:
    name = f"{change.entity}.{change.field}" if change.field else change.entity
    return [
        code(name, 100),
        escaped(aspect(change.aspect, language), 60),
        code(change.before, 120) if change.before is not None else "-",
        code(change.after, 120) if change.after is not None else "-",
    ]


def _samples(impact: Impact, language: str, most: int) -> list[str]:
    """One folded table a field, at most twenty rows each and `most` in all."""
    shown = sorted(impact.samples[:most], key=_field_of)
    return [
        _folded(name, list(group)[:_SAMPLES], language)
        for (_, name), group in groupby(shown, key=_field_of)
    ]


def _field_of(sample: Sample) -> tuple[str, str]:
    return sample.entity, sample.field


def _folded(name: str, samples: list[Sample], language: str) -> str:
    heads = words.translated(_SAMPLE_HEADS, language)
    rows = [
        [
            escaped(f"{sample.entity} {sample.key[:6]}", 40),
            escaped(words.system_name(sample.system), 40),
            _value(sample.before, sample.kind, language),
            _value(sample.after, sample.kind, language),
        ]
        for sample in samples
    ]
    title = translate("Sample changes of {field}, masked", language).format(field=escaped(name, 60))
    body = table(heads, frozenset(), rows)
    return f"<details><summary>{title}</summary>\n{body}\n\n</details>"


def _value(text: str | None, kind: str, language: str) -> str:
    return (
        escaped(mask(text, kind), 80) if text is not None else f"*{translate('(blank)', language)}*"
    )
