"""Which panels a report has, and in which category each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crmsync.reports.facts import ReportFacts
from crmsync.reports.figures_tables import sentences_of, tables_of, title_of
from crmsync.reports.panels import Grid, Panel, plain
from crmsync.reports.panels_fields import agreement, completeness
from crmsync.reports.panels_records import ages, duplicates, gaps, owners
from crmsync.reports.panels_stages import moves, stages

PANELS: Mapping[str, Sequence[Callable[[ReportFacts, str], list[Panel]]]] = {
    "duplicates": (duplicates,),
    "roles": (gaps,),
    "lifecycle": (stages, moves),
    "consistency": (agreement,),
    "completeness": (completeness,),
    "ownership": (owners,),
    "freshness": (ages,),
}


def panels_of(facts: ReportFacts, category: str, language: str) -> tuple[Panel, ...]:
    """The panels of one category, in their order."""
    return tuple(each for make in PANELS.get(category, ()) for each in make(facts, language))


def speed_panel(facts: ReportFacts, language: str) -> Panel | None:
    """How soon leads are answered; None of a report that looked at no period."""
    figures = facts.figures
    if not figures.days:
        return None
    grids = tuple(
        Grid(each.title, each.heads, tuple((row[0], plain(row[1:])) for row in each.rows))
        for each in tables_of(figures, language)
    )
    sentences = tuple(sentences_of(figures, language))
    said, notes = ("", sentences) if grids else (" ".join(sentences), ())
    return Panel(title_of(figures, language), said, grids, notes)
