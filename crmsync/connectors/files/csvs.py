"""Rows of a CSV file: its encoding and delimiter found out, its quotes taken seriously.

An encoding is proved by its mark or by being UTF-8; anything else is Windows-1252, said aloud, unless
that reading puts signs inside words: then two encodings are possible and the file has to say which.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from crmsync.connectors.files.settings import FileObject
from crmsync.connectors.files.sources import Row, Source, file_problem
from crmsync.errors import AnswerBroken

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Bytes that are signs or nothing in Windows-1252 and letters in Mac Roman or
# CP850; between two letters they are no signs. Left out: apostrophes, the letters among them, `·`.
_ODD = re.compile(
    rb"[A-Za-z][\x80-\x82\x84-\x89\x8b\x8d\x8f\x90\x93-\x99\x9b\x9d\xa1-\xac\xae-\xb6\xb8-\xbf][A-Za-z]"
)
_NULS_OF_UTF16 = 8  # of as many bytes one is NUL, and more in any text with Latin letters
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 30


def csv_source(path: Path, settings: FileObject, place: str) -> Source:
    """The rows of a CSV file; ConfigInvalid if it can be read in two ways and nothing says which."""
    notes: list[str] = []
    encoding = settings.encoding or _encoding(path, place, notes)
    if settings.encoding:
        _demand_encoding(encoding, place)
    delimiter = {"tab": "\t"}.get(settings.delimiter, settings.delimiter)
    delimiter = delimiter or _delimiter(path, encoding, place)
    if delimiter not in (",", "\t"):
        notes.append(f"{path.name}: cells separated by '{delimiter}'")

    def rows() -> Iterator[Row]:
        return _rows(path, encoding, delimiter)

    return Source(path, path.name, rows, tuple(notes), ragged=False)


def _demand_encoding(encoding: str, place: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        remedy = "use utf-8, utf-16, cp1252, latin-1, mac-roman or cp850"
        raise file_problem(
            f"{place}.encoding '{encoding}' is not known", remedy, place, "encoding"
        ) from error


def _encoding(path: Path, place: str, notes: list[str]) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    if marked or _is_utf8(path):
        return marked or "utf-8"
    if b"\0" in start:
        return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    odd = _odd_bytes(path)
    if odd is not None:
        line, word = odd
        names = ("cp1252", "mac-roman", "cp850")
        shown = ", ".join(f"'{word.decode(name, 'replace')}' in {name}" for name in names)
        message = f"{path.name}:{line} is no UTF-8, and reads differently: {shown}"
        raise file_problem(message, f"declare the right one: `encoding:` in {place}", place)
    notes.append(f"{path.name}: no UTF-8, read as Windows-1252 (declare `encoding:` if it is not)")
    return "cp1252"


def _is_utf8(path: Path) -> bool:
    """True if every byte fits. In UTF-16 every other byte may be NUL; in UTF-8 one is a stray sign in a cell."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                if chunk.count(b"\0") * _NULS_OF_UTF16 > len(chunk):
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _odd_bytes(path: Path) -> tuple[int, bytes] | None:
    """Line and surroundings of the first byte that is hardly Windows-1252."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            found = _ODD.search(line)
            if found:
                letters = re.compile(rb"[A-Za-z\x80-\xff]*")
                start = found.start()
                while (
                    start and letters.fullmatch(line[start - 1 : start]) and line[start - 1 : start]
                ):
                    start -= 1
                word = letters.match(line, start)
                return number, word[0] if word else found[0]
    return None


def _delimiter(path: Path, encoding: str, place: str) -> str:
    """The delimiter that gives rows of one width; `sep=;` of Excel is heeded."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = [file.readline(100_000) for _ in range(_SAMPLE_ROWS * 2)]
    first = lines[0].strip().strip('"').lower() if lines else ""
    if first.startswith("sep=") and len(first) == 5:
        return first[4]
    widths = {sign: _widths(lines, sign) for sign in _DELIMITERS}
    able = {sign: found for sign, found in widths.items() if found[0] > 1}
    if not able:
        return ","
    best = max(share for _, share in able.values())
    even = [sign for sign, (_, share) in able.items() if share == best]
    if len(even) > 1:
        even = _widest(even, able)
    if len(even) > 1:
        shown = " or ".join(f"'{sign}'" for sign in even)
        message = f"{path.name}: cells may be separated by {shown}"
        raise file_problem(message, f"declare one: `delimiter:` in {place}", place)
    return even[0]


def _widest(signs: list[str], found: dict[str, tuple[int, float]]) -> list[str]:
    """Of signs that all give even rows, the one that gives at least twice the columns of the rest."""
    ordered = sorted(signs, key=lambda sign: -found[sign][0])
    clear = found[ordered[0]][0] >= 2 * found[ordered[1]][0]
    return ordered[:1] if clear else signs


def _widths(lines: list[str], sign: str) -> tuple[int, float]:
    """The commonest width of rows of more than one cell, and the share of filled rows that have it."""
    try:
        rows = list(csv.reader(lines, delimiter=sign))
    except csv.Error:
        return 0, 0.0
    widths = [len(row) for row in rows if any(row)]
    several = [width for width in widths if width > 1]
    if not several:
        return 0, 0.0
    common = max(set(several), key=several.count)
    return common, several.count(common) / len(widths)


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        begins = 1
        try:
            for cells in reader:
                if begins > 1 or not _names_separator(cells):
                    yield begins, [cell or None for cell in cells]
                begins = reader.line_num + 1
        except csv.Error as error:
            raise _broken(path, begins, reader.line_num, str(error)) from error
        except UnicodeDecodeError as error:
            message = f"a byte that is not {encoding} after line {begins - 1}"
            remedy = "Declare the encoding of the file: `encoding:`, such as cp1252."
            raise AnswerBroken(message, where=f"{path.name}:{begins}", remedy=remedy) from error


def _names_separator(cells: list[str]) -> bool:
    return len("".join(cells)) <= 5 and "".join(cells).lower().startswith("sep=")


def _broken(path: Path, begins: int, ends: int, said: str) -> AnswerBroken:
    lines = f"line {begins}" if ends <= begins else f"lines {begins} to {ends}"
    remedy = 'Close the quote, or double it inside a cell (""), and run the same command again.'
    return AnswerBroken(
        f"a quote is not closed or not doubled in {lines} ({said})",
        where=f"{path.name}:{begins}",
        remedy=remedy,
    )
