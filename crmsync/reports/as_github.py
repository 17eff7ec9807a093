"""The audits as annotations of GitHub Actions: one line an audit with findings, at the file that asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsync.core.auditing import AuditResult, fix_first
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number

# docs.github.com, Workflow commands (read 2026-11): levels, and what has to be escaped in them.
_LEVELS: Mapping[str, str] = {"error": "error", "warning": "warning", "info": "notice"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def audit_github(results: Sequence[AuditResult], language: str) -> str:
    """`::error file=…,title=…::…` lines, what to fix first at the top; broken audits as errors. No record is named."""
    found = [_line(result, language) for result in fix_first(results, most=len(results))]
    broken = [
        _annotation("error", each.failed.file, each.failed.line, each.failed.code, str(each.failed))
        for each in results
        if each.failed is not None
    ]
    return "".join(f"{line}\n" for line in (*broken, *found))


def _line(result: AuditResult, language: str) -> str:
    audit = result.audit
    of = f" / {number(result.eligible, language)}" if result.eligible is not None else ""
    title = f"{audit.id}: {words.title_of(audit, language)}"
    said = f"{number(result.count, language)}{of}. {words.text_in(audit.remedy, language)}"
    return _annotation(_LEVELS[audit.severity], audit.file, audit.line, title, said)


def _annotation(level: str, file: str, line: int, title: str, text: str) -> str:
    place = (
        f"file={_escaped(file, _PROPERTY)},line={max(line, 1)},title={_escaped(title, _PROPERTY)}"
    )
    return f"::{level} {place}::{_escaped(text, _DATA)}"


def _escaped(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(sign, sign) for sign in clean(text, 1000))
