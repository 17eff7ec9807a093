"""A list of decisions as YAML, for teams that review in git: an item a question, with the fields to fill in."""

from __future__ import annotations

from crmsync.config.yaml_text import entry, item, remark_lines
from crmsync.language import N_, translate
from crmsync.reports.decision_lists import (
    FORMAT,
    QUESTIONS,
    SHEETS,
    DecisionList,
    DecisionRow,
    answer_words,
    filled_columns,
)
from crmsync.reports.numbers import instant

_HOW = N_(
    "Fill in decision, responsible and date (2026-11-23), and read it back: crmsync decisions import FILE.yml"
)
_NAMES = ("about", "one", "other", "why", "more", "link", "other_link")


def decisions_yaml(found: DecisionList, language: str) -> str:
    """The list as one YAML document, in `en` or `es`; its keys are English."""
    head = f"{found.title}, {instant(found.made_at, language)}, {found.run}".rstrip(", ")
    lines = [*remark_lines(head), *remark_lines(translate(_HOW, language))]
    lines += entry("format", FORMAT) + entry("workspace", found.workspace)
    lines.append("decisions:" if found.total else "decisions: []")
    for kind, rows in found.rows.items():
        if rows:
            lines += remark_lines(
                f"{translate(SHEETS[kind], language)}. {translate(QUESTIONS[kind], language)}"
            )
        for each in rows:
            lines += _question(each, language)
    return "\n".join(lines) + "\n"


def _question(row: DecisionRow, language: str) -> list[str]:
    told = {name: text for name, text in zip(_NAMES, row.cells, strict=True) if text}
    answers = " / ".join(answer_words(row.asked.answers, language))
    filled = dict.fromkeys(filled_columns(row.asked.kind), "")
    body = {"key": str(row.key), **told, "answers": answers, **filled}
    return item(body, 2)
