"""The mapping dossier as an Excel workbook: a sheet an entity, frozen headers, nothing in it that runs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from crmsync.language import translate
from crmsync.reports.as_csv import disarmed
from crmsync.reports.dossier import Dossier
from crmsync.reports.dossier_page import EntityText, FieldText, Pages, pages

# A sheet's name: 31 characters, none of []:*?/\ (support.microsoft.com, Rename a worksheet, read 2026-11).
_UNFIT = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_LINE = 15  # points: the height of one line of the default font


def dossier_xlsx(dossier: Dossier, language: str) -> bytes:
    """The whole dossier as a workbook in `en` or `es`; every cell is text."""
    from openpyxl import Workbook

    page = pages(dossier, language)
    book = Workbook()
    book.remove(book.active)
    _cover(_Sheet(book, translate("Cover", language), ()), page)
    for entity in page.entities:
        _entity(book, entity, language)
    _maps(book, page)
    _writers(book, page)
    _unknown(book, page)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class _Sheet:
    """One sheet, written row by row; widths are in characters."""

    def __init__(self, book: Any, title: str, heads: Sequence[tuple[str, int]]) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        self._sheet = book.create_sheet(_name_of(title, book.sheetnames))
        self._rows = 0
        self._wrapped = Alignment(wrap_text=True, vertical="top")
        self._bold = Font(bold=True)
        self._widths = [width for _, width in heads]
        for place, width in enumerate(self._widths, 1):
            self._sheet.column_dimensions[get_column_letter(place)].width = width
        if heads:
            self.row([head for head, _ in heads], bold=True)
            for cell in self._sheet[1]:
                cell.fill = PatternFill("solid", fgColor="E9E5DC")
            self._sheet.freeze_panes = "B2"
            self._sheet.print_title_rows = "1:1"
        self._on_paper()

    def _on_paper(self) -> None:
        """A4, sideways, as wide as the paper."""
        setup = self._sheet.page_setup
        setup.orientation, setup.paperSize = "landscape", 9
        setup.fitToWidth, setup.fitToHeight = 1, 0
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def wide(self, *widths: int) -> None:
        """Widths of a sheet without a header."""
        for letter, width in zip("ABCDEFGH", widths, strict=False):
            self._sheet.column_dimensions[letter].width = width
        self._widths = list(widths)

    def row(self, texts: Sequence[str], *, bold: bool = False) -> None:
        """One row of texts, wrapped, as high as its longest cell."""
        self._rows += 1
        for place, text in enumerate(texts, 1):
            cell = self._sheet.cell(self._rows, place)
            cell.value = "\n".join(disarmed(line) for line in text.split("\n"))
            cell.data_type = "s"
            cell.alignment = self._wrapped
            if bold:
                cell.font = self._bold
        lines = max((self._lines(*each) for each in enumerate(texts)), default=1)
        self._sheet.row_dimensions[self._rows].height = _LINE * lines

    def _lines(self, place: int, text: str) -> int:
        width = self._widths[place] if place < len(self._widths) else 20
        return sum(1 + len(line) // max(width, 1) for line in text.split("\n"))

    def filtered(self) -> None:
        """Lets the reader filter by column."""
        self._sheet.auto_filter.ref = self._sheet.dimensions


def _name_of(title: str, taken: Iterable[str]) -> str:
    """The title as a sheet's name that no other sheet has."""
    plain = _UNFIT.sub(" ", title).strip()[:_LONGEST_NAME] or "-"
    known = {each.casefold() for each in taken}
    names = (f"{plain[: _LONGEST_NAME - 3]} {number}" for number in range(2, 100))
    return (
        plain
        if plain.casefold() not in known
        else next(n for n in names if n.casefold() not in known)
    )


def _cover(sheet: _Sheet, page: Pages) -> None:
    language = page.language
    sheet.wide(34, 60)
    sheet.row([translate("Mapping dossier", language)], bold=True)
    sheet.row([page.title], bold=True)
    sheet.row([page.made_on])
    sheet.row([""])
    for name, text in page.facts:
        sheet.row([name, text])
    sheet.row([""])
    sheet.row([translate("Agreed by", language)], bold=True)
    for party in page.parties:
        sheet.row([""])
        sheet.row([party], bold=True)
        for line in page.signed:
            sheet.row([line, "_" * 30])


def _entity(book: Any, entity: EntityText, language: str) -> None:
    heads = [
        (translate("Field", language), 24),
        (translate("Type", language), 18),
        *((system, 30) for system in entity.systems),
        (translate("Where values go", language), 22),
        (translate("Who wins", language), 38),
        (translate("Blanks", language), 34),
        (translate("Values", language), 22),
        (translate("What is lost", language), 38),
        (translate("Who else writes it", language), 34),
        (translate("Why", language), 40),
    ]
    sheet = _Sheet(book, entity.title, heads)
    for field in entity.fields:
        sheet.row(_cells(field))
    sheet.filtered()
    _seats(book, entity, language)


def _cells(field: FieldText) -> list[str]:
    return [
        f"{field.title}\n{field.name}",
        field.type,
        *("\n".join(f"{name}\n{text}" for name, text in side.lines) or "–" for side in field.sides),
        field.way,
        field.wins,
        field.blanks,
        field.values,
        "\n".join(field.losses),
        "\n".join(field.others),
        field.why,
    ]


def _seats(book: Any, entity: EntityText, language: str) -> None:
    """Where the entity lives: a sheet of its own, for the table of fields has to stay a table."""
    heads = [
        (translate("System", language), 20),
        (translate("Object", language), 22),
        (translate("Which records take part", language), 50),
        (translate("What is created", language), 50),
    ]
    title = translate("{entity}, where", language).format(entity=entity.title)
    sheet = _Sheet(book, title, heads)
    for seat in entity.seats:
        where = seat.where or translate("All of them.", language)
        sheet.row([seat.system, seat.object, where, seat.create])
    sheet.row([""])
    sheet.row([entity.recognised], bold=True)
    for number, rule in enumerate(entity.match, 1):
        sheet.row([f"{number}. {rule}"])


def _maps(book: Any, page: Pages) -> None:
    if not page.maps:
        return
    language = page.language
    heads = [
        (translate("Field", language), 30),
        (translate("Our value", language), 28),
        (translate("System", language), 20),
        (translate("Its values", language), 60),
    ]
    sheet = _Sheet(book, translate("Value maps", language), heads)
    for each in page.maps:
        for value, cells in each.rows:
            for system, natives in zip(each.systems, cells, strict=True):
                sheet.row([each.title, value, system, natives or "–"])
    sheet.filtered()


def _writers(book: Any, page: Pages) -> None:
    if not page.writers:
        return
    language = page.language
    heads = [
        (translate("Who", language), 30),
        (translate("What it is", language), 24),
        (translate("Extent", language), 22),
        (translate("Circles", language), 80),
        (translate("Why they are accepted", language), 50),
    ]
    sheet = _Sheet(book, translate("Who else writes", language), heads)
    for each in page.writers:
        sheet.row([each.name, each.kind, each.copies, "\n".join(each.circles), each.agreed])


def _unknown(book: Any, page: Pages) -> None:
    heads = [
        (translate("What we do not know", page.language), 60),
        (translate("Of", page.language), 80),
    ]
    sheet = _Sheet(book, translate("What we do not know", page.language), heads)
    for text, about in page.unknown:
        sheet.row([text, "\n".join(about)])
