"""Loads somebody else's tables into a simulated CRM, and tells what became of every row.

Parents go first; references inside one table, and ties, when all records are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmsync.sandbox.loading.plan import Column, TablePlan, plan_tables
from crmsync.sandbox.loading.registry import Registry
from crmsync.sandbox.loading.report import ColumnReport, LoadReport, TableReport, Tally
from crmsync.sandbox.loading.rows import (
    Outcome,
    Reference,
    Row,
    give_up,
    local_id,
    native_values,
    resolve,
    spoken_names,
)
from crmsync.sandbox.loading.sources import LoadError, read_source
from crmsync.sandbox.loading.systems import SYSTEMS, TIES, System
from crmsync.sandbox.loading.targets import HttpTarget, Loadable, WorldTarget
from crmsync.sandbox.seeding.ids import is_salesforce_id

__all__ = [
    "ColumnReport", "HttpTarget", "LoadError", "LoadReport", "Loadable", "TableReport", "Tally",
    "WorldTarget", "load",
]  # fmt: skip


def load(path: Path, into: Loadable, system: str) -> LoadReport:
    """What became of the tables at `path`: an SQLite file, an SQL script, a CSV file or a folder.

    `system` is salesforce or hubspot. LoadError if nothing can be read or reached; a row that the
    target refuses is in the report instead.
    """
    if system not in SYSTEMS:
        raise LoadError(f"no system {system!r}; there are {' and '.join(SYSTEMS)}")
    rules = SYSTEMS[system]
    plans = plan_tables(rules, into.schema(), read_source(path))
    _define_fields(into, rules, plans)
    outcomes = [Outcome(plan) for plan in plans]
    _Loading(into, rules).run(outcomes)
    into.finish()
    return LoadReport(path.name, system, tuple(map(_report, outcomes)))


def _define_fields(into: Loadable, rules: System, plans: list[TablePlan]) -> None:
    fields: list[list[Any]] = []
    properties: list[list[Any]] = []
    for plan in plans:
        for column in (column for column in plan.columns if column.is_new):
            if rules.name == "hubspot":
                label = {"label": column.name}
                properties.append([plan.object, column.field, "string", "text", label])
            else:
                to: dict[str, Any] = {"referenceTo": list(column.refers)} if column.refers else {}
                fields.append([plan.object, column.field, column.type, to])
    _expect_all(into.call_all("define_field", fields))
    _expect_all(into.call_all("define_property", properties))


def _expect_all(results: list[dict[str, Any]]) -> None:
    for result in results:
        if "error" in result:
            raise LoadError(result["error"])


@dataclass(frozen=True, slots=True)
class _Record:
    """A row on its way in; `late` are the references that cannot be resolved yet."""

    number: int
    local: str
    row: Row
    values: dict[str, Any]
    late: list[Column]


# A second write would move these to now, unless they are sent again.
_STAMPS = ("LastModifiedDate", "SystemModstamp")


class _Loading:
    """One load under way: what is known of ids, and the references that still wait."""

    def __init__(self, into: Loadable, rules: System) -> None:
        self.into = into
        self.rules = rules
        self.registry = Registry()
        self.waiting: list[Reference] = []
        self.ties: list[Reference] = []
        # (object, record, far object) that have their main tie
        self.main: set[tuple[str, str, str]] = set()
        self.stamps: dict[tuple[str, str], dict[str, Any]] = {}

    def run(self, outcomes: list[Outcome]) -> None:
        """Loads the tables of records parents first, then what ties them."""
        order = {name: place for place, name in enumerate(self.rules.order)}
        records = [one for one in outcomes if one.plan.object and not one.plan.linked]
        for outcome in sorted(records, key=lambda one: order.get(one.plan.object or "", 99)):
            self._load_records(outcome)
        self._settle_waiting()
        self._settle_ties()
        for outcome in outcomes:
            if outcome.plan.linked:
                self._load_links(outcome, outcome.plan.linked)

    def _load_records(self, outcome: Outcome) -> None:
        made = [one for one in map(self._draft(outcome), outcome.plan.table.rows) if one]
        calls = [
            [outcome.plan.object, one.values, *self._kept_id(outcome.plan, one.local)]
            for one in made
        ]
        results = self.into.call_all("put", calls)
        for one, result in zip(made, results, strict=True):
            if "error" in result:
                outcome.rejected.add(result["error"], f"row {one.number}")
            else:
                self._keep(outcome, one, result["value"])

    def _draft(self, outcome: Outcome) -> Callable[[tuple[int, Row]], _Record | None]:
        """Makes a record of a row, or None, noted, if it lacks what it makes no sense without."""
        required = self.rules.required.get(outcome.plan.object or "", ())

        def draft(numbered: tuple[int, Row]) -> _Record | None:
            number, row = numbered
            values = native_values(self.rules, outcome, row)
            late = self._refer(outcome, row, values)
            missing = [field for field in required if field not in values]
            if not missing:
                return _Record(number, local_id(outcome, row), row, values, late)
            for column in late:
                give_up(outcome, column, row[column.place] or "")
            outcome.rejected.add(f"no {' and no '.join(missing)}", f"row {number}")
            return None

        return draft

    def _keep(self, outcome: Outcome, one: _Record, real: str) -> None:
        """Counts a loaded record, and remembers it for those that refer to it or it refers to."""
        outcome.loaded += 1
        object_name = outcome.plan.object or ""
        names = spoken_names(self.rules, object_name, one.values)
        self.registry.note(object_name, one.local, real, names, one.number)
        if one.late:
            stamps = {field: one.values[field] for field in _STAMPS if field in one.values}
            self.stamps[object_name, real] = stamps
        for column in one.late:
            self.waiting.append(Reference(outcome, column, real, one.row[column.place] or ""))
        for column in outcome.plan.of_use("tie"):
            for text in filter(None, map(str.strip, (one.row[column.place] or "").split(";"))):
                self.ties.append(Reference(outcome, column, real, text))

    def _refer(self, outcome: Outcome, row: Row, values: dict[str, Any]) -> list[Column]:
        """Writes the references that can be resolved into `values`; gives back the others."""
        late: list[Column] = []
        for column in outcome.plan.of_use("reference"):
            text = row[column.place]
            if text is None:
                continue
            inside = outcome.plan.object in column.refers
            real = None if inside else resolve(self.registry, outcome, column, text)
            if real is None:
                late.append(column)
            else:
                values[column.field] = real
        return late

    def _kept_id(self, plan: TablePlan, local: str) -> list[str]:
        """The id itself, when it already is one that the system gave out."""
        columns = plan.of_use("id")
        is_hubspots = self.rules.name == "hubspot" and columns and local.isdigit()
        if is_hubspots and columns[0].name.lower().replace(" ", "_") in _HUBSPOT_IDS:
            return [local]
        return [local] if is_salesforce_id(local, plan.object or "") else []

    def _settle_waiting(self) -> None:
        """Lays the late references over their records, all those of a record in one call."""
        values: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for one in self.waiting:
            real = resolve(self.registry, one.outcome, one.column, one.text)
            if real is None:
                give_up(one.outcome, one.column, one.text)
            else:
                values[one.outcome.plan.object or "", one.record][one.column.field] = real
        calls = [
            [name, {**self.stamps[name, record], **changes}, record]
            for (name, record), changes in values.items()
        ]
        _expect_all(self.into.call_all("put", calls))

    def _settle_ties(self) -> None:
        """Associates records by the columns of their own rows; the first tie is the main one."""
        calls: list[list[Any]] = []
        for one in self.ties:
            other = resolve(self.registry, one.outcome, one.column, one.text)
            if other is None:
                give_up(one.outcome, one.column, one.text)
                continue
            of, to = one.outcome.plan.object or "", one.column.refers[0]
            further = (of, one.record, to) in self.main
            self.main.add((of, one.record, to))
            calls.append([of, one.record, to, other, list(TIES[of, to][further])])
        _expect_all(self.into.call_all("associate", calls))

    def _load_links(self, outcome: Outcome, pair: tuple[str, str]) -> None:
        """Associates the records a link table names; a record's first tie is the main one.

        A column that says which tie is primary decides instead.
        """
        calls: list[list[Any]] = []
        for number, row in outcome.plan.table.rows:
            ends = self._ends(outcome, row)
            if len(ends) < 2:
                outcome.rejected.add("an end is not loaded", f"row {number}")
                continue
            one, other = ends[pair[0]], ends[pair[1]]
            is_first = (pair[0], one, pair[1]) not in self.main
            is_main = _says_primary(outcome.plan, row, default=is_first)
            self.main.add((pair[0], one, pair[1]))
            calls.append([pair[0], one, pair[1], other, list(TIES[pair][not is_main])])
            outcome.loaded += 1
        _expect_all(self.into.call_all("associate", calls))

    def _ends(self, outcome: Outcome, row: Row) -> dict[str, str]:
        found: dict[str, str] = {}
        for column in outcome.plan.of_use("tie"):
            text = row[column.place] or ""
            real = resolve(self.registry, outcome, column, text)
            if real is None:
                give_up(outcome, column, text)
            else:
                found[column.refers[0]] = real
        return found


_HUBSPOT_IDS = ("record_id", "hs_object_id")


def _says_primary(plan: TablePlan, row: Row, *, default: bool) -> bool:
    columns = plan.of_use("primary")
    if not columns:
        return default
    return (row[columns[0].place] or "").strip().lower() in ("true", "1", "yes")


def _report(outcome: Outcome) -> TableReport:
    plan, table = outcome.plan, outcome.plan.table
    for number, _ in table.odd:
        outcome.rejected.add("more cells than columns", f"row {number}")
    return TableReport(
        table=table.name,
        object=plan.object,
        rows_read=len(table.rows) + len(table.odd),
        rows_loaded=outcome.loaded,
        columns=tuple(_column_report(plan, column) for column in plan.columns),
        rejected=outcome.rejected.tallies() if plan.object else (),
        unresolved=outcome.unresolved.tallies(),
        resolved=outcome.resolved.tallies(),
        cells=outcome.cells.tallies(),
        reason=plan.why,
    )


def _column_report(plan: TablePlan, column: Column) -> ColumnReport:
    if column.use == "nothing":
        filled = sum(1 for cell in plan.table.cells(column.place) if cell)
        why = f"{column.why}; {filled} filled cells"
        return ColumnReport(column.name, "left out", reason=why)
    if column.is_new:
        what = f"-> {', '.join(column.refers)}" if column.refers else column.type
        return ColumnReport(column.name, "created", column.field, what)
    return ColumnReport(column.name, "mapped", column.field)
