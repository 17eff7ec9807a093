"""What could not be read to its end, in words: from what is not there nothing was inferred."""

from __future__ import annotations

from crmsync.language import N_, translate, translate_said
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import ReportFacts

_TIES = "_associations."


def unread_lines(facts: ReportFacts, language: str) -> list[str]:
    """A line for each object, list or kind of ties that was not read to its end, and why."""
    said = translate(N_("Not read to its end: {system} {what}. {why}"), language)
    return [
        said.format(
            system=words.system_name(system),
            what=clean(object_.removeprefix(_TIES).strip("_").replace(".", " → "), 80),
            why=clean(translate_said(problem), 300),
        )
        for system, object_, problem in facts.unread
    ]
