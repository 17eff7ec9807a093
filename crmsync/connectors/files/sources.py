"""What every kind of file gives: numbered rows of text, and what had to be found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from crmsync.connectors.settings import FILE
from crmsync.errors import ConfigInvalid, Problem

# systems.SYSTEM.objects.OBJECT: the last may have points in it.
_DEPTH = 3
Row: TypeAlias = tuple[int, list[str | None]]
"""The number of the line (or of the row in its sheet), from 1, and the cells; None is a blank."""


class Exact(str):
    """A number that was stored as one: its text is wire-normal, whatever the others look like."""

    __slots__ = ()


NOTHING = ("n/a", "n.a.", "#n/a", "n/d", "#n/d", "s/d", "-", "--", "\u2013", "\u2014")
"""Cells that people and reports write where there is nothing to say, in English and Spanish."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read as often as asked. `shown` names it in messages.

    `blanks`: cells that say that there is nothing, in lower case.
    `ragged`: rows may be wider than the header, for what follows is a column without a name.
    `titled` False: the first row is the header, whatever it looks like.
    """

    path: Path
    shown: str
    rows: Callable[[], Iterator[Row]]
    notes: tuple[str, ...] = ()
    ragged: bool = True
    titled: bool = True
    blanks: frozenset[str] = frozenset(NOTHING)


def file_problem(message: str, remedy: str, place: str = "", setting: str = "") -> ConfigInvalid:
    """The error for a file that cannot be used as it is declared: `place` and `setting` lead to where."""
    steps = [*place.split(".", _DEPTH), *setting.split(".", 1)]
    path = tuple(step for step in steps if step)
    return ConfigInvalid([Problem(FILE, 0, 0, "CRM102", message, remedy, path)])
