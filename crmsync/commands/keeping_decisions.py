"""Keeps decisions about pairs of records in `decisions/duplicates.csv`: one line a pair, sorted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from crmsync.commands.locking import alone
from crmsync.commands.workspace import Workspace
from crmsync.commands.writing_decisions import write_decisions
from crmsync.config.decisions_file import FILE, read_decisions
from crmsync.core.marks import id_mark
from crmsync.core.pair_decisions import Pair, PairDecision, Place, contradictions, newest
from crmsync.core.records import Ref
from crmsync.errors import ConfigInvalid, CrmsyncError, Problem
from crmsync.reports.masking import shown_id


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
    """What became of decisions: `new` pairs, those `changed`, those `there` already; and what is wrong.

    `replaced` is what was said before of the pairs that changed, `taken_back` what counts no more. `unread` are
    records that the last read did not have, with the nearest that it had, if one is near.
    """

    new: list[PairDecision] = field(default_factory=list)
    changed: list[PairDecision] = field(default_factory=list)
    there: list[tuple[PairDecision, PairDecision]] = field(default_factory=list)
    replaced: list[PairDecision] = field(default_factory=list)
    taken_back: list[PairDecision] = field(default_factory=list)
    unread: list[tuple[Given, Ref, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def already(self) -> int:
        """How many pairs were decided so before."""
        return len(self.there)

    @property
    def total(self) -> int:
        """How many decisions stand as they were given."""
        return len(self.new) + len(self.changed) + self.already


def keep(
    workspace: Workspace,
    given: Sequence[Given],
    *,
    replacing: bool = False,
    writing: bool = True,
) -> Kept:
    """Adds decisions to the file. Those that contradict others, given or there, are left out and told.

    `replacing` takes back what was there and contradicts. ConfigInvalid if the file cannot be read to its end:
    nothing of it is to be lost. Two who decide at once wait for each other. Without `writing` it is only told what
    would become of them.
    """
    with _alone(workspace):
        known = _known(workspace)
        left, gone = _without_contradicted(known, given) if replacing else (known, [])
        good, problems = _fitting(left, given)
        kept = _sorted_out(left, good)
        kept.problems += problems
        kept.taken_back += gone
        if writing and (kept.new or kept.changed or gone):
            write_decisions(workspace.root / FILE, _with(left, [*kept.new, *kept.changed]))
    return kept


def take_back(workspace: Workspace, entity: str, pairs: Iterable[Pair]) -> Kept:
    """Removes what was said of pairs, so that they are asked about again; CrmsyncError if nothing was."""
    with _alone(workspace):
        known = _known(workspace)
        places = {(entity, _spelt_out(pair)) for pair in pairs}
        gone = [each for each in known if _place(each) in places]
        if not gone:
            remedy = f"{FILE} has what was decided, a line a pair."
            raise CrmsyncError("nothing was decided of these records", remedy=remedy)
        write_decisions(workspace.root / FILE, [each for each in known if each not in gone])
    return Kept(taken_back=gone)


def _alone(workspace: Workspace) -> AbstractContextManager[None]:
    return alone(workspace.state / "decisions.lock")


def _known(workspace: Workspace) -> Sequence[PairDecision]:
    file = read_decisions(workspace.root, workspace.mapping, workspace.now().date())
    if file.problems:
        raise ConfigInvalid(file.problems)
    return file.decisions


def _place(each: PairDecision) -> Place:
    return each.entity, _spelt_out(each.pair)


def _spelt_out(pair: Pair) -> Pair:
    """The pair by ids of 18 characters, where it has some of 15."""
    return frozenset(replace(ref, id=id_mark(ref.id)) for ref in pair)


def _with(known: Iterable[PairDecision], new: Sequence[PairDecision]) -> list[PairDecision]:
    """What is known, with new decisions in place of what was said of their pairs."""
    decided = {_place(each) for each in new}
    return [*(each for each in known if _place(each) not in decided), *new]


def _without_contradicted(
    known: Sequence[PairDecision], given: Sequence[Given]
) -> tuple[list[PairDecision], list[PairDecision]]:
    """What is known without what cannot be true beside the given decisions, and that."""
    new = [each.decision for each in given]
    left = list(known)
    gone: list[PairDecision] = []
    while True:
        torn = contradictions(newest(_with(left, new)))
        wrong = {each for one in torn if {*one.all} & {*new} for each in one.all} - {*new}
        if not wrong:
            return left, gone
        gone += sorted(wrong, key=lambda each: (each.one, each.other))
        left = [each for each in left if each not in wrong]


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
    said = "; ".join(f"{_both(each)}: {each.same}" for each in others)
    message = f"{_both(one)}: {one.same} contradicts {said}"
    remedy = "decide again which of them is wrong"
    if not given.file:
        remedy = (
            "change or take back (forget) the one that is wrong; --replace takes back all of them"
        )
    return given.problem("CRM133", message, remedy)


def _both(each: PairDecision) -> str:
    return " ".join(shown_id(str(ref), unmask=False) for ref in (each.one, each.other))


def _sorted_out(known: Iterable[PairDecision], good: Iterable[Given]) -> Kept:
    said: dict[Place, list[PairDecision]] = defaultdict(list)
    for each in known:
        said[_place(each)].append(each)
    kept, seen = Kept(), set()
    for decision in (each.decision for each in good):
        place = _place(decision)
        if place in seen:
            continue
        seen.add(place)
        before = said.get(place, [])
        if _is_no_news(decision, before):
            kept.there.append((before[0], decision))
            continue
        (kept.changed if before else kept.new).append(decision)
        kept.replaced += before
    return kept


def _is_no_news(decision: PairDecision, before: Sequence[PairDecision]) -> bool:
    """True if the same was said before; a new note is news."""
    if {each.same for each in before} != {decision.same}:
        return False
    return decision.note in ("", before[0].note)
