"""What was answered before a list came back: the same again is no news, and nobody is overruled by a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crmsync.commands.deciding import today
from crmsync.commands.decision_files import FilledRow
from crmsync.commands.keeping_answers import kept_answers
from crmsync.commands.reading_decisions import UNFIT
from crmsync.commands.workspace import Workspace
from crmsync.core.days import day_typed
from crmsync.core.open_decisions import YES, DecisionKind, OpenDecision, name_of_question
from crmsync.errors import Problem
from crmsync.reports.decision_lists import answer_of

_PAIRED: tuple[DecisionKind, ...] = ("duplicates", "links")


@dataclass(frozen=True, slots=True)
class Before:
    """What was answered to a question before, by whom and when; `seen` is blank where that does not count.

    `asked` is the question itself, of pairs: a pair that was decided is asked about no more, but may be changed.
    """

    answer: str
    by: str
    on: date
    seen: str = ""
    note: str = ""
    until: date | None = None
    asked: OpenDecision | None = None


def answered_before(workspace: Workspace) -> dict[tuple[str, str], Before]:
    """Everything that was answered, by the kind and the name of its question."""
    name = workspace.project.name
    found: dict[tuple[str, str], Before] = {}
    for pair in workspace.mapping.decisions:
        address = (pair.entity, str(pair.one), str(pair.other))
        for kind in _PAIRED:
            asked = OpenDecision(kind, address, pair=(pair.one, pair.other))
            known = Before(pair.same, pair.by, pair.on, note=pair.note, asked=asked)
            found[kind, name_of_question(name, kind, address)] = known
    for each in kept_answers(workspace):
        known = Before(each.answer, each.by, each.decided_on, each.seen, each.note)
        found[each.kind, name_of_question(name, each.kind, each.about)] = known
    day = today(workspace)
    for waiver in workspace.waivers:
        if waiver.who != "all" and waiver.until >= day:
            for who in waiver.who:
                address = (waiver.audit, who, waiver.field or "")
                known = Before(YES, waiver.approver, day, "", waiver.reason, waiver.until)
                found["waivers", name_of_question(name, "waivers", address)] = known
    return found


def is_same(row: FilledRow, known: Before) -> bool:
    """True if a row says what was said before; a new comment is news, and of a waiver another last day."""
    if answer_of(row.cells["decision"], (known.answer,)) is None:
        return False
    if known.until is not None:
        until = row.cells.get("until", "")
        return not until or day_typed(until) == known.until
    return row.cells.get("note", "") in ("", known.note)


def is_same_person(row: FilledRow, known: Before, by: str) -> bool:
    """True if who decided thinks again, or somebody else says the same with another comment."""
    return (row.cells.get("responsible") or by).casefold() == known.by.casefold() or bool(
        answer_of(row.cells["decision"], (known.answer,))
    )


def otherwise(row: FilledRow, known: Before) -> Problem:
    """The problem of a row that says something else than what somebody decided."""
    if known.until is not None:
        said = f"this is accepted already, until {known.until.isoformat()}, by {known.by}"
        return row.problem(
            "decision", UNFIT, said, "change it where it is kept: audits/waivers.yml"
        )
    said = f"{known.by} decided otherwise: {known.answer}, on {known.on.isoformat()}"
    remedy = "agree, and change it where it is kept: crmsync fix decide, decisions/answers.yml"
    return row.problem("decision", UNFIT, said, remedy)
