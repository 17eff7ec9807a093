"""Tables of counts beside the findings of a category: plain values that the template lays out.

A panel that has nothing to say is one line. Must not know: HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmsync.reports.numbers import number, share

SHADES = 4
"""How many steps of shade a cell can have; every cell says its number as well."""
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, a word or number beside it, how dark it is (0 to SHADES), whether it is marked as bad."""

    text: str
    beside: str = ""
    shade: int = 0
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the first head is that of the rows, the others those of the cells."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A heading, a sentence, tables, and what has to be said below them."""

    title: str
    said: str
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()


def shade_of(part: int, whole: int) -> int:
    """None of a cell without anything, else one to SHADES."""
    return 0 if part <= 0 or whole <= 0 else min(SHADES, 1 + part * SHADES // whole)


def shaded(part: int, whole: int, language: str) -> Cell:
    """A share, the darker the larger it is."""
    return Cell(share(part, whole, language) or NOTHING, shade=shade_of(part, whole))


def counted(part: int, whole: int, language: str, *, marked: bool = False) -> Cell:
    """A number with its share beside it; nothing but 0 where there is none."""
    beside = share(part, whole, language) if part else ""
    return Cell(number(part, language), beside, marked=marked and part > 0)


def plain(texts: Sequence[str]) -> tuple[Cell, ...]:
    """Cells of these texts."""
    return tuple(Cell(each) for each in texts)
