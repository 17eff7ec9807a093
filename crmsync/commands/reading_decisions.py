"""Checks rows of a list of decisions against what is open now: an answer, or what is wrong with the row.

| code | what is wrong |
|---|---|
| CRM135 | a cell: no key, no answer, no day, a formula without a value, a row that was torn apart |
| CRM136 | the question is not asked any more, is another one now, or somebody else answered it since |
| CRM137 | one question with two answers: none of them is kept |
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crmsync.commands.decision_files import FilledRow
from crmsync.core.days import day_typed
from crmsync.core.open_decisions import (
    YES,
    DecisionKey,
    OpenDecision,
    read_key,
    row_digest,
)
from crmsync.errors import Problem
from crmsync.reports.decision_lists import answer_of, answer_words

CELL, UNFIT, TWICE = "CRM135", "CRM136", "CRM137"
_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|DIV/0!|N/A|NULL!|NUM!)")
_ZONES = timedelta(days=1)
"""By how much it is later elsewhere."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of a row that fits what is asked now: who gave it, when, why, and until when it holds."""

    row: FilledRow
    asked: OpenDecision
    answer: str
    by: str
    on: date
    note: str
    until: date | None = None

    def problem(self, code: str, message: str, remedy: str) -> Problem:
        """A problem of its decision."""
        return self.row.problem("decision", code, message, remedy)


def key_in(row: FilledRow) -> DecisionKey | Problem:
    """The key of a row whose text is the one that the key was written for."""
    key = read_key(row.cells["key"])
    if key is None:
        said, remedy = (
            "this row has no key of crmsync",
            "decide rows of the list; write no new ones",
        )
        return row.problem("decision", CELL, said, remedy)
    if row.told is not None and row_digest(row.told) != key.row:
        said = "the cells of this row are not those that its key was written for"
        remedy = "sort all columns together, and keep the columns of the list; or export again"
        return row.problem("decision", CELL, said, remedy)
    return key


def cell_problems(row: FilledRow) -> list[Problem]:
    """Formulas of which there is no value, and values that are errors of Excel."""
    found = [
        row.problem(name, CELL, "a formula without a value", "write the value itself")
        for name in sorted(row.unread)
    ]
    for name, text in row.cells.items():
        if name != "key" and _ERROR.fullmatch(text):
            found.append(row.problem(name, CELL, f"'{text}' is an error", "write the value itself"))
    return found


def answered(
    row: FilledRow, key: DecisionKey, asked: OpenDecision | None, by: str, today: date
) -> Answered | list[Problem]:
    """The answer of a row to a question that is open, or everything that is wrong with the row."""
    if asked is None:
        said = "this is not asked any more: a record is gone, or nothing speaks for it now"
        return [row.problem("decision", UNFIT, said, "export again: crmsync decisions export")]
    if asked.seen != key.seen:
        said = "what this rests on has changed since the list was written"
        remedy = "export again, and look at it as it is now: crmsync decisions export"
        return [row.problem("decision", UNFIT, said, remedy)]
    problems = cell_problems(row)
    answer = _answer(row, asked.answers)
    on, until = _day(row, "date", today), _day(row, "until", today)
    problems += [each for each in (answer, on, until) if isinstance(each, Problem)]
    if isinstance(answer, Problem) or isinstance(on, Problem) or isinstance(until, Problem):
        return problems
    found = Answered(
        row,
        asked,
        answer,
        row.cells.get("responsible") or by,
        on or today,
        row.cells.get("note", ""),
        until,
    )
    problems += _waiver_problems(found, today) if asked.finding else []
    return problems or found


def _answer(row: FilledRow, answers: Sequence[str]) -> str | Problem:
    text = row.cells["decision"]
    words = ", ".join(answer_words(answers, "en"))
    said, remedy = f"'{text}' is no decision", f"choose one of {words}"
    return answer_of(text, answers) or row.problem("decision", CELL, said, remedy)


def _day(row: FilledRow, column: str, today: date) -> date | Problem | None:
    text = row.cells.get(column, "")
    if not text:
        return None
    found = day_typed(text)
    if found is None:
        remedy = "write the day first, or year, month and day: 23/11/2026, 2026-11-23"
        return row.problem(column, CELL, f"'{text}' is no day", remedy)
    if column == "date" and found > today + _ZONES:
        remedy = "write the day on which somebody decided"
        return row.problem(column, CELL, f"'{text}' is a day to come", remedy)
    return found


def _waiver_problems(found: Answered, today: date) -> list[Problem]:
    """What an accepted finding lacks: a reason, and a day that is not over."""
    if found.answer != YES:
        return []
    problems = []
    if not found.note:
        said = "a finding is accepted without a reason"
        problems.append(
            found.row.problem("note", CELL, said, "say in the comment why it is accepted")
        )
    if found.until is None or found.until < today:
        said = "a finding is accepted without a last day, or with one that is over"
        remedy = "write until when it is accepted: 31/12/2026"
        place = "until" if "until" in found.row.places else "decision"
        problems.append(found.row.problem(place, CELL, said, remedy))
    return problems


def without_twice(found: Iterable[Answered]) -> tuple[list[Answered], list[Problem]]:
    """One answer a question; where a question has two answers, a problem for each row of it."""
    rows: dict[tuple[str, ...], list[Answered]] = defaultdict(list)
    for each in found:
        rows[each.asked.subject].append(each)
    good: list[Answered] = []
    problems: list[Problem] = []
    for same in rows.values():
        if len({(each.answer, each.until) for each in same}) == 1:
            good.append(same[0])
            continue
        others = "the same is asked in another row with another answer"
        problems += [
            each.problem(TWICE, others, "leave one of them; none was kept") for each in same
        ]
    return good, problems
