"""A list of decisions as an Excel workbook: how to fill it in, then a sheet a kind.

Only the cells that people fill in can be written to, without a password: a slip of the hand is what is kept out.
Excel sorts no locked cells, so whoever sorts unprotects the sheet first; a digest in the hidden key tells a row whose
cells were torn apart. Nothing in it runs. `commands/decision_files.py` reads it back.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from crmsync.core.open_decisions import DECISION_KINDS, DecisionKind
from crmsync.language import N_, translate
from crmsync.reports.as_csv import disarmed
from crmsync.reports.as_xlsx import fill_sheet
from crmsync.reports.decision_lists import (
    FILLED,
    FORMAT,
    KEY,
    QUESTIONS,
    SHEETS,
    TOLD,
    DecisionList,
    answer_words,
    filled_columns,
)
from crmsync.reports.numbers import instant, number, quantity
from crmsync.reports.words import translated

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_GUIDE = N_("Read me")
WORKSPACE = N_("Workspace")
_FACTS = (WORKSPACE, N_("Client"), N_("Written"), N_("Systems read"), N_("Audit run"), N_("Format"))
_HOW = (
    N_("Each sheet asks one kind of question. Nothing is written to a CRM by filling it in."),
    N_("Choose a decision from the list of its cell; a row without one is left alone."),
    N_("Responsible is who decided. Blank: whoever reads the list back."),
    N_(
        "Date is the day of the decision: a date, 23/11/2026 or 2026-11-23. Blank: the day it is read back."
    ),
    N_(
        "Filter as you like, delete rows, add columns to the right. Do not rename columns, nor write over the key."
    ),
    N_("To sort: Review > Unprotect Sheet (no password), then sort all columns together."),
    N_(
        "Give the file back; whoever runs crmsync reads it with: crmsync decisions import FILE.xlsx --dry-run"
    ),
)
_PALE = "FFF6DB"
_OPEN_WIDTH = 18


def decisions_xlsx(found: DecisionList, language: str) -> bytes:
    """The workbook, in `en` or `es`."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _guide(book.create_sheet(translate(_GUIDE, language)), found, language)
    for kind in DECISION_KINDS:
        if kind in found.rows:
            sheet = book.create_sheet(translate(SHEETS[kind], language))
            _questions(sheet, found, kind, language)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _guide(sheet: Worksheet, found: DecisionList, language: str) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.append([translate(N_("Decisions that only people can take"), language)])
    sheet.append([])
    read = instant(found.read_at, language)
    told = (found.workspace, found.title, instant(found.made_at, language), read, found.run, FORMAT)
    for name, text in zip(_FACTS, told, strict=True):
        sheet.append([translate(name, language), disarmed(text)])
    sheet.append([])
    for line in (*translated(_HOW, language), *_left_out(found, language)):
        sheet.append([None, line])
    sheet.append([])
    for kind, rows in found.rows.items():
        count = number(len(rows), language)
        text = f"{count} · {translate(QUESTIONS[kind], language)}"
        sheet.append([translate(SHEETS[kind], language), text])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 110
    for row in sheet.iter_rows(min_col=2, max_col=2):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.protection.sheet = True


def _left_out(found: DecisionList, language: str) -> Iterator[str]:
    for kind, n in found.left_out.items():
        said = quantity(
            "{sheet}: {n} question more is in the next list, once these are decided.",
            "{sheet}: {n} questions more are in the next list, once these are decided.",
            n,
            language,
        )
        yield said.format(sheet=translate(SHEETS[kind], language))


def _questions(sheet: Worksheet, found: DecisionList, kind: DecisionKind, language: str) -> None:
    filled = filled_columns(kind)
    heads = [*TOLD[kind], *(FILLED[name] for name in filled), KEY]
    rows = found.rows[kind]
    cells = ([*map(_cell, each.cells), *[None] * len(filled), str(each.key)] for each in rows)
    first = len(TOLD[kind])
    fill_sheet(sheet, translated(heads, language), cells, linked=(first - 2, first - 1))
    _open_cells(sheet, range(first + 1, first + len(filled) + 1), len(rows))
    answers = list(dict.fromkeys(answer for each in rows for answer in each.asked.answers))
    _choice(sheet, first + 1, answer_words(answers, language), len(rows))
    key = sheet.cell(1, len(heads)).column_letter
    sheet.column_dimensions[key].hidden = True
    _protect(sheet)


def _cell(text: str) -> str | None:
    return disarmed(text) or None


def _open_cells(sheet: Worksheet, places: range, rows: int) -> None:
    """Makes the cells that people fill in writable, pale yellow and wide enough; the third one holds days."""
    from openpyxl.styles import PatternFill, Protection

    pale, free = PatternFill("solid", fgColor=_PALE), Protection(locked=False)
    for place in places:
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = _OPEN_WIDTH
        for n in range(2, rows + 2):
            cell = sheet.cell(n, place)
            cell.protection, cell.fill = free, pale
    for place in (places[2], *places[4:]):
        for n in range(2, rows + 2):
            sheet.cell(n, place).number_format = "yyyy-mm-dd"


def _choice(sheet: Worksheet, place: int, words: Sequence[str], rows: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    if not words:
        return
    choice: Any = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    choice.showErrorMessage = True
    sheet.add_data_validation(choice)
    letter = sheet.cell(1, place).column_letter
    choice.add(f"{letter}2:{letter}{max(2, rows + 1)}")


def _protect(sheet: Worksheet) -> None:
    """Locks what is locked, without a password; filters, widths and new columns stay free."""
    protection = sheet.protection
    protection.sheet = True
    for allowed in (
        "sort",
        "autoFilter",
        "formatColumns",
        "formatRows",
        "insertColumns",
        "deleteRows",
    ):
        setattr(protection, allowed, False)
