"""The audit report as one HTML file: no script, nothing loaded from anywhere, readable offline.

Values reach the page only through autoescaping, cut and without invisible characters; personal data is
masked unless asked otherwise. The content security policy forbids what escaping would have let through.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from crmsync.core.auditing import SEVERITIES, AuditResult, counts, fix_first
from crmsync.language import translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.deck import deck
from crmsync.reports.facts import ReportFacts, SystemFacts
from crmsync.reports.glossary import terms
from crmsync.reports.numbers import day, instant, number, quantity
from crmsync.reports.page import Reader, anchor, block, sections
from crmsync.reports.panels_of import speed_panel
from crmsync.reports.score import gains_of, score_block, score_in
from crmsync.reports.tables import plan_rows
from crmsync.reports.unread_text import unread_lines
from crmsync.reports.verdict import headline, readiness, reasons, sentence

_UNCHECKED = 200
_PICTURE = re.compile(r"data:image/(png|jpeg|svg\+xml);base64,[A-Za-z0-9+/]+=*")


def render(facts: ReportFacts, language: str, *, unmask: bool = False) -> str:
    """The whole report as one HTML document in `en` or `es`; mails, phones and names masked."""
    reader = Reader(language, unmask)
    template = environment().get_template("report.html.j2")
    return template.render(**_texts(facts, reader), **_tables(facts, reader))


@cache
def environment() -> Environment:
    """The templates of this package: autoescaping, and no name that is not given."""
    return Environment(
        loader=PackageLoader("crmsync.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _texts(facts: ReportFacts, reader: Reader) -> dict[str, Any]:
    language = reader.language

    def in_language(message: str, **values: object) -> str:
        text = translate(message, language)
        return text.format(**values) if values else text

    ready = readiness(facts.results)
    return {
        "_": in_language,
        "language": language,
        "title": clean(facts.title, 80),
        "logo": facts.logo if _PICTURE.fullmatch(facts.logo) else "",
        "made_at": instant(facts.made_at, language),
        "as_of": day(facts.as_of, language),
        "run": clean(facts.run, 60),
        "mapping_digest": clean(facts.mapping_digest, 12),
        "version": clean(facts.version, 30),
        "wrote": facts.wrote,
        "unmask": reader.unmask,
        "verdict": ready.state,
        "headline": headline(ready, language),
        "sentence": sentence(ready, language),
        "reasons": [
            (anchor("audit", result.audit.id), text) for result, text in reasons(ready, language)
        ],
        "severities": {name: translate(words.SEVERITIES[name], language) for name in SEVERITIES},
        "marks": words.MARKS,
        "terms": terms(language),
    }


def _tables(facts: ReportFacts, reader: Reader) -> dict[str, Any]:
    language = reader.language
    checked = [result for result in facts.results if result.not_checked is None]
    found = counts(checked)
    return {
        "systems": [_system(system, language) for system in facts.systems],
        "totals": [(name, number(found[name], language)) for name in SEVERITIES],
        "audits_run": quantity("{n} audit", "{n} audits", len(checked), language),
        "first": [block(facts, reader, result, 0) for result in fix_first(checked)],
        "deck": deck(facts, language),
        "score": score_block(facts, language),
        "gains": gains_of(score_in(facts), language),
        "sections": sections(facts, reader),
        "unchecked": _unchecked(facts.results, language),
        "unread": unread_lines(facts, language),
        "plan": plan_rows(facts.plan, language) if facts.plan else [],
        "speed": speed_panel(facts, language),
    }


def _system(system: SystemFacts, language: str) -> dict[str, Any]:
    name = words.system_name(system.name)
    kind = words.system_name(system.kind)
    return {
        "name": name,
        "kind": "" if kind == name else kind,
        "identity": clean(system.identity, 40),
        "counts": [(clean(each, 40), number(n, language)) for each, n in system.counts.items()],
    }


def _unchecked(results: tuple[AuditResult, ...], language: str) -> list[tuple[str, str, str]]:
    """Audits that were not run: id, sentence and why."""
    return [
        (
            clean(result.audit.id, 20),
            words.title_of(result.audit, language),
            words.why_unchecked(result.not_checked, language, result.titles, result.exports),
        )
        for result in results
        if result.not_checked is not None
    ][:_UNCHECKED]
