"""Lists of decisions as people give them back, Excel or YAML: sorted, filtered, cut short, with more columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmsync.config.decision_rows import plain_cell
from crmsync.config.lines import Document, read_file
from crmsync.connectors.files.excel import UNREADABLE, open_book, plain_text, unreadable
from crmsync.core.likeness import folded
from crmsync.core.open_decisions import read_key
from crmsync.errors import ConfigInvalid, CrmsyncError, Problem
from crmsync.language import LANGUAGES, translate
from crmsync.reports.decision_lists import (
    FILLED,
    FORMAT,
    TEXT_COLUMNS,
    TOLD,
    columns_of,
)
from crmsync.reports.decisions_book import WORKSPACE

_HEAD_WITHIN = 20
_GUIDE_ROWS = 12
_NEEDED = ("decision", "key")
_MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row that somebody gave back: its cells by column, and where each of them stands in the file.

    `told` is the text by which the row is known again, None in a file that cannot be sorted. `unread` are columns with
    a formula of which no value was kept.
    """

    places: Mapping[str, str]
    line: int
    cells: Mapping[str, str]
    told: tuple[str, ...] | None = None
    unread: frozenset[str] = frozenset()

    def problem(self, column: str, code: str, message: str, remedy: str) -> Problem:
        """A problem of one of its cells."""
        return Problem(self.places[column], self.line, 1 if self.line else 0, code, message, remedy)


@dataclass(frozen=True, slots=True)
class FilledList:
    """A list as it was given back: the workspace that it was written for, blank where it does not say, and its rows."""

    workspace: str
    rows: tuple[FilledRow, ...]


def read_filled(path: Path) -> FilledList:
    """The rows of a list, those without a decision too; CrmsyncError for a file that is none."""
    if not path.is_file():
        remedy = "Write one with crmsync decisions export --output FILE, and fill it in."
        raise CrmsyncError("there is no such file", where=str(path), remedy=remedy)
    if path.suffix.lower() in (".yml", ".yaml"):
        return _yaml(path)
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        remedy = "Save it as .xlsx, or give the .yml that crmsync wrote."
        raise CrmsyncError("a list of decisions is .xlsx or .yml", where=path.name, remedy=remedy)
    return _excel(path)


def _excel(path: Path) -> FilledList:
    values, formulas = open_book(path), open_book(path, formulas=True)
    try:
        rows = [row for sheet in values.worksheets for row in _sheet(path, sheet, formulas)]
        workspace = next(filter(None, map(_workspace_in, values.worksheets)), "")
        titled = any(_titles(sheet) for sheet in values.worksheets)
    except UNREADABLE as error:
        raise unreadable(path) from error
    finally:
        values.close()
        formulas.close()
    if not titled:
        remedy = "Keep the line of titles as crmsync decisions export writes it, the hidden column with it."
        raise CrmsyncError(
            "no sheet with the columns of a list of decisions", where=path.name, remedy=remedy
        )
    return FilledList(workspace, tuple(rows))


def _titles(sheet: Any) -> tuple[int, dict[str, int], Sequence[str]] | None:
    """The row of the titles, where each column stands, and the titles."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_row=_HEAD_WITHIN), 1):
        cells = [plain_text(cell) or "" for cell in row]
        columns = columns_of(cells)
        if all(name in columns for name in _NEEDED):
            return number, columns, cells
    return None


def _workspace_in(sheet: Any) -> str:
    """The workspace that the first sheet names."""
    names = {translate(WORKSPACE, each) for each in LANGUAGES}
    for row in sheet.iter_rows(max_row=_GUIDE_ROWS, max_col=2):
        texts = [plain_text(cell) or "" for cell in row]
        if len(texts) > 1 and texts[0].strip() in names:
            return plain_cell(texts[1])
    return ""


def _sheet(path: Path, sheet: Any, formulas: Any) -> Iterator[FilledRow]:
    found = _titles(sheet)
    if found is None:
        return
    first, columns, titles = found
    other = formulas[sheet.title]
    other.reset_dimensions()
    heads = {folded(title): at for at, title in reversed([*enumerate(titles)]) if title}
    at_most = _MOST_ROWS + first
    pairs = zip(
        sheet.iter_rows(min_row=first + 1, max_row=at_most),
        other.iter_rows(min_row=first + 1, max_row=at_most),
        strict=False,
    )
    for number, (row, texts) in enumerate(pairs, first + 1):
        cells = {name: plain_cell(_at(row, at)) for name, at in columns.items()}
        unread = frozenset(
            name for name, at in columns.items() if _is_formula(texts, at) and not _at(row, at)
        )
        if any(cells.values()) or unread:
            told = _told(cells["key"], heads, row)
            yield FilledRow(_places(path, sheet.title, columns, number), 0, cells, told, unread)


def _told(key: str, heads: Mapping[str, int], row: Sequence[Any]) -> tuple[str, ...]:
    """The text by which a row is known again, wherever its columns stand; empty if one of them is gone."""
    found = read_key(key)
    titles = TOLD[found.kind][:TEXT_COLUMNS] if found else ()
    for language in LANGUAGES:
        places = [heads.get(folded(translate(each, language))) for each in titles]
        if None not in places:
            return tuple(_at(row, at) for at in places if at is not None)
    return ()


def _places(path: Path, title: str, columns: Mapping[str, int], number: int) -> dict[str, str]:
    """Where each cell of a row stands, in the notation of Excel."""
    from openpyxl.utils import get_column_letter

    return {
        name: f"{path.name} {title}!{get_column_letter(at + 1)}{number}"
        for name, at in columns.items()
    }


def _at(row: Sequence[Any], at: int) -> str:
    return (plain_text(row[at]) or "") if at < len(row) else ""


def _is_formula(row: Sequence[Any], at: int) -> bool:
    return at < len(row) and getattr(row[at], "data_type", "") == "f"


def _yaml(path: Path) -> FilledList:
    document = read_file(path, path.name)
    if isinstance(document, Problem):
        raise ConfigInvalid([document])
    body = document.value
    if (
        not isinstance(body, dict)
        or body.get("format") != FORMAT
        or not isinstance(body.get("decisions"), list)
    ):
        remedy = "Give the file that crmsync decisions export wrote."
        raise CrmsyncError(
            f"no list of decisions of format {FORMAT}", where=path.name, remedy=remedy
        )
    rows = tuple(_item(document, at, each) for at, each in enumerate(body["decisions"]))
    return FilledList(str(body.get("workspace") or ""), rows)


def _item(document: Document, at: int, body: Any) -> FilledRow:
    """One item; of what is no mapping nothing is known but the place."""
    line = document.place(("decisions", at))[0]
    names = (*FILLED, "key")
    cells = {name: _plain(body.get(name)) if isinstance(body, dict) else "" for name in names}
    cells = cells if isinstance(body, dict) else {**cells, "decision": str(body)}
    return FilledRow(dict.fromkeys(names, document.file), line, cells)


def _plain(value: Any) -> str:
    """A value as a text: YAML knows true and false where people write yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()
