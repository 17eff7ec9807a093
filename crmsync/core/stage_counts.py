"""How many customers stand where: by all systems together, by each, and one system's word against another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many people stand at a stage, by all systems together and by the word of each; None stands nowhere."""

    stage: str | None
    together: int
    by_system: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CrossTable:
    """How many people known to both systems have a stage in one and a status or stage in the other.

    `counts` are by (row, column), those of nobody left out. A row or column is a stage, a status as the system
    writes it, or blank for nothing.
    """

    row_system: str
    column_system: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]

    @property
    def total(self) -> int:
        """How many people there are in it."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class LifecycleFigures:
    """Where people stand, in how many cases the systems disagree, and the tables of one against the other."""

    stages: tuple[StageCount, ...]
    disagreeing: int
    tables: tuple[CrossTable, ...] = ()
