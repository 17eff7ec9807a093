"""`decisions/duplicates.csv`: what people decided of pairs of records; reviewed like any other file.

One line a pair, ids and no personal data. Read as Excel writes it, too: with a byte order mark, semicolons, CRLF.

| code | what is wrong |
|---|---|
| CRM130 | the file is no such table: its encoding, its columns, or the number of cells of a line |
| CRM131 | a cell: the entity, a system, an object, an id, the word, the day, or who decided |
| CRM132 | a pair of a record with itself |
| CRM133 | decisions that cannot all be true: none of them counts until one is changed |
| CRM134 | a note: decisions about an entity whose match rules do not name `decided` |
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crmsync.config.decision_rows import CELL, pair_of, plain_cell, same_of
from crmsync.config.defects import or_defect
from crmsync.core.mapping import DECIDED, WorkspaceMapping
from crmsync.core.pair_decisions import (
    Contradiction,
    PairDecision,
    Same,
    contradictions,
    newest,
)
from crmsync.errors import Problem

FILE = "decisions/duplicates.csv"
COLUMNS = (
    *("entity", "one_system", "one_object", "one_id", "other_system", "other_object", "other_id"),
    *("same", "by", "on", "note"),
)
_DELIMITERS = (",", ";", "\t")
_ZONES = 1
"""Days by which it is later elsewhere."""


@dataclass(frozen=True, slots=True)
class DecisionsFile:
    """What people said last of every pair, the lines it stands in, and what is wrong.

    With `problems` the file cannot be used; `doubts` are contradictions, of which nothing counts.
    """

    decisions: tuple[PairDecision, ...] = ()
    lines: Mapping[PairDecision, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()


def read_decisions(
    root: Path, mapping: WorkspaceMapping | None, today: date = date.max
) -> DecisionsFile:
    """The decisions of a workspace, none without the file; `mapping` is None where it is not understood.

    Nobody can have decided after `today`, but where it is tomorrow already.
    """
    path = root / FILE
    if not path.is_file():
        return DecisionsFile()
    return or_defect(
        FILE, lambda: _read(path, mapping, today), lambda told: DecisionsFile(problems=(told,))
    )


def _read(path: Path, mapping: WorkspaceMapping | None, today: date) -> DecisionsFile:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        remedy = "save it as UTF-8: in Excel, CSV UTF-8"
        return DecisionsFile(problems=(_problem(line, "CRM130", "no UTF-8", remedy),))
    except OSError as error:
        said = f"cannot be read: {error.strerror}"
        return DecisionsFile(problems=(_problem(0, "CRM006", said, "let your user read it"),))
    return understood(text, mapping, today)


def understood(
    text: str, mapping: WorkspaceMapping | None, today: date = date.max
) -> DecisionsFile:
    """The decisions of a text, with every problem of every line."""
    try:
        rows = [*_rows(text)]
    except csv.Error as error:
        remedy = "close its quotes, and write one line a pair"
        return DecisionsFile(problems=(_problem(1, "CRM130", f"no table: {error}", remedy),))
    if not rows:
        return DecisionsFile(problems=_head_problems([]))
    head = [plain_cell(cell).lower() for cell in rows[0][1]]
    if wrong := _head_problems(head):
        return DecisionsFile(problems=wrong)
    return _decided([_cells(line, head, row) for line, row in rows[1:]], mapping, today)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, each with the line it begins in."""
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


def _head_problems(head: Sequence[str]) -> tuple[Problem, ...]:
    wanted = f"the first line is {','.join(COLUMNS)}"
    found = [f"no column '{name}'" for name in COLUMNS if name not in head]
    found += [f"unknown column '{name}'" for name in head if name not in COLUMNS]
    found += [f"column '{name}' twice" for name in COLUMNS if head.count(name) > 1]
    return tuple(_problem(1, "CRM130", said, wanted) for said in found)


Cells = tuple[int, dict[str, str] | None]


def _cells(line: int, head: Sequence[str], row: Sequence[str]) -> Cells:
    """The cells of a row by column; None where there are too many or too few. Blank ones at the end may be left out."""
    filled = [plain_cell(cell) for cell in row]
    while len(filled) > len(head) and not filled[-1]:
        filled.pop()
    filled += [""] * (len(head) - len(filled) if len(filled) == len(head) - 1 else 0)
    return line, dict(zip(head, filled, strict=True)) if len(filled) == len(head) else None


def _decided(rows: Sequence[Cells], mapping: WorkspaceMapping | None, today: date) -> DecisionsFile:
    problems: list[Problem] = []
    lines: dict[PairDecision, int] = {}
    for line, cells in rows:
        found = _one(line, cells, mapping, today)
        if isinstance(found, PairDecision):
            lines.setdefault(found, line)
        else:
            problems += found
    last = newest(lines)
    doubts = [_doubt(each, lines) for each in contradictions(last)]
    return DecisionsFile(tuple(last), lines, tuple(problems), tuple(doubts))


def _one(
    line: int, cells: Mapping[str, str] | None, mapping: WorkspaceMapping | None, today: date
) -> PairDecision | list[Problem]:
    """The decision of a row, or everything that is wrong with it."""
    if cells is None:
        said, remedy = "more or fewer cells than columns", f"write {len(COLUMNS)} cells"
        return [_problem(line, "CRM130", said, remedy)]
    row = pair_of(cells, mapping)
    problems = [_problem(line, each.code, each.message, each.remedy) for each in row.faults]
    same, on = _word(line, cells["same"]), _day(line, cells["on"], today)
    problems += [each for each in (same, on) if isinstance(each, Problem)]
    if not cells["by"]:
        problems.append(_problem(line, CELL, "by is blank", "say who decided"))
    if problems or row.refs is None or isinstance(same, Problem) or isinstance(on, Problem):
        return problems
    return PairDecision.of(row.entity, row.refs, same, cells["by"], on, cells["note"])


def _word(line: int, text: str) -> Same | Problem:
    found = same_of(text)
    remedy = "write yes, no or unsure"
    return found or _problem(line, CELL, f"same '{text}' is no decision", remedy)


def _day(line: int, text: str, today: date) -> date | Problem:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        remedy = "write year, month and day: 2026-11-23"
        return _problem(line, CELL, f"on '{text}' is no day", remedy)
    if found.toordinal() > today.toordinal() + _ZONES:
        remedy = "write the day on which somebody decided: what is said last counts"
        return _problem(line, CELL, f"on '{text}' is a day to come", remedy)
    return found


def _doubt(each: Contradiction, lines: Mapping[PairDecision, int]) -> Problem:
    """A contradiction, at the line of the decision that says two; it names the lines of the others."""
    others = ", ".join(str(lines[one]) for one in each.others)
    records = f"{each.no.one} and {each.no.other}"
    said = f"{records} are decided otherwise in line {others}: none of these decisions counts"
    return _problem(lines[each.no], "CRM133", said, "change one of them: crmsync fix decide")


def remarks_on_decisions(
    decisions: Sequence[PairDecision], lines: Mapping[PairDecision, int], mapping: WorkspaceMapping
) -> list[Problem]:
    """Entities of which something was decided though their match rules do not ask for it."""
    deaf = {each.entity for each in mapping.entities if DECIDED not in each.match}
    first = {each.entity: each for each in reversed(decisions) if each.entity in deaf}
    remedy = "add `decided` to `match:` after `key`"
    return [
        _problem(
            lines[each],
            "CRM134",
            f"decisions about {name} that its match rules do not name",
            remedy,
        )
        for name, each in sorted(first.items())
    ]


def _problem(line: int, code: str, message: str, remedy: str) -> Problem:
    return Problem(FILE, line, 1 if line else 0, code, message, remedy)
