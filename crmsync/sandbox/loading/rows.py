"""A source row as the native values of one record, with what could not be kept noted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from crmsync.sandbox.loading.plan import Column, TablePlan, tidy_id
from crmsync.sandbox.loading.registry import Registry
from crmsync.sandbox.loading.report import Tally
from crmsync.sandbox.loading.systems import System
from crmsync.sandbox.loading.values import read_value

Row = tuple[str | None, ...]


@dataclass(slots=True)
class Notes:
    """Counts of what happened, by what it was, each with its first three examples."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, example: str = "") -> None:
        """Counts one more, keeping a new example while there are fewer than three."""
        self.counts[what] += 1
        known = self.examples[what]
        if example and example not in known and len(known) < 3:
            known.append(example[:60])

    def tallies(self) -> tuple[Tally, ...]:
        """All of it, in alphabetical order."""
        return tuple(
            Tally(what, count, tuple(self.examples[what]))
            for what, count in sorted(self.counts.items())
        )


@dataclass(slots=True)
class Outcome:
    """What loading one table has led to so far."""

    plan: TablePlan
    loaded: int = 0
    rejected: Notes = field(default_factory=Notes)
    cells: Notes = field(default_factory=Notes)
    resolved: Notes = field(default_factory=Notes)
    unresolved: Notes = field(default_factory=Notes)


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell that names another record, which may not be loaded yet."""

    outcome: Outcome
    column: Column
    record: str
    text: str


def native_values(system: System, outcome: Outcome, row: Row) -> dict[str, Any]:
    """The plain values of a row; a cell that cannot be read is left out and noted."""
    values: dict[str, Any] = {}
    for column in outcome.plan.of_use("value"):
        text = row[column.place]
        if text is None:
            continue
        try:
            values[column.field] = read_value(system.name, column.type, text)
        except ValueError:
            outcome.cells.add(f"{column.name} is no {column.type}", text)
    return values


def resolve(registry: Registry, outcome: Outcome, column: Column, text: str) -> str | None:
    """The real id a cell stands for, noting how it was found; None, unnoted, if it is not."""
    found = registry.find(column.refers, text)
    if found is None:
        return None
    outcome.resolved.add(f"{column.name}, {found[1]}")
    return found[0]


def give_up(outcome: Outcome, column: Column, text: str) -> None:
    """Notes a reference that leads nowhere."""
    outcome.unresolved.add(f"{column.name} -> {' or '.join(column.refers)}", text)


def local_id(outcome: Outcome, row: Row) -> str:
    """The id a row has in the source, empty if it has none."""
    columns = outcome.plan.of_use("id")
    return tidy_id(row[columns[0].place]) if columns else ""


def spoken_names(system: System, object_name: str, values: dict[str, Any]) -> list[str]:
    """The names by which other tables may refer to a record, without repetition."""
    names = [
        " ".join(str(values[part]) for part in parts if values.get(part))
        for parts in system.spoken.get(object_name, ())
    ]
    return list(dict.fromkeys(name for name in names if name))
