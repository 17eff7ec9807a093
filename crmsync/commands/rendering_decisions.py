"""What became of decisions about pairs of records, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crmsync.commands.keeping_decisions import Kept
from crmsync.commands.lint import as_row
from crmsync.config.decisions_file import FILE
from crmsync.core.pair_decisions import PairDecision
from crmsync.language import N_, translate, translate_said
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number, quantity

_SHOWN = 10
_WAY_ON = N_(
    "What is one in two systems becomes a link of the next plan, to be reviewed: crmsync plan"
)


def kept_text(kept: Kept, language: str) -> str:
    """How many decisions stand, and the first that are new or changed."""
    said = quantity(
        "{n} decision kept in {file}: {new} new, {changed} changed, {already} there already.",
        "{n} decisions kept in {file}: {new} new, {changed} changed, {already} there already.",
        kept.total,
        language,
    )
    numbers = {"new": len(kept.new), "changed": len(kept.changed), "already": kept.already}
    told = {name: number(each, language) for name, each in numbers.items()}
    return "\n".join([said.format(file=FILE, **told), *_pairs(kept, language)])


def _pairs(kept: Kept, language: str) -> Iterator[str]:
    fresh = [*kept.new, *kept.changed]
    for each in fresh[:_SHOWN]:
        yield f"  {each.same:<6}  {clean(str(each.one), 80)}  {clean(str(each.other), 80)}"
    left = len(fresh) - _SHOWN
    if left > 0:
        yield "  " + quantity("… {n} more", "… {n} more", left, language)


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
    said = (
        "What is one in two systems becomes a link of the next plan, to be reviewed: crmsync plan"
    )
    return translate(said, language) if links else ""


def kept_json(kept: Kept) -> dict[str, Any]:
    """The same for programs."""
    return {
        "new": [_row(each) for each in kept.new],
        "changed": [_row(each) for each in kept.changed],
        "already": kept.already,
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
