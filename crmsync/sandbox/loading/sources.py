"""The tables of an SQLite file, an SQL script, or CSV files, every cell as text or None."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SQLITE_MAGIC = b"SQLite format 3\x00"
_CSV_ENDINGS = (".csv", ".tsv")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",;\t|"


class LoadError(ValueError):
    """The source cannot be read at all; the message says which and why, without a path."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table as it was found; `rows` and `odd` stand beside their places in it, from 1.

    Odd rows have more cells than there are columns.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str | None, ...]], ...]
    odd: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def cells(self, place: int) -> list[str | None]:
        """The cells of a column, from the top."""
        return [row[place] for _, row in self.rows]


def read_source(path: Path) -> list[SourceTable]:
    """The tables at a path, by name; LoadError if there is nothing that can be read."""
    if path.is_dir():
        return _read_folder(path)
    if not path.is_file():
        raise LoadError(f"{path.name}: there is no such file or folder")
    if path.suffix.lower() in _CSV_ENDINGS:
        return [_read_csv(path)]
    with path.open("rb") as file:
        is_database = file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
    return _read_database(path) if is_database else _read_script(path)


def _read_folder(path: Path) -> list[SourceTable]:
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in _CSV_ENDINGS)
    if not files:
        raise LoadError(f"{path.name}: the folder holds no .csv file")
    return [_read_csv(file) for file in files]


def _decoded(path: Path) -> str:
    """The text of a file: UTF-16 by its mark, UTF-8 with or without one, else what Excel writes."""
    raw = path.read_bytes()
    encodings = ("utf-16",) if raw[:2] in _UTF16_MARKS else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


# -- CSV ---------------------------------------------------------------------------------------


def _read_csv(path: Path) -> SourceTable:
    text = _decoded(path)
    delimiter = max(_DELIMITERS, key=lambda sign: _header_cells(text, sign))
    try:
        lines = [line for line in _records(text, delimiter) if line]
    except csv.Error as error:
        raise LoadError(f"{path.name}: {error}") from error
    header, *body = lines or [[]]
    width = len(header)
    numbered = list(enumerate(body, start=1))
    fitting = tuple((n, _padded(line, width)) for n, line in numbered if len(line) <= width)
    odd = tuple((n, tuple(line)) for n, line in numbered if len(line) > width)
    return SourceTable(path.stem, tuple(name.strip() for name in header), fitting, odd)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _header_cells(text: str, delimiter: str) -> int:
    try:
        return len(next(_records(text, delimiter), []))
    except csv.Error:
        return 0


def _padded(line: list[str], width: int) -> tuple[str | None, ...]:
    return tuple(cell or None for cell in line) + (None,) * (width - len(line))


# -- SQLite ------------------------------------------------------------------------------------


def _read_database(path: Path) -> list[SourceTable]:
    # Read-only would still make files beside a WAL database; immutable would not see its log.
    has_log = path.with_name(path.name + "-wal").exists()
    uri = f"{path.resolve().as_uri()}?{'mode=ro' if has_log else 'immutable=1'}"
    return _read_tables(path, uri, "")


def _read_script(path: Path) -> list[SourceTable]:
    return _read_tables(path, ":memory:", _decoded(path))


def _keep_inside(action: int, *_: Any) -> int:
    """Refuses what would reach another file: ATTACH (VACUUM INTO needs it too)."""
    outside = (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)
    return sqlite3.SQLITE_DENY if action in outside else sqlite3.SQLITE_OK


def _read_tables(path: Path, place: str, script: str) -> list[SourceTable]:
    """The tables at a place (a URI, or memory) after a script has run there."""
    try:
        with closing(sqlite3.connect(place, uri=True)) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            connection.set_authorizer(_keep_inside)
            connection.executescript(script)
            tables = [_read_table(connection, name) for name in _table_names(connection)]
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        raise LoadError(f"{path.name}: not a CSV folder, nor SQLite that runs ({error})") from error
    if not tables:
        raise LoadError(f"{path.name}: it holds no table")
    return tables


def _table_names(connection: sqlite3.Connection) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [name for (name,) in connection.execute(query)]


def _read_table(connection: sqlite3.Connection, name: str) -> SourceTable:
    quoted = name.replace('"', '""')
    cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  (a quoted identifier)
    columns = tuple(column[0] for column in cursor.description)
    rows = (tuple(map(_as_text, row)) for row in cursor)
    return SourceTable(name, columns, tuple(enumerate(rows, start=1)))


def _as_text(cell: Any) -> str | None:
    if isinstance(cell, bytes):
        cell = cell.decode("utf-8", "replace")
    return None if cell is None or cell == "" else str(cell)
