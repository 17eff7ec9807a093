"""Worklists in Markdown: a heading a person, what to do first at the top, and the records of each task as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crmsync.core.auditing import Finding
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.as_markdown import SEVERITY_ICONS
from crmsync.reports.as_xlsx import PERSON_HEADS, person_called, person_rows
from crmsync.reports.cleaning import safe_link
from crmsync.reports.escaping import escaped, table
from crmsync.reports.facts import ReportFacts
from crmsync.reports.numbers import instant, money, number, quantity, work
from crmsync.reports.worklists import Worklist, WorkTask

_MOST = 50
"""Records of a task that are listed; the workbook has all of them."""
_HEADS = (
    N_("System"),
    N_("Record"),
    N_("Name"),
    N_("Field"),
    N_("Detail"),
    N_("Amount"),
    N_("New"),
)
_PLACES = tuple(PERSON_HEADS.index(head) for head in _HEADS)


def worklists_markdown(
    facts: ReportFacts, lists: Sequence[Worklist], language: str, *, unmask: bool = False
) -> str:
    """The worklists as one document, personal data masked unless asked."""
    title = translate(N_("Worklists"), language)
    parts = [f"# {escaped(facts.title, 80)}: {title}", instant(facts.made_at, language)]
    if not lists:
        parts.append(translate(N_("Nothing to do."), language))
    for each in lists:
        parts += _person(facts, each, language, unmask=unmask)
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _person(facts: ReportFacts, each: Worklist, language: str, *, unmask: bool) -> Iterator[str]:
    yield f"## {escaped(person_called(each.person, language), 80)}"
    total = quantity("{n} finding", "{n} findings", each.findings, language)
    yield f"{total}, {work(each.minutes, language)}"
    for place, task in enumerate(each.tasks, 1):
        yield from _task(facts, place, task, language, unmask=unmask)


def _task(
    facts: ReportFacts, place: int, task: WorkTask, language: str, *, unmask: bool
) -> Iterator[str]:
    audit = task.result.audit
    yield (
        f"### {place}. {SEVERITY_ICONS[audit.severity]} {escaped(words.title_of(audit, language), 300)} "
        f"({escaped(audit.id, 30)})"
    )
    told = [number(len(task.findings), language), work(task.minutes, language)]
    told += [money(task.amount, facts.currency, language)] if task.amount else []
    yield " · ".join(told) + f". {escaped(words.text_in(audit.remedy, language), 600)}"
    yield table(
        [translate(head, language) for head in _HEADS],
        frozenset((5,)),
        [*_rows(facts, task, language, unmask=unmask)],
    )
    left = len(task.findings) - _MOST
    if left > 0:
        yield quantity("… {n} more", "… {n} more", left, language)


def _rows(
    facts: ReportFacts, task: WorkTask, language: str, *, unmask: bool
) -> Iterator[list[str]]:
    shown: Sequence[Finding] = task.findings[:_MOST]
    rows = person_rows(facts, [(task.result, each) for each in shown], language, unmask=unmask)
    for row in rows:
        cells = [_cell(row[at], facts, language) for at in _PLACES]
        link = safe_link(str(row[-1] or ""))
        if link and "(" not in link and ")" not in link:
            cells[1] = f"[{cells[1]}]({link})"
        yield cells


def _cell(value: object, facts: ReportFacts, language: str) -> str:
    if isinstance(value, int | float):
        return escaped(money(value, facts.currency, language), 60)
    return escaped(str(value or ""), 200)
