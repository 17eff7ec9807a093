"""`crmsync decisions import`: a list that people filled in is checked row by row, and what fits is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from crmsync.commands.answered_before import (
    Before,
    answered_before,
    is_same,
    is_same_person,
    otherwise,
)
from crmsync.commands.deciding import today
from crmsync.commands.decision_files import FilledRow, read_filled
from crmsync.commands.keeping_answers import keep_answers, kept_answers
from crmsync.commands.keeping_decisions import Given, keep
from crmsync.commands.keeping_waivers import add_waivers
from crmsync.commands.open_decisions import by_name, gathered
from crmsync.commands.reading_decisions import (
    TWICE,
    Answered,
    answered,
    key_in,
    without_twice,
)
from crmsync.commands.workspace import Workspace
from crmsync.core.accepting import Waiver
from crmsync.core.open_decisions import (
    YES,
    DecisionKey,
    DecisionKind,
    KeptAnswer,
)
from crmsync.core.pair_decisions import PairDecision, Same
from crmsync.errors import CrmsyncError, Problem
from crmsync.reports.decision_lists import answer_of

_SAMES: dict[str, Same] = {"yes": "yes", "no": "no", "unsure": "unsure"}


@dataclass(slots=True)
class Imported:
    """What became of a list: answers by kind that are `new`, `changed` or there `already`, and those that keep nothing.

    `still_open` are findings that nobody accepts, `blank` rows without a decision.
    """

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    already: Counter[str] = field(default_factory=Counter)
    still_open: int = 0
    blank: int = 0
    problems: list[Problem] = field(default_factory=list)
    dry: bool = False

    @property
    def total(self) -> int:
        """How many answers stand as they were given."""
        return (
            sum(map(sum, (c.values() for c in (self.new, self.changed, self.already))))
            + self.still_open
        )


_Row = tuple[FilledRow, DecisionKey]


def import_decisions(workspace: Workspace, path: Path, *, by: str, dry: bool = False) -> Imported:
    """Keeps the answers of a list that fit what is open now; `dry` only says what would be kept.

    CrmsyncError for a list of another workspace: nothing of it can fit.
    """
    filled = read_filled(path)
    name = workspace.project.name
    if filled.workspace and filled.workspace != name:
        said = f"this list was written for the workspace '{filled.workspace}', and this one is '{name}'"
        remedy = "Read it back where it was written (--workspace DIR), or export one here."
        raise CrmsyncError(said, where=path.name, remedy=remedy)
    done = Imported(dry=dry)
    rows: list[_Row] = []
    for row in filled.rows:
        if not row.cells["decision"] and "decision" not in row.unread:
            done.blank += 1
        elif isinstance(key := key_in(row), Problem):
            done.problems.append(key)
        else:
            rows.append((row, key))
    _keep(workspace, done, _fitting(workspace, done, rows, by))
    order = {place: n for n, row in enumerate(filled.rows) for place in row.places.values()}
    done.problems.sort(key=lambda each: (order.get(each.file, 0), each.line))
    return done


def _fitting(workspace: Workspace, done: Imported, rows: Sequence[_Row], by: str) -> list[Answered]:
    """The answers that are news and fit; what was answered so before is counted, the rest is told."""
    before = answered_before(workspace)
    fresh: list[_Row] = []
    for row, key in _unlike_twins(done, rows):
        known = before.get((key.kind, key.name))
        if known is None or known.seen not in ("", key.seen):
            fresh.append((row, key))
        elif is_same(row, known):
            done.already[key.kind] += 1
        elif key.kind != "waivers" and is_same_person(row, known, by):
            fresh.append((row, key))
        else:
            done.problems.append(otherwise(row, known))
    good = _answers(workspace, done, fresh, by, before)
    good, problems = without_twice(good)
    done.problems += problems
    return good


def _unlike_twins(done: Imported, rows: Sequence[_Row]) -> list[_Row]:
    """The rows without those of a question that stands in the list twice, decided in two ways."""
    said: dict[str, set[str]] = {}
    for row, key in rows:
        said.setdefault(key.name, set()).add(_word(row))
    for row, key in rows:
        if len(said[key.name]) > 1:
            told = "the same is asked in another row with another answer"
            remedy = "leave one of them; none was kept"
            done.problems.append(row.problem("decision", TWICE, told, remedy))
    return [(row, key) for row, key in rows if len(said[key.name]) == 1]


def _word(row: FilledRow) -> str:
    text = row.cells["decision"]
    return answer_of(text, (*_SAMES,)) or text.casefold()


def _answers(
    workspace: Workspace,
    done: Imported,
    rows: Sequence[_Row],
    by: str,
    before: dict[tuple[str, str], Before],
) -> list[Answered]:
    kinds = {key.kind for _, key in rows}
    ids = {audit.id for audit in workspace.audits}
    audits = sorted({key.audit for _, key in rows if key.audit} & ids)
    if not audits:
        kinds -= {"waivers"}
    asked = by_name(gathered(workspace, "en", kinds=kinds, audits=audits).rows) if kinds else {}
    good: list[Answered] = []
    for row, key in rows:
        question = asked[key.name].asked if key.name in asked else None
        known = before.get((key.kind, key.name))
        if question is None and known is not None and known.asked is not None:
            question, key = known.asked, replace(key, seen=known.asked.seen)
        found = answered(row, key, question, by, today(workspace))
        if isinstance(found, Answered):
            good.append(found)
        else:
            done.problems += found
    return good


def _keep(workspace: Workspace, done: Imported, good: Sequence[Answered]) -> None:
    """Keeps each answer where answers of its kind are kept."""
    pairs = [each for each in good if each.asked.pair]
    waived = [each for each in good if each.asked.finding]
    others = [each for each in good if not each.asked.pair and not each.asked.finding]
    _keep_pairs(workspace, done, pairs)
    _keep_others(workspace, done, others)
    _keep_waivers(workspace, done, waived)


def _keep_pairs(workspace: Workspace, done: Imported, good: Sequence[Answered]) -> None:
    if not good:
        return
    kinds: dict[tuple[str, object], DecisionKind] = {}
    given = []
    for each in good:
        assert each.asked.pair is not None
        entity = each.asked.address[0]
        same = _SAMES[each.answer]
        decision = PairDecision.of(entity, each.asked.pair, same, each.by, each.on, each.note)
        kinds[entity, decision.pair] = each.asked.kind
        given.append(Given(decision, each.row.places["decision"], each.row.line))
    kept = keep(workspace, given, writing=not done.dry)
    done.new.update(kinds[each.entity, each.pair] for each in kept.new)
    done.changed.update(kinds[each.entity, each.pair] for each in kept.changed)
    done.already.update(kinds[each.entity, each.pair] for _, each in kept.there)
    done.problems += kept.problems


def _keep_others(workspace: Workspace, done: Imported, good: Sequence[Answered]) -> None:
    known = {(each.kind, tuple(each.about)) for each in kept_answers(workspace)}
    for each in good:
        is_known = (each.asked.kind, each.asked.address) in known
        (done.changed if is_known else done.new)[each.asked.kind] += 1
    if not done.dry:
        keep_answers(workspace, [_kept(each) for each in good])


def _kept(each: Answered) -> KeptAnswer:
    asked = each.asked
    assert asked.kind != "duplicates"
    assert asked.kind != "waivers"
    return KeptAnswer(
        asked.kind, [*asked.address], each.answer, each.by, each.on, asked.seen, each.note
    )


def _keep_waivers(workspace: Workspace, done: Imported, good: Sequence[Answered]) -> None:
    accepted = [each for each in good if each.answer == YES]
    done.still_open += len(good) - len(accepted)
    done.new.update(each.asked.kind for each in accepted)
    if not done.dry:
        add_waivers(workspace, _waivers(accepted))


def _waivers(accepted: Iterable[Answered]) -> list[Waiver]:
    """One waiver for all records that were accepted in the same words."""
    found: dict[tuple[str, str, str, str, date], list[str]] = {}
    for each in accepted:
        audit, who, name = each.asked.address
        assert each.until is not None
        found.setdefault((audit, name, each.note, each.by, each.until), []).append(who)
    return [
        Waiver(audit, sorted(who), note, by, until, name or None)
        for (audit, name, note, by, until), who in found.items()
    ]
