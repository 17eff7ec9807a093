"""Keeps decisions about pairs of records in `decisions/duplicates.csv`: one line a pair, sorted."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmsync.commands.workspace import Workspace
from crmsync.config.decision_rows import plain_cell
from crmsync.config.decisions_file import COLUMNS, FILE, read_decisions
from crmsync.core.pair_decisions import PairDecision, Place, contradictions, newest
from crmsync.errors import ConfigInvalid, CrmsyncError, Problem, StoreFailed
from crmsync.reports.as_csv import disarmed


@dataclass(frozen=True, slots=True)
class Given:
    """A decision that somebody gave, and the file and line in which; no file for one that was typed."""

    decision: PairDecision
    file: str = ""
    line: int = 0

    def problem(self, code: str, message: str, remedy: str) -> Problem:
        """A problem of the place in which it was given."""
        return Problem(self.file, self.line, 1 if self.line else 0, code, message, remedy)


@dataclass(slots=True)
class Kept:
    """What became of decisions: `new` pairs, those `changed`, how many were there `already`; and what is wrong."""

    new: list[PairDecision] = field(default_factory=list)
    changed: list[PairDecision] = field(default_factory=list)
    already: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many decisions stand as they were given."""
        return len(self.new) + len(self.changed) + self.already


def keep(workspace: Workspace, given: Sequence[Given]) -> Kept:
    """Adds decisions to the file. Those that contradict others, given or there, are left out and told.

    ConfigInvalid if the file cannot be read to its end: nothing of it is to be lost.
    """
    file = read_decisions(workspace.root, workspace.mapping)
    if file.problems:
        raise ConfigInvalid(file.problems)
    good, problems = _fitting(file.decisions, given)
    kept = _sorted_out(file.decisions, good)
    kept.problems += problems
    if kept.new or kept.changed:
        _write(workspace.root / FILE, _with(file.decisions, [*kept.new, *kept.changed]))
    return kept


def _place(each: PairDecision) -> Place:
    return each.entity, each.pair


def _with(known: Iterable[PairDecision], new: Sequence[PairDecision]) -> list[PairDecision]:
    """What is known, with new decisions in place of what was said of their pairs."""
    decided = {_place(each) for each in new}
    return [*(each for each in known if _place(each) not in decided), *new]


def _fitting(
    known: Sequence[PairDecision], given: Sequence[Given]
) -> tuple[list[Given], list[Problem]]:
    """The given decisions that contradict nothing, and a problem for each of the others."""
    good = list(given)
    problems: list[Problem] = []
    while True:
        together = newest(_with(known, [each.decision for each in good]))
        torn = {each: one.all for one in contradictions(together) for each in one.all}
        wrong = [each for each in good if each.decision in torn]
        if not wrong:
            return good, problems
        problems += [_doubt(each, torn[each.decision]) for each in wrong]
        good = [each for each in good if each not in wrong]


def _doubt(given: Given, torn: Sequence[PairDecision]) -> Problem:
    one = given.decision
    others = [each for each in torn if each != one]
    said = "; ".join(f"{each.one} {each.other}: {each.same}" for each in others)
    message = f"{one.one} {one.other}: {one.same} contradicts {said}"
    return given.problem("CRM133", message, "decide again which of them is wrong")


def _sorted_out(known: Iterable[PairDecision], good: Iterable[Given]) -> Kept:
    words: dict[Place, set[str]] = {}
    for each in known:
        words.setdefault(_place(each), set()).add(each.same)
    kept, seen = Kept(), set()
    for decision in (each.decision for each in good):
        place = _place(decision)
        if place in seen:
            continue
        seen.add(place)
        if words.get(place) == {decision.same}:
            kept.already += 1
        else:
            (kept.changed if place in words else kept.new).append(decision)
    return kept


def decisions_text(decisions: Iterable[PairDecision]) -> str:
    """The file: LF, no byte order mark, no cell that a spreadsheet runs; CrmsyncError for an id that would not last."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in newest(decisions):
        ids = [part for ref in (each.one, each.other) for part in (ref.system, ref.object, ref.id)]
        texts = [each.entity, *ids, each.same, each.by, each.on.isoformat(), each.note]
        cells = [disarmed(text.strip()) for text in texts]
        if [plain_cell(cell) for cell in cells[:7]] != texts[:7]:
            raise CrmsyncError(
                f"a file cannot keep the ids of {each.one} and {each.other}",
                remedy="Correct the ids: they hold signs that no CRM writes.",
            )
        writer.writerow(cells)
    return file.getvalue()


def _write(path: Path, decisions: Iterable[PairDecision]) -> None:
    """Writes the file whole or not at all."""
    text = decisions_text(decisions)
    scratch = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(exist_ok=True)
        with os.fdopen(
            os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        ) as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        remedy = "Free disk space, or let your user write to this folder."
        said = f"cannot write the decisions: {error.strerror}"
        raise StoreFailed(said, where=FILE, remedy=remedy) from error
