"""Which row of a file is the header, and what its columns are called."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from crmsync.connectors.files.labels import plain
from crmsync.connectors.files.sources import Row, Source
from crmsync.errors import AnswerBroken

# Titles, filters and blank rows above the header of a formatted report take some 10 to 20 rows.
SEARCHED_ROWS = 60
_WIDE = 0.6


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, and its header, made unique with (1), (2) where it is repeated."""

    index: int
    header: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The row it stands in, and its columns; `width` counts cells to the last named one."""

    row: int
    columns: tuple[Column, ...]
    width: int


def find_header(source: Source, wanted: Collection[str], known: Collection[str]) -> Header | None:
    """The header of a file, None if it is empty.

    The row with most of the headers that the settings name; else the one with most known labels, if
    it has two; else the first that is nearly as wide as the widest.
    """
    rows: list[Row] = []
    try:
        rows.extend(islice(source.rows(), SEARCHED_ROWS if source.titled else 1))
    except AnswerBroken:
        if not rows:  # else the read breaks at the same place, after the rows before it
            raise
    filled = [row for row in rows if _width(row)]
    if not filled:
        return None
    number, cells = _best(filled, {plain(name) for name in wanted}, set(known))
    return Header(number, _columns(cells), _last(cells))


def _width(row: Row) -> int:
    return sum(cell is not None and bool(cell.strip()) for cell in row[1])


def _best(rows: Sequence[Row], wanted: set[str], known: set[str]) -> Row:
    for names, least in ((wanted, 1), (known, 2)):
        counts = [len(names & {plain(cell) for cell in cells if cell}) for _, cells in rows]
        if max(counts) >= least:
            return rows[counts.index(max(counts))]
    widest = max(map(_width, rows))
    return next(row for row in rows if _width(row) >= _WIDE * widest)


def _last(cells: Sequence[str | None]) -> int:
    return max(index for index, cell in enumerate(cells, 1) if cell and cell.strip())


def _columns(cells: Sequence[str | None]) -> tuple[Column, ...]:
    names = [" ".join((cell or "").split()) for cell in cells]
    folded = [plain(name) for name in names]
    columns = []
    for index, name in enumerate(names):
        if name:
            repeated = folded.count(folded[index]) > 1
            shown = f"{name} ({folded[: index + 1].count(folded[index])})" if repeated else name
            columns.append(Column(index, shown, repeated))
    return tuple(columns)


def letter(index: int) -> str:
    """`A`, `B`, ..., `AA`: how spreadsheets call a column."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
