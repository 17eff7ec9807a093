"""Worklists as an Excel workbook: who has how much to do, then a sheet for each person."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.as_csv import disarmed
from crmsync.reports.as_xlsx import (
    PERSON_HEADS,
    fill_sheet,
    heads_in,
    person_called,
    person_rows,
    sheet_title,
)
from crmsync.reports.facts import ReportFacts
from crmsync.reports.worklists import Worklist

_HEADS = (
    *(N_("Responsible"), N_("Findings"), N_("Hours, about"), N_("Money at stake")),
    N_("What to fix first"),
)


def worklists_xlsx(
    facts: ReportFacts, lists: Sequence[Worklist], language: str, *, unmask: bool = False
) -> bytes:
    """The workbook of some worklists; a single one has no overview."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    if len(lists) != 1:
        overview = book.create_sheet(sheet_title(translate(N_("Summary"), language), taken))
        fill_sheet(overview, heads_in(_HEADS, language), _overview(lists, language))
    for each in lists:
        sheet = book.create_sheet(sheet_title(person_called(each.person, language), taken))
        rows = person_rows(facts, each.rows(), language, unmask=unmask)
        fill_sheet(sheet, heads_in(PERSON_HEADS, language), rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _overview(lists: Sequence[Worklist], language: str) -> Iterator[list[Any]]:
    for each in lists:
        first = each.tasks[0]
        amount = sum(task.amount for task in each.tasks)
        yield [
            disarmed(person_called(each.person, language)),
            each.findings,
            round(each.minutes / 60, 1),
            round(amount, 2) or None,
            disarmed(f"{first.result.audit.id} {words.title_of(first.result.audit, language)}"),
        ]
