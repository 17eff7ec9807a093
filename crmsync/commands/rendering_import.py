"""What became of a list of decisions, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crmsync.commands.importing_decisions import Imported
from crmsync.commands.lint import as_row
from crmsync.config.answers_file import ANSWERS
from crmsync.config.decisions_file import FILE as DUPLICATES
from crmsync.config.waivers import FILE as WAIVERS
from crmsync.core.open_decisions import DECISION_KINDS
from crmsync.language import N_, translate, translate_said
from crmsync.reports.decision_lists import SHEETS
from crmsync.reports.numbers import number, quantity

_MOST = 50
_DRY = N_("This was a dry run: nothing was kept.")
_KEPT = N_("Kept in {files}, to be reviewed like any file of the workspace.")
_FILES = {
    "duplicates": DUPLICATES,
    "roles": ANSWERS,
    "conflicts": ANSWERS,
    "links": f"{DUPLICATES}, {ANSWERS}",
    "waivers": WAIVERS,
}


def imported_text(done: Imported, language: str) -> str:
    """How many decisions stand, by kind, what keeps nothing, and where the rest is kept."""
    return "\n".join(_lines(done, language))


def _lines(done: Imported, language: str) -> Iterator[str]:
    numbers = (sum(each.values()) for each in (done.new, done.changed, done.already))
    new, changed, already = (number(each, language) for each in numbers)
    said = quantity(
        "{n} decision fits: {new} new, {changed} changed, {already} there already.",
        "{n} decisions fit: {new} new, {changed} changed, {already} there already.",
        done.total - done.still_open,
        language,
    )
    yield said.format(new=new, changed=changed, already=already)
    for kind in DECISION_KINDS:
        if n := done.new[kind] + done.changed[kind]:
            yield f"  {translate(SHEETS[kind], language)}: {number(n, language)}"
    yield from _rest(done, language)
    files = dict.fromkeys(
        file for kind in (*done.new, *done.changed) for file in _FILES[kind].split(", ")
    )
    if done.dry:
        yield translate(_DRY, language)
    elif files:
        yield translate(_KEPT, language).format(files=", ".join(sorted(files)))


def _rest(done: Imported, language: str) -> Iterator[str]:
    if done.still_open:
        yield quantity(
            "{n} finding stays open.", "{n} findings stay open.", done.still_open, language
        )
    if done.blank:
        yield quantity(
            "{n} row without a decision was left alone.",
            "{n} rows without a decision were left alone.",
            done.blank,
            language,
        )


def refusals(done: Imported, language: str) -> list[str]:
    """Every row that was refused: where, what is wrong, what helps; and how many there are."""
    lines = [_refusal(each, language) for each in done.problems[:_MOST]]
    left = len(done.problems) - _MOST
    lines += [quantity("… {n} more", "… {n} more", left, language)] if left > 0 else []
    if done.problems:
        lines.append(
            quantity(
                "{n} cell was refused; the other rows do not suffer from it.",
                "{n} cells were refused; the other rows do not suffer from it.",
                len(done.problems),
                language,
            )
        )
    return lines


def _refusal(each: Any, language: str) -> str:
    said, remedy = translate_said(each.message, language), translate_said(each.remedy, language)
    return str(replace(each, message=said, remedy=remedy))


def imported_json(done: Imported) -> dict[str, Any]:
    """The same for programs."""
    return {
        "format_version": "1.0",
        "dry_run": done.dry,
        "new": dict(done.new),
        "changed": dict(done.changed),
        "already": dict(done.already),
        "still_open": done.still_open,
        "blank": done.blank,
        "problems": [as_row(each) for each in done.problems],
    }
