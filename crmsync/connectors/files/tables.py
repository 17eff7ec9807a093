"""One object in one file, understood: which column is which field, and how its cells are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from crmsync.connectors.batches import batched
from crmsync.connectors.columns import text_array
from crmsync.connectors.files import labels
from crmsync.connectors.files.csvs import csv_source
from crmsync.connectors.files.excel import excel_source
from crmsync.connectors.files.headers import Column, Header, find_header, letter
from crmsync.connectors.files.naming import (
    Named,
    TieColumn,
    demand_columns,
    field_of,
    names_of,
    ties_of,
)
from crmsync.connectors.files.notation import Reading, Tally, converter, reading_of
from crmsync.connectors.files.parquet import parquet_source
from crmsync.connectors.files.records import Account, body
from crmsync.connectors.files.settings import FileObject
from crmsync.connectors.files.sources import Exact, Source, file_problem
from crmsync.connectors.salesforce.ids import id18
from crmsync.core.flagwords import usual_flag
from crmsync.errors import AnswerBroken

T = TypeVar("T")
Convert = Callable[[str], str]
_SURVEYED_ROWS = 10_000
_SHOWN = 6
_COMPANY = "associatedcompanyid"
_SOURCES: Mapping[str, Callable[[Path, FileObject, str], Source]] = {
    ".csv": csv_source,
    ".tsv": csv_source,
    ".txt": csv_source,
    ".xlsx": excel_source,
    ".xlsm": excel_source,
    ".parquet": lambda path, _settings, _place: parquet_source(path),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the cells of a field are, and how they are written.

    `clash` names the columns that could be meant: such a field is not to be read. `sole` separates
    ids of which the field takes the one there is.
    """

    column: Column
    reading: Reading
    clash: str = ""
    sole: str = ""


@dataclass(frozen=True, slots=True)
class FileTable:
    """An object of an export. `id`, `modified` and `created` are fields, blank where there is none."""

    object: str
    place: str
    source: Source
    header: Header
    cells: Mapping[str, Cell]
    id: str
    modified: str
    created: str
    ties: tuple[TieColumn, ...]
    notes: tuple[str, ...] = ()


def open_table(object_: str, settings: FileObject, path: Path, place: str) -> FileTable:
    """The object in a file; ConfigInvalid if the file does not fit its settings. Reads it once."""
    source = open_source(path, settings, place)
    header = find_header(source, settings.headers, labels.native_names(object_))
    if header is None:
        remedy = f"export it again, or correct {place}.file"
        raise file_problem(f"{path.name} is empty", remedy, place, "file")
    tallies = _tallies(source, header)
    header = _with_unnamed(header, tallies)
    file = Named(object_, settings, source, header, place)
    demand_columns(file)
    names, clashes = names_of(file)
    readings = _readings(tallies, settings, names)
    cells = {
        name: Cell(column, readings[column.index], clashes.get(name, ""))
        for name, column in names.items()
    }
    table = FileTable(
        object_, place, source, header, cells,
        id=field_of(file, settings.id, "id", labels.ID_FIELDS, names),
        modified=field_of(file, settings.modified, "modified", labels.MODIFIED_FIELDS, names),
        created=field_of(file, settings.created, "created", labels.CREATED_FIELDS, names),
        ties=ties_of(file),
    )  # fmt: skip
    return replace(_with_sole_company(table), notes=_notes(table))


def suffixes() -> frozenset[str]:
    """Endings of the files that can be read."""
    return frozenset(_SOURCES)


def open_source(path: Path, settings: FileObject, place: str) -> Source:
    """The rows of a file by its ending; ConfigInvalid if nothing reads it."""
    opens = _SOURCES.get(path.suffix.lower())
    if opens is None:
        known = ", ".join(_SOURCES)
        remedy = f"save it as one of {known}"
        raise file_problem(f"{path.name} is of no known kind", remedy, place, "file")
    said = frozenset(word.strip().casefold() for word in settings.blanks)
    return replace(opens(path, settings, place), blanks=said)


def _tallies(source: Source, header: Header) -> dict[int, Tally]:
    """What there is in every column, those without a name too."""
    tallies: defaultdict[int, Tally] = defaultdict(Tally)
    for column in header.columns:
        tallies[column.index] = Tally()
    try:
        for part in batched(body(source, header, Account()), _SURVEYED_ROWS):
            width = max(len(cells) for _, cells in part)
            for index in range(width):
                _survey(tallies, index, [c[index] if index < len(c) else None for _, c in part])
    except AnswerBroken:
        pass  # the read breaks at the same place, after the rows before it
    return dict(tallies)


def _survey(tallies: defaultdict[int, Tally], index: int, cells: list[str | None]) -> None:
    exact = sum(type(cell) is Exact for cell in cells)
    if exact:
        cells = [None if type(cell) is Exact else cell for cell in cells]
    if exact or any(cells):
        tallies[index].add(text_array(cells), exact)


def _with_unnamed(header: Header, tallies: Mapping[int, Tally]) -> Header:
    """The header with a column for every one that has cells but no name."""
    named = {column.index for column in header.columns}
    extra = [Column(i, f"column {letter(i)}") for i in sorted(tallies) if i not in named]
    return replace(header, columns=(*header.columns, *extra))


def _readings(
    tallies: Mapping[int, Tally], settings: FileObject, names: Mapping[str, Column]
) -> dict[int, Reading]:
    """How each column is written. What one alone does not tell, the clear ones of its file may."""
    expected = {column.index: _expected(name) for name, column in reversed(list(names.items()))}

    def read(index: int, decimal: str, order: str) -> Reading:
        tally = tallies[index]
        return reading_of(tally, decimal=decimal, order=order, expected=expected.get(index, ""))

    found = {index: read(index, settings.decimal, settings.dates) for index in tallies}
    clear = [each for each in found.values() if each.seen]
    decimal = _one({each.decimal for each in clear if each.decimal})
    order = _one({each.order for each in clear if each.order})
    for index, one in found.items():
        if one.doubt and not tallies[index].contradicts:
            found[index] = read(index, settings.decimal or decimal, settings.dates or order)
    return found


def _one(signs: set[str]) -> str:
    return next(iter(signs)) if len(signs) == 1 else ""


def _expected(name: str) -> str:
    return "date" if name in labels.DATES else "number" if name in labels.NUMBERS else ""


def _with_sole_company(table: FileTable) -> FileTable:
    """HubSpot's primary company of a contact out of the association column, where no other has it."""
    ties = [tie for tie in table.ties if tie.to_object == "companies"]
    if table.object != "contacts" or not ties or _COMPANY in table.cells:
        return table
    tie = next((each for each in ties if each.setting.primary == "all"), ties[0])
    cell = Cell(tie.column, Reading(), sole=tie.setting.separator)
    return replace(table, cells={**table.cells, _COMPANY: cell})


def convert_of(table: FileTable, name: str, zone: ZoneInfo | None) -> Convert | None:
    """What makes a filled cell of a field wire-normal, None if it is already."""
    cell = table.cells[name]
    if cell.sole:
        return lambda text: _only(text, cell.sole)
    if table.object in labels.SALESFORCE_OBJECTS and name in labels.REFERENCES:
        return id18  # reports give 15 characters, data exports and the API 18
    if name in labels.CONDITIONS:
        return usual_flag  # the mapping asks for true or false, and leaves records out by it
    convert = converter(cell.reading, zone)
    return convert and (lambda text: text if type(text) is Exact else convert(text))


def _only(text: str, separator: str) -> str:
    parts = split(text, separator)
    return parts[0] if len(parts) == 1 else text


def split(text: str | None, separator: str) -> list[str]:
    """The ids in a cell."""
    parts = (text or "").split(separator) if separator else [text or ""]
    return [part.strip() for part in parts if part.strip()]


def _notes(table: FileTable) -> tuple[str, ...]:
    """What was found out and not declared, and how cells are read."""
    notes = list(table.source.notes)
    name = table.source.path.name
    if table.header.row > 1:
        notes.append(f"{name}: header in row {table.header.row}")
    if not table.id:
        notes.append(
            f"{name}: no id column, so ids are row numbers and change with the next export "
            f"(declare `id:` in {table.place})"
        )
    return (*notes, *_unnamed_notes(table), *_reading_notes(table))


def _unnamed_notes(table: FileTable) -> Iterator[str]:
    """Columns with cells and no header: Excel keeps a merged header in the first of its columns alone."""
    unnamed = [
        each.header
        for each in table.header.columns
        if each.header == f"column {letter(each.index)}"
    ]
    if unnamed:
        shown = ", ".join(unnamed[:_SHOWN]) + (", ..." if len(unnamed) > _SHOWN else "")
        yield (
            f"{table.source.path.name}: no header over {shown}; a merged one counts for its first column "
            f"(unmerge it in Excel, or name the column under {table.place}.columns)"
        )


def _reading_notes(table: FileTable) -> Iterator[str]:
    shown: dict[str, list[str]] = {}
    for cell in {each.column.index: each for each in table.cells.values()}.values():
        if cell.reading.decimal == ",":
            shown.setdefault("decimal commas", []).append(cell.column.header)
        if cell.reading.order in ("dmy", "mdy"):
            shown.setdefault(f"dates as {cell.reading.order}", []).append(cell.column.header)
    for what, headers in shown.items():
        more = ", ..." if len(headers) > _SHOWN else ""
        yield f"{table.source.path.name}: {what} in {', '.join(headers[:_SHOWN])}{more}"
