"""What became of decisions about pairs of records, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crmsync.commands.keeping_decisions import Given, Kept
from crmsync.commands.lint import as_row
from crmsync.config.decisions_file import FILE
from crmsync.core.pair_decisions import PairDecision
from crmsync.core.records import Ref
from crmsync.language import N_, translate, translate_said
from crmsync.reports.cleaning import clean
from crmsync.reports.duplicates_words import DECISIONS
from crmsync.reports.masking import shown_id
from crmsync.reports.numbers import day, number, quantity

_SHOWN = 10
_WAY_ON = N_(
    "What is one in two systems becomes a link of the next plan, to be reviewed: crmsync plan"
)


def kept_text(kept: Kept, language: str) -> str:
    """How many decisions stand, the first that are new or changed with what they replaced, and what was taken back."""
    return "\n".join([*_counted(kept, language), *_pairs(kept, language), *_back(kept, language)])


def _counted(kept: Kept, language: str) -> Iterator[str]:
    if not kept.total and kept.taken_back:
        return
    said = quantity(
        "{n} decision kept in {file}: {new} new, {changed} changed, {already} there already.",
        "{n} decisions kept in {file}: {new} new, {changed} changed, {already} there already.",
        kept.total,
        language,
    )
    numbers = {"new": len(kept.new), "changed": len(kept.changed), "already": kept.already}
    told = {name: number(each, language) for name, each in numbers.items()}
    yield said.format(file=FILE, **told)


def _pairs(kept: Kept, language: str) -> Iterator[str]:
    before = {(each.entity, each.pair): each for each in kept.replaced}
    lines = [_line(each, language) for each in kept.new]
    for each in kept.changed:
        old = before.get((each.entity, each.pair))
        lines.append(
            f"{_line(each, language)}  ({_before(old, language)})" if old else _line(each, language)
        )
    lines += [
        f"{_line(known, language)}  ({_before(known, language)})"
        for known, given in kept.there
        if known.by != given.by
    ]
    yield from _first(lines, language)


def _back(kept: Kept, language: str) -> Iterator[str]:
    """What counts no more, one a line."""
    if not kept.taken_back:
        return
    yield quantity(
        "{n} decision taken back; the pair is asked about again:",
        "{n} decisions taken back; the pairs are asked about again:",
        len(kept.taken_back),
        language,
    )
    lines = [f"{_line(each, language)}  ({_whose(each, language)})" for each in kept.taken_back]
    yield from _first(lines, language)


def _first(lines: list[str], language: str) -> Iterator[str]:
    yield from lines[:_SHOWN]
    left = len(lines) - _SHOWN
    if left > 0:
        yield "  " + quantity("… {n} more", "… {n} more", left, language)


def _line(each: PairDecision, language: str) -> str:
    both = "  ".join(shown_id(str(ref), unmask=False, most=80) for ref in (each.one, each.other))
    return f"  {translate(DECISIONS[each.same], language):<6}  {both}"


def _before(each: PairDecision, language: str) -> str:
    """What was said before, by whom and when."""
    said = translate("before: {word}, {whose}", language)
    word = translate(DECISIONS[each.same], language)
    return said.format(word=word, whose=_whose(each, language))


def _whose(each: PairDecision, language: str) -> str:
    return f"{clean(each.by, 60)}, {day(each.on, language)}"


def unread_lines(kept: Kept, language: str) -> list[str]:
    """Records that the last read did not have: nothing comes of what was decided of them until one has."""
    return [_unread(*each, language) for each in kept.unread[:_SHOWN]] + (
        [quantity("… {n} more", "… {n} more", len(kept.unread) - _SHOWN, language)]
        if len(kept.unread) > _SHOWN
        else []
    )


def _unread(given: Given, ref: Ref, near: str, language: str) -> str:
    said = translate(
        "{record} was not in the last read: nothing comes of this until it is (crmsync pull).",
        language,
    )
    told = said.replace("{record}", shown_id(str(ref), unmask=False, most=80))
    if near:
        guess = translate("Did you mean {near}?", language)
        told = f"{told} {guess.replace('{near}', near)}"
    return f"{given.file}:{given.line}: {told}" if given.file else told


def problem_lines(kept: Kept, language: str) -> list[str]:
    """Every row or pair that was not kept: where, what is wrong, and what helps."""
    found = []
    for each in kept.problems:
        told = translate_said(each.message, language), translate_said(each.remedy, language)
        problem = replace(each, message=told[0], remedy=told[1])
        found.append(str(problem) if problem.file else f"{problem.code} {told[0]} ({told[1]})")
    return found


def way_on_text(kept: Kept, language: str) -> str:
    """What comes next, where records of two systems were decided to be one; blank if none were."""
    links = any(
        each.same == "yes" and each.one.system != each.other.system
        for each in (*kept.new, *kept.changed)
    )
    return translate(_WAY_ON, language) if links else ""


def kept_json(kept: Kept) -> dict[str, Any]:
    """The same for programs."""
    return {
        "new": [_row(each) for each in kept.new],
        "changed": [_row(each) for each in kept.changed],
        "already": kept.already,
        "replaced": [_row(each) for each in kept.replaced],
        "taken_back": [_row(each) for each in kept.taken_back],
        "not_read": [str(ref) for _, ref, _ in kept.unread],
        "problems": [as_row(each) for each in kept.problems],
    }


def _row(each: PairDecision) -> dict[str, str]:
    return {
        "entity": each.entity,
        "one": str(each.one),
        "other": str(each.other),
        "same": each.same,
        "by": each.by,
        "on": each.on.isoformat(),
        "note": each.note,
    }
