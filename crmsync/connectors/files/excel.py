"""Rows of an Excel sheet, read as a stream: values as they were stored, not as they are shown."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from crmsync.connectors.declared import nearest
from crmsync.connectors.files.settings import FileObject
from crmsync.connectors.files.sources import Exact, Row, Source, file_problem
from crmsync.connectors.wire import float_text
from crmsync.errors import AnswerBroken

# Excel keeps and shows 15 significant digits; what a float has beyond them is noise of its binary form.
DIGITS = 15
_PADDING = re.compile(r"0{2,}")
UNREADABLE = (BadZipFile, KeyError, ValueError, ParseError, EOFError, OSError)


def excel_source(path: Path, settings: FileObject, place: str) -> Source:
    """The rows of one sheet: the declared one, else the first that is not empty."""
    sheets = _sheets(path)
    if settings.sheet and settings.sheet not in sheets:
        message = f"{path.name} has no sheet '{settings.sheet}'"
        remedy = f"{nearest(settings.sheet, sheets)} ({place}.sheet)"
        raise file_problem(message, remedy, place, "sheet")
    filled = [name for name, rows in sheets.items() if rows]
    chosen = settings.sheet or next(iter(filled or sheets))
    others = [name for name in filled if name != chosen]
    notes = [f"{path.name}: sheet '{chosen}'"]
    if others and not settings.sheet:
        shown = ", ".join(f"'{name}'" for name in others)
        notes[0] += f"; not read: {shown} (declare `sheet:` for another one)"

    def rows() -> Iterator[Row]:
        return _rows(path, chosen)

    return Source(path, f"{path.name} [{chosen}]", rows, tuple(notes))


def sheets_of(path: Path) -> list[str]:
    """The sheets of a workbook that hold something, in their order."""
    return [name for name, filled in _sheets(path).items() if filled]


def open_book(path: Path, *, formulas: bool = False) -> Any:
    """The workbook as a stream of rows, with the values of its formulas or their texts; AnswerBroken if it is none."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that a reader need not know
            return openpyxl.load_workbook(path, read_only=True, data_only=not formulas)
    except UNREADABLE as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> AnswerBroken:
    """The error of a file that is no workbook, or a broken one."""
    return AnswerBroken(
        "this cannot be read as an Excel file",
        where=path.name,
        remedy="Open it in Excel, take off its password, and save it as .xlsx or .csv.",
    )


def _sheets(path: Path) -> dict[str, bool]:
    """Sheets with cells in their order, and whether there is anything in them."""
    book = open_book(path)
    try:
        return {sheet.title: _is_filled(sheet) for sheet in book.worksheets}
    except UNREADABLE as error:
        raise unreadable(path) from error
    finally:
        book.close()


def _is_filled(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def _rows(path: Path, name: str) -> Iterator[Row]:
    book = open_book(path)
    try:
        sheet = book[name]
        sheet.reset_dimensions()  # some writers declare a size that is not true
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield number, [plain_text(cell) for cell in row]
    except UNREADABLE as error:
        raise unreadable(path) from error
    finally:
        book.close()


def plain_text(cell: Any) -> str | None:
    """A cell as a text, whatever type Excel keeps it as; None for a blank one."""
    value = cell.value
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return _whole(value, cell.number_format)
    return _TEXTS[type(value)](value) if type(value) in _TEXTS else str(value)


def _whole(value: int, shown_as: str | None) -> str:
    """The digits; with the leading zeros of a format such as `00000` they are no number but a text."""
    width = len(shown_as) if shown_as and _PADDING.fullmatch(shown_as) else 0
    digits = str(value)
    return digits.zfill(width) if len(digits) < width else Exact(digits)


def _day_or_moment(value: datetime) -> str:
    """Excel knows no zones, and a day is a moment at midnight."""
    rounded = value.replace(microsecond=0) + timedelta(seconds=value.microsecond >= 500_000)
    return rounded.date().isoformat() if rounded.time() == time() else rounded.isoformat()


_TEXTS: Mapping[type, Any] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    float: lambda value: Exact(float_text(value, DIGITS)),
    datetime: _day_or_moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}
