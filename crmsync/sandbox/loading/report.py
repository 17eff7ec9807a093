"""What a load did, table by table: nothing that was read is missing from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """Something that happened `count` times, with up to three examples of it."""

    what: str
    count: int
    examples: tuple[str, ...] = ()

    def as_text(self) -> str:
        """One line without indent."""
        shown = ", ".join(repr(example) for example in self.examples)
        return f"{self.what}: {self.count}" + (f" (for example {shown})" if shown else "")


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """What became of a column: `mapped`, `created` (a new custom field) or `left out`, and why."""

    column: str
    outcome: str
    field: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TableReport:
    """One table; `object` is None when it was not loaded, and `reason` says why.

    `rows_read` is `rows_loaded` plus the counts of `rejected`. `cells` tells of single values that
    could not be kept in rows that were loaded, `unresolved` of references that lead nowhere.
    """

    table: str
    object: str | None
    rows_read: int
    rows_loaded: int
    columns: tuple[ColumnReport, ...] = ()
    rejected: tuple[Tally, ...] = ()
    unresolved: tuple[Tally, ...] = ()
    resolved: tuple[Tally, ...] = ()
    cells: tuple[Tally, ...] = ()
    reason: str = ""

    def lines(self) -> Iterator[str]:
        """The table in plain English, one fact a line."""
        if self.object is None:
            yield f"{self.table}: not loaded, {self.rows_read} rows ({self.reason})"
            return
        yield f"{self.table} -> {self.object}: {self.rows_loaded} of {self.rows_read} rows loaded"
        yield from _columns("mapped", self.columns, _renamed)
        yield from _columns("created", self.columns, lambda one: f"{one.field} ({one.reason})")
        yield from _columns("left out", self.columns, lambda one: f"{one.column} ({one.reason})")
        for word, tallies in (
            ("rejected", self.rejected),
            ("value left out", self.cells),
            ("reference resolved", self.resolved),
            ("reference not resolved", self.unresolved),
        ):
            yield from (f"  {word}: {tally.as_text()}" for tally in tallies)


def _renamed(one: ColumnReport) -> str:
    return one.field if one.column == one.field else f"{one.column} -> {one.field}"


def _columns(
    outcome: str, columns: tuple[ColumnReport, ...], show: Callable[[ColumnReport], str]
) -> Iterator[str]:
    shown = ", ".join(show(one) for one in columns if one.outcome == outcome)
    if shown:
        yield f"  {outcome}: {shown}"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The tables of one load, in the order in which the source lists them."""

    source: str
    system: str
    tables: tuple[TableReport, ...]

    @property
    def rows_read(self) -> int:
        """Rows of all tables, loaded or not."""
        return sum(table.rows_read for table in self.tables)

    @property
    def rows_loaded(self) -> int:
        """Records and associations that are in the sandbox now because of this load."""
        return sum(table.rows_loaded for table in self.tables)

    def as_text(self) -> str:
        """The report in plain English, a few lines a table."""
        loaded, read = self.rows_loaded, self.rows_read
        first = f"{self.source} into {self.system}: {loaded} of {read} rows loaded"
        return "\n".join([first, *(line for table in self.tables for line in table.lines())])
