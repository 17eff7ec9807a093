"""Reads a list of pairs that a person filled in, CSV or Excel: only rows with a decision count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crmsync.commands.deciding import today
from crmsync.commands.keeping_decisions import Given, Kept, keep
from crmsync.commands.unread_records import unread_in
from crmsync.commands.workspace import Workspace
from crmsync.config.decision_rows import CELL, pair_of, plain_cell, same_of
from crmsync.connectors.files.csvs import csv_source
from crmsync.connectors.files.excel import excel_source, sheets_of
from crmsync.connectors.files.settings import FileObject
from crmsync.connectors.files.sources import Row, Source
from crmsync.core.pair_decisions import PairDecision
from crmsync.errors import CrmsyncError, Problem
from crmsync.language import translate
from crmsync.reports.decision_heads import HEADS, columns_named, entity_called

NEEDED = (
    *("entity", "one_system", "one_object", "one_id", "other_system", "other_object", "other_id"),
    "decision",
)
_HEAD_WITHIN = 20
"""Rows in which the head is looked for: a title may stand above it."""


@dataclass(frozen=True, slots=True)
class _Table:
    columns: Mapping[str, int]
    rows: Sequence[Row]


def decide_from(workspace: Workspace, path: Path, *, by: str) -> Kept:
    """Keeps the decisions of a file; what is wrong with a row is told with its line, and the others are kept."""
    given: list[Given] = []
    problems: list[Problem] = []
    for line, cells in _filled(_table(path)):
        found = _given(workspace, path.name, line, cells, by)
        if isinstance(found, Given):
            given.append(found)
        else:
            problems += found
    kept = keep(workspace, given)
    kept.unread = unread_in(workspace, given)
    kept.problems = sorted([*problems, *kept.problems], key=lambda each: (each.line, each.message))
    return kept


def _filled(table: _Table) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows in which somebody decided, each with its line."""
    for line, row in table.rows:
        cells = {
            name: plain_cell(row[at] if at < len(row) else "") for name, at in table.columns.items()
        }
        if cells["decision"]:
            yield line, cells


def _given(
    workspace: Workspace, file: str, line: int, cells: Mapping[str, str], by: str
) -> Given | list[Problem]:
    entities = [each.entity for each in workspace.mapping.entities]
    named = {**cells, "entity": entity_called(cells["entity"], entities)}
    row, same = pair_of(named, workspace.mapping), same_of(cells["decision"])
    problems = [Problem(file, line, 1, each.code, each.message, each.remedy) for each in row.faults]
    if same is None:
        said = f"decision '{cells['decision']}' is no decision"
        problems.append(Problem(file, line, 1, CELL, said, "write yes, no or unsure"))
    if problems or same is None or row.refs is None:
        return problems
    note = cells.get("note", "")
    return Given(
        PairDecision.of(row.entity, row.refs, same, by, today(workspace), note), file, line
    )


def _table(path: Path) -> _Table:
    """The first table of the file with all columns; CrmsyncError if there is none."""
    if not path.is_file():
        remedy = (
            "Write one with crmsync fix duplicates --out FILE, and fill in its column decision."
        )
        raise CrmsyncError("there is no such file", where=str(path), remedy=remedy)
    missing = list(NEEDED)
    for source in _sources(path):
        rows = list(source.rows())
        for place, (_line, cells) in enumerate(rows[:_HEAD_WITHIN]):
            columns = columns_named(cells)
            lacks = [name for name in NEEDED if name not in columns]
            if not lacks:
                return _Table(columns, rows[place + 1 :])
            missing = min(missing, lacks, key=len)
    raise _no_table(path, missing)


def _no_table(path: Path, missing: Sequence[str]) -> CrmsyncError:
    """The error that names the columns which the best of the heads lacks."""
    told = ", ".join(f"{name} ({translate(HEADS[name])})" for name in missing)
    said = f"no table with these columns: {told}"
    if len(missing) < len(NEEDED):
        said = f"the list lacks these columns: {told}"
    remedy = "Keep the first line of the list as crmsync fix duplicates writes it."
    return CrmsyncError(said, where=path.name, remedy=remedy)


def _sources(path: Path) -> Iterator[Source]:
    """The tables of a file: one of a CSV file, those of every sheet of a workbook."""
    if path.suffix.lower() == ".xlsx":
        for sheet in sheets_of(path):
            yield excel_source(path, FileObject(path.name, sheet=sheet), path.name)
    else:
        yield csv_source(path, FileObject(path.name), path.name)
