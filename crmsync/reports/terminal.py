"""Colour for a terminal that can show it, and columns that line up."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TextIO

_COLOURS: Mapping[str, str] = {
    "error": "31",
    "warning": "33",
    "info": "36",
    "good": "32",
    "bold": "1",
    "soft": "2",
}


def wants_colour(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """True on a terminal, unless NO_COLOR is set or the terminal is dumb."""
    # NO_COLOR counts when present and not empty: no-color.org (read 2026-11).
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def painted(text: str, colour: str, *, colours: bool) -> str:
    """The text in a colour, or as it is where colours are not wanted."""
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if colours and text else text


def columns(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """The rows as lines with aligned columns, two blanks apart; columns in `right` to the right."""
    if not rows:
        return []
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            _padded(cell, widths[place], right=place in right) for place, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]


def _padded(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if right else text + blanks


def _width(text: str) -> int:
    """Cells on a terminal: East Asian wide characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in text
    )
